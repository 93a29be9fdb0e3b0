// Starts a sandbox as the demo does, says which process it is, and waits to be killed.
const { fork } = require('node:child_process');

const [main, cwd] = JSON.parse(process.argv[2]);
const child = fork(main, ['--port', '0'], { cwd, execArgv: ['--import', 'tsx'], silent: true });
child.once('message', () => process.send({ pid: child.pid }));
