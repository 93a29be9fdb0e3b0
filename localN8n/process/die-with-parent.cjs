// Preloaded into the programs that the demo starts: however their parent ends, kill -9 included,
// the channel to it closes, and the program goes down with everything that it started itself.
process.once('disconnect', () => {
	try {
		process.kill(-process.pid, 'SIGKILL'); // the whole process group, which it leads
	} catch {
		process.exit(1); // Windows knows no process groups
	}
});
// The channel alone is no reason to stay alive.
process.channel?.unref();
