import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ownerPassword, passwordFile } from '../../localN8n/owner';

/** A folder without an n8n needs none. */
const NO_RUNTIME = { version: '', node: '', n8n: '' };

let folders: string[];

beforeEach(async () => {
	folders = [];
	for (let count = 0; count < 2; count++) {
		folders.push(await mkdtemp(join(tmpdir(), 'owner-')));
	}
});

afterEach(async () => {
	for (const folder of folders) await rm(folder, { recursive: true });
});

test('the owner’s password is another one in every folder, and long enough not to be guessed', async () => {
	const passwords = await Promise.all(folders.map((folder) => ownerPassword(NO_RUNTIME, folder)));
	expect(new Set(passwords).size).toBe(2);
	// n8n demands 8 to 64 characters, a digit and a capital letter.
	for (const one of passwords) expect(one).toMatch(/^(?=.*\d)(?=.*[A-Z]).{24,64}$/);
});

test('the owner’s password is made once, and kept where only this user can read it', async () => {
	const [folder = ''] = folders;
	const password = await ownerPassword(NO_RUNTIME, folder);
	expect(await ownerPassword(NO_RUNTIME, folder)).toBe(password);
	if (process.platform === 'win32') return;
	expect((await stat(passwordFile(folder))).mode & 0o777).toBe(0o600);
});
