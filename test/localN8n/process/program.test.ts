import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { isAlive, type Program, startProgram } from '../../../localN8n/process/program';

const options = { cwd: __dirname, env: process.env };
const running = (script: string) => startProgram(process.execPath, ['--eval', script], options);

/** Resolves once the program has written something; it takes long to start on a busy machine. */
async function ready(program: Program) {
	while (program.lastLines(1) === '') await sleep(20);
}

describe('a program', () => {
	test('tells how it ended and what it wrote last', async () => {
		const program = running('console.log("one\\ntwo"); process.exitCode = 3');
		expect(await program.ended).toBe(3);
		expect(program.lastLines(1)).toBe('two');
	});

	test('is no exception but a failed start if the binary is missing', async () => {
		const program = startProgram('/nowhere/node', [], options);
		expect(await program.ended).toBe('a failed start');
		expect(program.lastLines(1)).toContain('ENOENT');
	});

	test('is stopped even when it ignores the request', async () => {
		const program = running(
			'process.on("SIGTERM", () => {}); setInterval(() => {}, 1000); console.log("ready")',
		);
		await ready(program);
		await program.stop(100);
		expect(await program.ended).toBe('SIGKILL');
	});

	test('is killed without being asked', async () => {
		const program = running(
			'process.on("SIGTERM", () => console.log("asked")); setInterval(() => {}, 1000); console.log("ready")',
		);
		await ready(program);
		await program.kill();
		expect(await program.ended).toBe('SIGKILL');
		expect(program.lastLines(1)).toBe('ready');
	});

	test('goes down with what it started when its parent is killed', async () => {
		const grandchild = 'setInterval(() => {}, 1000)';
		const child = `
			const { pid } = require('node:child_process').spawn(process.execPath, ['--eval', ${JSON.stringify(grandchild)}]);
			require('node:fs').writeSync(1, process.pid + ' ' + pid + '\\n');`;
		const parent = spawn(
			process.execPath,
			[
				'--import',
				'tsx',
				'--eval',
				`const { startProgram } = require(${JSON.stringify(join(__dirname, '../../../localN8n/process/program.ts'))});
				const program = startProgram(process.execPath, ['--eval', ${JSON.stringify(child)}], { cwd: '.', env: process.env });
				setInterval(() => console.log(program.lastLines(1)), 100);`,
			],
			{ stdio: ['ignore', 'pipe', 'inherit'] },
		);
		let pids: number[] = [];
		for await (const line of createInterface({ input: parent.stdout })) {
			pids = line.split(' ').map(Number);
			if (pids.length === 2) break;
		}
		expect(pids.map(isAlive)).toEqual([true, true]);

		parent.kill('SIGKILL');
		await once(parent, 'exit');
		for (let tries = 0; tries < 50 && pids.some(isAlive); tries++) await sleep(100);
		expect(pids.map(isAlive)).toEqual([false, false]);
	});
});
