// Preloaded into all programs: however their parent ends, kill -9 included, the channel to it closes,
// and this program ends with all that it started itself.
process.once('disconnect', () => {
	try {
		process.kill(-process.pid, 'SIGKILL'); // the process group, which this program leads
	} catch {
		process.exit(1); // Windows knows no process groups
	}
});
// The channel alone does not keep the program alive.
process.channel?.unref();
