// Starts a sandbox as a program, reports its process id, and waits to be killed.
const { fork } = require('node:child_process');

const [main, cwd] = JSON.parse(process.argv[2]);
const child = fork(main, ['--port', '0'], { cwd, execArgv: ['--import', 'tsx'], silent: true });
child.once('message', () => process.send({ pid: child.pid }));
