import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chownSync, existsSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../../localN8n/process/ports';
import { startProgram, type Program } from '../../localN8n/process/program';
import { installDebianPackages, mayInstallPackages } from './debianPackages';
import type { Surroundings } from './realN8n';

const START_TIMEOUT_MS = 60_000;

const REDIS = '/usr/bin/redis-server';
const POSTGRES = '/usr/lib/postgresql';

const present = () => existsSync(REDIS) && postgresPrograms() !== undefined;

/** Folder of the newest PostgreSQL's programs: Debian keeps them out of the PATH. */
function postgresPrograms(): string | undefined {
	const versions = existsSync(POSTGRES) ? readdirSync(POSTGRES) : [];
	return versions
		.sort((a, b) => Number(b) - Number(a))
		.map((version) => join(POSTGRES, version, 'bin'))
		.find((folder) => existsSync(join(folder, 'postgres'))); // not the client's alone
}

const PACKAGES = ['postgresql', 'redis-server'];

/** For a suite that needs the servers: left out, aloud, where it cannot have them; never in CI. */
export function describeWithQueueServers(name: string, suite: () => void): void {
	if (present() || mayInstallPackages || process.env['CI']) return describe(name, suite);
	console.warn(`Left out: "${name}". Install what it needs: apt install ${PACKAGES.join(' ')}`);
	describe.skip(name, suite);
}

/** After how many ms n8n takes a dead worker's job for lost: by itself after 60 s, looking each 30 s. */
const lostSooner = {
	QUEUE_WORKER_LOCK_DURATION: '10000',
	QUEUE_WORKER_LOCK_RENEW_TIME: '2000',
	QUEUE_WORKER_STALLED_INTERVAL: '5000',
};

/**
 * A new Redis and a new PostgreSQL, on the loopback, for an n8n in queue mode; gone without a trace
 * when they are stopped.
 */
export function queueServers(): Surroundings {
	const programs: Program[] = [];
	let folder = '';

	return {
		async start() {
			if (!present()) installDebianPackages(...PACKAGES);
			folder = mkdtempSync(join(tmpdir(), 'queue-'));
			// On the loopback they are within reach of everybody who works on this machine.
			const password = randomBytes(16).toString('hex');
			const redis = { port: await freePort(0), password, folder };
			programs.push(await startRedis(redis));
			const postgres = { port: await freePort(0), password, folder };
			programs.push(await startPostgres(postgres));
			return {
				EXECUTIONS_MODE: 'queue',
				...lostSooner,
				QUEUE_BULL_REDIS_HOST: '127.0.0.1',
				QUEUE_BULL_REDIS_PORT: String(redis.port),
				QUEUE_BULL_REDIS_PASSWORD: password,
				DB_TYPE: 'postgresdb',
				DB_POSTGRESDB_HOST: '127.0.0.1',
				DB_POSTGRESDB_PORT: String(postgres.port),
				DB_POSTGRESDB_DATABASE: 'postgres',
				DB_POSTGRESDB_USER: 'n8n',
				DB_POSTGRESDB_PASSWORD: password,
				N8N_ENCRYPTION_KEY: randomBytes(16).toString('hex'),
			};
		},
		async stop() {
			await Promise.all(programs.map((program) => program.stop()));
			if (folder) await rm(folder, { recursive: true, force: true });
		},
	};
}

interface Server {
	readonly port: number;
	readonly password: string;
	/** Where it keeps all that it keeps. */
	readonly folder: string;
}

/** Whom a program runs as; whoever started it, where nothing is said. */
type Owner = { uid: number; gid: number } | Record<string, never>;

async function startRedis({ port, password, folder }: Server): Promise<Program> {
	const settings = join(folder, 'redis.conf');
	writeFileSync(
		settings,
		`bind 127.0.0.1\nport ${port}\nrequirepass ${password}\ndir ${folder}\nsave ""\n`,
	);
	return await started(folder, {}, REDIS, [settings]);
}

async function startPostgres({ port, password, folder }: Server): Promise<Program> {
	const passwordFile = join(folder, 'password');
	writeFileSync(passwordFile, password);
	const owner = ownerOfPostgres();
	if (owner.uid !== undefined) {
		for (const path of [folder, passwordFile]) chownSync(path, owner.uid, owner.gid);
	}

	const programs = postgresPrograms()!;
	const cluster = join(folder, 'postgres');
	const access = ['--username=n8n', `--pwfile=${passwordFile}`, '--auth=scram-sha-256'];
	const text = ['--encoding=UTF8', '--locale=C'];
	execFileSync(join(programs, 'initdb'), [`--pgdata=${cluster}`, ...access, ...text, '--no-sync'], {
		cwd: folder,
		stdio: ['ignore', 'ignore', 'inherit'],
		...owner,
	});

	const settings = {
		port,
		listen_addresses: '127.0.0.1',
		unix_socket_directories: '',
		fsync: 'off', // it keeps nothing that anybody will miss
	};
	const args = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
	return await started(folder, owner, join(programs, 'postgres'), ['-D', cluster, ...args]);
}

/** PostgreSQL refuses to run as root; its package brings a user for it. */
function ownerOfPostgres(): Owner {
	if (process.getuid?.() !== 0) return {};
	const id = (flag: string) => Number(execFileSync('id', [flag, 'postgres']));
	return { uid: id('-u'), gid: id('-g') };
}

/** Starts a server, and returns once it says, as both do, that it is ready to accept connections. */
async function started(
	cwd: string,
	owner: Owner,
	command: string,
	args: readonly string[],
): Promise<Program> {
	const runner = [join(__dirname, 'server.cjs'), JSON.stringify(owner)];
	const env = { PATH: process.env['PATH'] };
	const program = startProgram(process.execPath, [...runner, command, ...args], { cwd, env });
	let ended = false;
	void program.ended.then(() => (ended = true));
	const deadline = Date.now() + START_TIMEOUT_MS;
	while (!/ready to accept connections/i.test(program.lastLines(Infinity))) {
		if (ended || Date.now() > deadline) {
			await program.stop();
			throw new Error(`${command} did not start:\n${program.lastLines(15)}`);
		}
		await sleep(50);
	}
	return program;
}
