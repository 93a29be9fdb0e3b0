import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runN8n } from './n8n';
import type { Runtime } from './runtime';

/** Holds the password of the owner of the n8n in this folder. */
export const passwordFile = (userFolder: string) => join(userFolder, 'owner-password');

/**
 * The password of the owner of the n8n in a folder: made at random once, and kept there for this
 * user's eyes only. An n8n that had another password before, which may be a known one, loses its
 * users; their workflows and credentials pass to the next owner. It must not be running.
 *
 * @param userFolder `N8N_USER_FOLDER`
 */
export async function ownerPassword(runtime: Runtime, userFolder: string): Promise<string> {
	const file = passwordFile(userFolder);
	const kept = await readFile(file, 'utf8').catch(() => '');
	if (kept !== '') return kept;

	if (existsSync(join(userFolder, '.n8n', 'database.sqlite'))) {
		await runN8n(runtime, userFolder, ['user-management:reset']);
	}
	const password = newPassword();
	await mkdir(userFolder, { recursive: true });
	await rm(file, { force: true });
	await writeFile(file, password, { mode: 0o600, flag: 'wx' });
	return password;
}

/** A password of 128 random bits, with the digit and the capital letter that n8n demands. */
export function newPassword(): string {
	return `N8n-${randomBytes(16).toString('base64url')}`;
}
