import { rmSync, writeFileSync } from 'node:fs';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { isAlive } from './program';

/**
 * Lets only one process at a time work in a folder: the file holds the id of this process until it
 * ends. The file of a process that was killed is taken over.
 *
 * @throws {Error} which process holds the lock
 */
export async function lock(file: string): Promise<void> {
	await mkdir(dirname(file), { recursive: true });
	const holder = Number(await readFile(file, 'utf8').catch(() => ''));
	if (holder > 0 && isAlive(holder)) {
		throw new Error(
			`This is already running here, as process ${holder}: end it first. If process ${holder} is something else, delete ${file}.`,
		);
	}
	await rm(file, { force: true });
	writeFileSync(file, String(process.pid), { flag: 'wx' });
	process.once('exit', () => rmSync(file, { force: true }));
}
