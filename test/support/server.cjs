// Runs a server as the child of a Node.js program, which `startProgram` can end.
const { spawn } = require('node:child_process');

const [owner, command, ...args] = process.argv.slice(2);
const server = spawn(command, args, {
	...JSON.parse(owner),
	stdio: ['ignore', 'inherit', 'inherit'],
});
// At SIGTERM, PostgreSQL would wait for its clients.
process.on('SIGTERM', () => server.kill('SIGINT'));
server.once('error', ({ message }) => {
	console.error(message);
	process.exit(1);
});
server.once('exit', (code) => process.exit(code ?? 1));
