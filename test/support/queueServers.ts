import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chownSync, existsSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../localN8n/process/ports';
import type { Program } from '../../localN8n/process/program';
import { describeWithServers, startNativeServer, type Owner } from './nativeServer';
import type { Surroundings } from './realN8n';

const REDIS = '/usr/bin/redis-server';
const POSTGRES = '/usr/lib/postgresql';

const present = () => existsSync(REDIS) && postgresPrograms() !== undefined;

/** Folder of the newest PostgreSQL's programs, which Debian keeps out of the PATH. */
function postgresPrograms(): string | undefined {
	const versions = existsSync(POSTGRES) ? readdirSync(POSTGRES) : [];
	return versions
		.sort((a, b) => Number(b) - Number(a))
		.map((version) => join(POSTGRES, version, 'bin'))
		.find((folder) => existsSync(join(folder, 'postgres'))); // the client alone is not enough
}

const MISSING =
	'These tests need Redis and PostgreSQL. Install them (Debian: apt install postgresql redis-server).';

/** Skips the suite aloud if the servers are missing, or with CI set, lets it fail. */
export function describeWithQueueServers(name: string, suite: () => void): void {
	describeWithServers(name, { present: present(), missing: MISSING }, suite);
}

/** Times (ms) after which n8n gives up a dead worker's job; its defaults are 60 s, looked at every 30 s. */
const STALLED_SOONER = {
	QUEUE_WORKER_LOCK_DURATION: '10000',
	QUEUE_WORKER_LOCK_RENEW_TIME: '2000',
	QUEUE_WORKER_STALLED_INTERVAL: '5000',
};

/**
 * A new Redis and a new PostgreSQL on the loopback for an n8n in queue mode. Stopping them deletes
 * all that they kept.
 */
export function queueServers(): Surroundings {
	const programs: Program[] = [];
	let folder = '';

	return {
		async start() {
			if (!present()) throw new Error(MISSING);
			folder = mkdtempSync(join(tmpdir(), 'queue-'));
			// Everybody on this machine can reach the loopback.
			const password = randomBytes(16).toString('hex');
			const redis = { port: await freePort(0), password, folder };
			programs.push(await startRedis(redis));
			const postgres = { port: await freePort(0), password, folder };
			programs.push(await startPostgres(postgres));
			return {
				EXECUTIONS_MODE: 'queue',
				...STALLED_SOONER,
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
	/** Holds all of its files. */
	readonly folder: string;
}

/** What both print once they accept connections. */
const READY = /ready to accept connections/i;

async function startRedis({ port, password, folder }: Server): Promise<Program> {
	const settings = join(folder, 'redis.conf');
	writeFileSync(
		settings,
		`bind 127.0.0.1\nport ${port}\nrequirepass ${password}\ndir ${folder}\nsave ""\n`,
	);
	return await startNativeServer({ command: REDIS, args: [settings], cwd: folder, ready: READY });
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
		fsync: 'off', // its data are deleted anyway
	};
	const args = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
	return await startNativeServer({
		command: join(programs, 'postgres'),
		args: ['-D', cluster, ...args],
		cwd: folder,
		owner,
		ready: READY,
	});
}

/** PostgreSQL refuses to run as root; its package brings a user for it. */
function ownerOfPostgres(): Owner {
	if (process.getuid?.() !== 0) return {};
	const id = (flag: string) => Number(execFileSync('id', [flag, 'postgres']));
	return { uid: id('-u'), gid: id('-g') };
}
