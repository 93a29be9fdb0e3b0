import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { startN8n, type N8n } from '../../localN8n/n8n';
import { N8nApi, type Owner } from '../../localN8n/n8nApi';
import { newPassword } from '../../localN8n/owner';
import { installCommunityPackage, packNode } from '../../localN8n/package';
import { freePort } from '../../localN8n/process/ports';
import { progressOn } from '../../localN8n/progress';
import { installRuntime, N8N_VERSION, RUNTIME_FOLDER } from '../../localN8n/runtime';
import { record } from './recordings';

/** The first run fetches n8n itself. */
const INSTALL_TIMEOUT_MS = 15 * 60_000;

/** A real n8n with the node in it, as npm would publish it. */
export interface RealN8n {
	/** Address of its editor, REST API and webhooks, without a slash at the end. */
	readonly url: string;
	readonly owner: Owner;
	readonly api: N8nApi;
	/** Folder of n8n and of the tests; deleted when they end. */
	readonly folder: string;
	/** Path of the tarball that npm would publish. */
	readonly tarball: string;
	/**
	 * Starts a worker of queue mode with its own folder, as on another machine.
	 *
	 * @param concurrency number of executions at the same time
	 */
	startWorker(concurrency: number): Promise<N8n>;
	/** Starts a process that receives webhooks in queue mode, at this port, with its own folder. */
	startWebhookProcess(port: number): Promise<N8n>;
	/**
	 * Kills n8n, if it still runs, and starts it again with the same folder and port.
	 *
	 * @param env further environment variables, from now on
	 */
	restart(env?: Readonly<Record<string, string>>): Promise<void>;
	/** Kills n8n. */
	kill(): Promise<void>;
	/** Of the process that runs the executions. */
	processId(): number;
	/** What it has logged since it was started. */
	log(): Promise<string>;
}

/** Servers that n8n needs. */
export interface Surroundings {
	/** Returns n8n's environment variables for them. */
	start(): Promise<Readonly<Record<string, string>>>;
	/** Stops all of them, even if only some were started. */
	stop(): Promise<void>;
}

const NONE: Surroundings = { start: async () => ({}), stop: async () => {} };

/**
 * A new n8n for the tests of one file, or of one version among them. When they end, its executions and logs are recorded for the
 * audit, and its folder is deleted.
 * @param name tells it from others of its version in the same file
 */
export function n8nForSuite(
	surroundings = NONE,
	version = N8N_VERSION,
	name: string = version,
): RealN8n {
	const folder = join(RUNTIME_FOLDER, `e2e-${process.pid}-${name}`);
	const programs: N8n[] = [];
	let n8n: RealN8n | undefined;

	beforeAll(async () => {
		await rm(folder, { recursive: true, force: true });
		const runtime = await installRuntime(progressOn(process.stderr), RUNTIME_FOLDER, version);
		const tarball = await packNode();
		const settings = await surroundings.start();

		async function start(
			userFolder: string,
			command?: string[],
			{ port, env }: { port?: number; env?: Readonly<Record<string, string>> } = {},
		): Promise<N8n> {
			await installCommunityPackage(runtime, tarball, userFolder);
			const program = await startN8n(runtime, {
				command,
				userFolder,
				port: port ?? (await freePort(0)),
				// The audit searches the log for secrets, so it has to hold as much as possible.
				env: { N8N_LOG_LEVEL: 'debug', ...settings, ...env },
			});
			programs.push(program);
			return program;
		}

		const startWebhookProcess = async (port: number) =>
			await start(await mkdtemp(join(folder, 'webhook-')), ['webhook'], { port });

		let main = await start(folder);
		const { url } = main;
		let changed: Readonly<Record<string, string>> = {};
		const kill = async () => {
			record({ kind: 'log', lines: await linesOf(main.logFile) });
			await main.program.kill();
		};
		const restart = async (env = {}) => {
			await kill();
			changed = { ...changed, ...env };
			main = await start(folder, undefined, { port: Number(new URL(url).port), env: changed });
		};
		const log = async () => await readFile(main.logFile, 'utf8');
		const startWorker = async (concurrency: number) =>
			await start(await mkdtemp(join(folder, 'worker-')), [
				'worker',
				`--concurrency=${concurrency}`,
			]);
		const api = await N8nApi.signIn(url, OWNER);
		const processId = () => main.program.processId!;
		const processes = { startWorker, startWebhookProcess, restart, kill, processId, log };
		n8n = { url, owner: OWNER, folder, tarball, api, ...processes };
	}, INSTALL_TIMEOUT_MS);

	afterAll(async () => {
		try {
			if (n8n) await recordExecutions(n8n.api);
		} finally {
			await Promise.all(programs.map((program) => program.stop()));
			await surroundings.stop();
		}
		for (const { logFile } of programs) record({ kind: 'log', lines: await linesOf(logFile) });
		await rm(folder, { recursive: true, force: true });
	});

	return new Proxy({} as RealN8n, {
		get: (_, property) => n8n?.[property as keyof RealN8n],
	});
}

const OWNER: Owner = {
	email: 'tester@example.com',
	password: newPassword(),
	firstName: 'Test',
	lastName: 'Owner',
};

async function recordExecutions(api: N8nApi): Promise<void> {
	for (const { id } of await api.executions()) {
		const run = await api.stored(id);
		if (run) record({ kind: 'execution', outputs: run.resultData.runData, run, logged: [] });
	}
}

async function linesOf(file: string): Promise<string[]> {
	return (await readFile(file, 'utf8')).split('\n');
}
