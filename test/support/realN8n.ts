import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { startN8n, type N8n } from '../../localN8n/n8n';
import { N8nApi, type Owner } from '../../localN8n/n8nApi';
import { installCommunityPackage, packNode } from '../../localN8n/package';
import { freePort } from '../../localN8n/process/ports';
import { progressOn } from '../../localN8n/progress';
import { installRuntime, RUNTIME_FOLDER } from '../../localN8n/runtime';
import { record } from './recordings';

/** The first run fetches n8n itself. */
const INSTALL_TIMEOUT_MS = 15 * 60_000;

/** A real n8n with the node in it, as npm would publish it. */
export interface RealN8n {
	/** Of its editor, REST API and webhooks, without a slash at the end. */
	readonly url: string;
	readonly owner: Owner;
	readonly api: N8nApi;
	/** Folder of its own, for the tests too; gone when they end. */
	readonly folder: string;
	/** Path of what npm would publish. */
	readonly tarball: string;
	/**
	 * Starts a worker in queue mode, with a folder of its own, as on another machine.
	 *
	 * @param concurrency how many executions it takes at once
	 */
	startWorker(concurrency: number): Promise<N8n>;
}

/** What n8n needs beside itself. */
export interface Surroundings {
	/** Returns the settings of n8n's with which it finds them, by their environment variables. */
	start(): Promise<Readonly<Record<string, string>>>;
	/** Ends what was started, be it only a part. */
	stop(): Promise<void>;
}

const none: Surroundings = { start: async () => ({}), stop: async () => {} };

/**
 * A new n8n for the tests of one file. When they end, everything it kept and logged is recorded
 * for the audit, and it is gone without a trace.
 */
export function n8nForSuite(surroundings = none): RealN8n {
	const folder = join(RUNTIME_FOLDER, `e2e-${process.pid}`);
	const programs: N8n[] = [];
	let n8n: RealN8n | undefined;

	beforeAll(async () => {
		await rm(folder, { recursive: true, force: true });
		const runtime = await installRuntime(progressOn(process.stderr));
		const tarball = await packNode();
		const settings = await surroundings.start();

		async function start(userFolder: string, command?: string[]): Promise<N8n> {
			await installCommunityPackage(runtime, tarball, userFolder);
			const program = await startN8n(runtime, {
				command,
				userFolder,
				port: await freePort(0),
				// All that it can tell, so that searching its log for secrets means something.
				env: { N8N_LOG_LEVEL: 'debug', ...settings },
			});
			programs.push(program);
			return program;
		}

		const { url } = await start(folder);
		const startWorker = async (concurrency: number) =>
			await start(await mkdtemp(join(folder, 'worker-')), [
				'worker',
				`--concurrency=${concurrency}`,
			]);
		n8n = { url, owner, folder, tarball, startWorker, api: await N8nApi.signIn(url, owner) };
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

const owner: Owner = {
	email: 'tester@example.com',
	password: 'Roaming-2030',
	firstName: 'Test',
	lastName: 'Owner',
};

async function recordExecutions(api: N8nApi): Promise<void> {
	for (const { id } of await api.executions()) {
		const run = await api.stored(id);
		record({ kind: 'execution', outputs: run.resultData.runData, run, logged: [] });
	}
}

async function linesOf(file: string): Promise<string[]> {
	return (await readFile(file, 'utf8')).split('\n');
}
