/** The node as npm would publish it, installed as n8n installs a community package. */
import { createHash } from 'node:crypto';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { npm, runtimeFolder, silently, type Runtime, type Step } from './runtime';

const projectFolder = join(__dirname, '..');
const PACKAGE_NAME = 'n8n-nodes-open-gateway';

/** Builds the project and packs it. Returns the path of the tarball. */
export async function packNode(step: Step = silently, folder = runtimeFolder): Promise<string> {
	await mkdir(folder, { recursive: true });
	return await step('Building and packing the node', async () => {
		await npm(process.execPath, projectFolder, ['run', 'build']);
		const printed = await npm(process.execPath, projectFolder, [
			'pack',
			`--pack-destination=${folder}`,
		]);
		return join(folder, printed.split('\n').at(-1)!);
	});
}

/**
 * Installs the tarball into n8n's user folder, unless exactly that one is there already.
 *
 * @param userFolder `N8N_USER_FOLDER`
 */
export async function installCommunityPackage(
	runtime: Runtime,
	tarball: string,
	userFolder: string,
	step: Step = silently,
): Promise<void> {
	const folder = join(userFolder, '.n8n', 'nodes');
	const stamp = join(folder, `${PACKAGE_NAME}.sha256`);
	const digest = createHash('sha256')
		.update(await readFile(tarball))
		.digest('hex');
	if ((await readFile(stamp, 'utf8').catch(() => '')) === digest) return;

	await step('Installing the node in n8n', async () => {
		await mkdir(folder, { recursive: true });
		await rm(stamp, { force: true });
		// n8n's own package.json there lists what else was installed from the editor.
		await writeFile(join(folder, 'package.json'), '{ "private": true }\n', { flag: 'wx' }).catch(
			() => {},
		);
		await npm(runtime.node, folder, ['install', tarball, '--legacy-peer-deps', '--ignore-scripts']);
		await writeFile(stamp, digest);
	});
}
