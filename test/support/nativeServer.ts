import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startProgram, type Program } from '../../localN8n/process/program';

export const START_TIMEOUT_MS = 60_000;

/** The user that a program runs as; empty for the one that started it. */
export type Owner = { uid: number; gid: number } | Record<string, never>;

interface NativeServer {
	readonly command: string;
	readonly args: readonly string[];
	readonly cwd: string;
	readonly owner?: Owner;
	/** Matches the line that it prints once it accepts connections. */
	readonly ready: RegExp;
}

/** Starts a server that is not written in JavaScript, and waits until it accepts connections. */
export async function startNativeServer(server: NativeServer): Promise<Program> {
	const { command, args, cwd, owner = {}, ready } = server;
	const runner = [join(__dirname, 'server.cjs'), JSON.stringify(owner)];
	const env = { PATH: process.env['PATH'] };
	const program = startProgram(process.execPath, [...runner, command, ...args], { cwd, env });
	let ended = false;
	void program.ended.then(() => (ended = true));
	const deadline = Date.now() + START_TIMEOUT_MS;
	while (!ready.test(program.lastLines(Infinity))) {
		if (ended || Date.now() > deadline) {
			await program.stop();
			throw new Error(`${command} did not start:\n${program.lastLines(15)}`);
		}
		await sleep(50);
	}
	return program;
}

/** Skips the suite aloud if a server that it needs is missing, or with CI set, lets it fail. */
export function describeWithServers(
	name: string,
	{ present, missing }: { present: boolean; missing: string },
	suite: () => void,
): void {
	if (present || process.env['CI']) return describe(name, suite);
	console.warn(`Skipped: ${name}. ${missing}`);
	describe.skip(name, suite);
}
