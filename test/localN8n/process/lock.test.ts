import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lock } from '../../../localN8n/process/lock';

let folder: string;

beforeEach(async () => {
	folder = await mkdtemp(join(tmpdir(), 'lock-'));
});

afterEach(async () => {
	await rm(folder, { recursive: true });
});

test('is refused while another process holds it, naming that process', async () => {
	const file = join(folder, 'pid');
	await writeFile(file, String(process.ppid));
	await expect(lock(file)).rejects.toThrow(`as process ${process.ppid}`);
});

test('is taken over from a process that was killed', async () => {
	const file = join(folder, 'pid');
	await writeFile(file, String(spawnSync(process.execPath, ['--version']).pid));
	await lock(file);
	expect(await readFile(file, 'utf8')).toBe(String(process.pid));
});
