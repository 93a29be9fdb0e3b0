import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';

/** A running Node.js program, which ends, at the latest, with this process, however that ends. */
export interface Program {
	/** Undefined if the program could not be started. */
	readonly processId: number | undefined;
	/** The exit code, or the name of the signal; never rejects. */
	readonly ended: Promise<number | string>;
	/** The last `count` lines of stdout and stderr, of which 200 are kept. */
	lastLines(count: number): string;
	/** Asks it to end, and kills it and all that it started after `graceMs`. */
	stop(graceMs?: number): Promise<void>;
	/** Kills it and all that it started. */
	kill(): Promise<void>;
}

interface ProgramOptions {
	readonly cwd: string;
	readonly env: NodeJS.ProcessEnv;
	/** File for all output; replaced if it exists. */
	readonly logFile?: string;
}

const KEPT_LINES = 200;

const running = new Set<Program>();

/**
 * Starts `node` with `args` as the leader of a new process group, so that Ctrl-C in the terminal
 * reaches this process alone, which then stops its programs in order.
 *
 * @param node path of the Node.js binary
 */
export function startProgram(node: string, args: string[], options: ProgramOptions): Program {
	const { cwd, env, logFile } = options;
	const child = spawn(node, ['--require', join(__dirname, 'die-with-parent.cjs'), ...args], {
		cwd,
		env,
		detached: process.platform !== 'win32',
		windowsHide: true,
		stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
	});

	const log = logFile === undefined ? undefined : createWriteStream(logFile);
	let kept = '';
	for (const stream of [child.stdout, child.stderr]) {
		stream?.setEncoding('utf8').on('data', (text: string) => {
			log?.write(text);
			kept = (kept + text).split('\n').slice(-KEPT_LINES).join('\n');
		});
	}

	const killAll = () => {
		if (child.pid === undefined) return;
		try {
			process.kill(process.platform === 'win32' ? child.pid : -child.pid, 'SIGKILL');
		} catch {
			// All of them have ended.
		}
	};

	const ended = new Promise<number | string>((resolve) => {
		child.once('error', (error) => {
			kept += error.message;
			resolve('a failed start');
		});
		child.once('exit', killAll);
		child.once('close', (code, signal) => resolve(code ?? signal ?? 'an unknown cause'));
	}).finally(() => {
		running.delete(program);
		log?.end();
	});

	const program: Program = {
		processId: child.pid,
		ended,
		lastLines: (count) => kept.trimEnd().split('\n').slice(-count).join('\n'),
		async stop(graceMs = 8_000) {
			child.kill('SIGTERM');
			const timer = setTimeout(killAll, graceMs);
			await ended;
			clearTimeout(timer);
		},
		async kill() {
			killAll();
			await ended;
		},
	};
	running.add(program);
	return program;
}

/** Stops every program still running. */
export async function stopPrograms(): Promise<void> {
	await Promise.all([...running].map((program) => program.stop()));
}

export function isAlive(processId: number): boolean {
	try {
		process.kill(processId, 0);
		return true;
	} catch (error) {
		return (error as NodeJS.ErrnoException).code === 'EPERM'; // another user's process
	}
}
