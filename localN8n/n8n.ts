import axios from 'axios';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from './process/ports';
import { startProgram, type Program } from './process/program';
import { N8N_VERSION, type Runtime } from './runtime';

export interface N8nOptions {
	/** n8n's command and its flags: `['start']` unless given. */
	readonly command?: readonly string[];
	/** `N8N_USER_FOLDER`: n8n keeps its database, key and community packages in `.n8n` there. */
	readonly userFolder: string;
	/** Port of the editor, the REST API and webhooks on the loopback, or of a worker's health check. */
	readonly port: number;
	/** Whether it refuses requests under any name but the loopback's (DNS rebinding). */
	readonly onlyLoopbackHosts?: boolean;
	/** Further environment variables of n8n. */
	readonly env?: Readonly<Record<string, string>>;
}

/** A running n8n. */
export interface N8n {
	/** Address of its editor, REST API and webhooks, without a slash at the end. */
	readonly url: string;
	readonly logFile: string;
	readonly program: Program;
	stop(): Promise<void>;
}

/** On two cores, n8n starts in 20 s the first time and in 10 s later; a slow disk takes longer. */
const START_TIMEOUT_MS = 180_000;

const LOOPBACK_HOSTS = join(__dirname, 'process', 'loopback-hosts.cjs');

/**
 * Starts n8n on the loopback and returns when it answers. It sends nothing to the internet, and does
 * not see the settings of an n8n that the user has (database, key, folder).
 *
 * @throws {Error} why it did not start, with its last lines and the path of its log
 */
export async function startN8n(runtime: Runtime, options: N8nOptions): Promise<N8n> {
	const { userFolder, port, command = ['start'], onlyLoopbackHosts } = options;
	const url = `http://127.0.0.1:${port}`;
	const logFile = join(userFolder, 'n8n.log');
	await mkdir(userFolder, { recursive: true });
	// Another n8n on the port would be taken for this one.
	if ((await freePort(port)) !== port)
		throw new Error(`Port ${port} is in use: n8n needs another.`);

	const guard = onlyLoopbackHosts ? ['--require', LOOPBACK_HOSTS] : [];
	const program = startProgram(runtime.node, [...guard, runtime.n8n, ...command], {
		cwd: userFolder,
		env: {
			...environmentFor(runtime, userFolder),
			N8N_PORT: String(port),
			QUEUE_HEALTH_CHECK_PORT: String(port),
			N8N_RUNNERS_BROKER_PORT: String(await freePort(0)),
			...options.env,
		},
		logFile,
	});

	const failure = (what: string) =>
		new Error(
			`n8n ${what}. Its last lines:\n\n${program.lastLines(15)}\n\nIts whole log: ${logFile}`,
		);
	let ended: number | string | undefined;
	void program.ended.then((how) => (ended = how));

	const deadline = Date.now() + START_TIMEOUT_MS;
	// n8n 1 says that it is ready before it has its REST API.
	const paths = ['/healthz/readiness', ...(command[0] === 'start' ? ['/rest/settings'] : [])];
	while (!(await answers(url, paths))) {
		if (ended !== undefined) throw failure(`ended with ${ended} instead of starting`);
		if (Date.now() > deadline) {
			await program.stop();
			throw failure(`did not start within ${START_TIMEOUT_MS / 1000} s`);
		}
		await sleep(200);
	}
	return { url, logFile, program, stop: () => program.stop() };
}

async function answers(url: string, paths: readonly string[]): Promise<boolean> {
	const responses = await Promise.all(
		paths.map((path) =>
			axios
				.get(url + path, { timeout: 5_000, proxy: false, validateStatus: () => true })
				.catch(() => undefined),
		),
	);
	return responses.every((response) => response?.status === 200);
}

/**
 * Runs a command of n8n to its end.
 *
 * @throws {Error} its last lines if it fails
 */
export async function runN8n(
	runtime: Runtime,
	userFolder: string,
	command: readonly string[],
): Promise<void> {
	const program = startProgram(runtime.node, [runtime.n8n, ...command], {
		cwd: userFolder,
		env: environmentFor(runtime, userFolder),
	});
	const how = await program.ended;
	if (how === 0) return;
	throw new Error(
		`"n8n ${command.join(' ')}" ended with ${how}. Its last lines:\n\n${program.lastLines(15)}`,
	);
}

const environmentFor = ({ version }: Runtime, userFolder: string) => ({
	...environmentOfThisMachine(),
	...quietOnTheLoopback,
	// n8n 1 does not start if it does not know a module that is to be disabled.
	...(version === N8N_VERSION && { N8N_DISABLED_MODULES: 'mcp-registry' }),
	N8N_USER_FOLDER: userFolder,
});

/** The variables that every program needs. Proxies are not among them: all calls stay on the loopback. */
function environmentOfThisMachine(): NodeJS.ProcessEnv {
	const needed =
		/^(PATH|HOME|TMPDIR|TEMP|TMP|LANG|LC_.*|TZ|USER|SYSTEMROOT|USERPROFILE|APPDATA|LOCALAPPDATA)$/i;
	return Object.fromEntries(Object.entries(process.env).filter(([name]) => needed.test(name)));
}

const quietOnTheLoopback = {
	N8N_HOST: '127.0.0.1',
	N8N_LISTEN_ADDRESS: '127.0.0.1',
	N8N_WORKER_SERVER_ADDRESS: '127.0.0.1',
	QUEUE_HEALTH_CHECK_ACTIVE: 'true', // tells when a worker is ready
	N8N_SECURE_COOKIE: 'false', // plain HTTP
	N8N_DIAGNOSTICS_ENABLED: 'false',
	N8N_VERSION_NOTIFICATIONS_ENABLED: 'false',
	N8N_TEMPLATES_ENABLED: 'false',
	N8N_PERSONALIZATION_ENABLED: 'false',
	N8N_HIRING_BANNER_ENABLED: 'false',
	N8N_DYNAMIC_BANNERS_ENABLED: 'false',
	N8N_LICENSE_AUTO_RENEW_ENABLED: 'false',
	N8N_VERIFIED_PACKAGES_ENABLED: 'false',
};
