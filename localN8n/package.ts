/** The node as npm would publish it, installed as n8n installs a community package. */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

import { npm, runtimeFolder, silently, type Runtime, type Step } from './runtime';

const projectFolder = join(__dirname, '..');

/** What surely has no part in the package. All else counts, so that nothing is forgotten. */
const unpackaged = new Set([
	...['.git', '.n8n-runtime', 'node_modules', 'dist'],
	...['bench', 'demo', 'docs', 'examples', 'localN8n', 'sandbox', 'scripts', 'test'],
]);

/**
 * Builds the project and packs it, unless that was done since its files changed.
 *
 * @returns path of the tarball, whose name tells what it was made from
 */
export async function packNode(step: Step = silently, folder = runtimeFolder): Promise<string> {
	const tarball = join(folder, `node-${await digestOf(projectFolder, unpackaged)}.tgz`);
	if (existsSync(tarball)) return tarball;

	await step('Building and packing the node', async () => {
		await mkdir(folder, { recursive: true });
		await npm(process.execPath, projectFolder, ['run', 'build']);
		const pack = ['pack', `--pack-destination=${folder}`];
		const printed = await npm(process.execPath, projectFolder, pack);
		for (const old of await readdir(folder)) {
			if (/^node-.*\.tgz$/.test(old)) await rm(join(folder, old));
		}
		await rename(join(folder, printed.split('\n').at(-1)!), tarball);
	});
	return tarball;
}

/** One digest for the names and the contents of all files in a folder, some left out. */
async function digestOf(folder: string, leftOut: ReadonlySet<string>): Promise<string> {
	const hash = createHash('sha256');
	for (const name of (await readdir(folder)).filter((name) => !leftOut.has(name)).sort()) {
		const path = join(folder, name);
		const content = await readFile(path).catch(() => digestOf(path, new Set()));
		hash.update(`${name}\0${content.length}\0`).update(content);
	}
	return hash.digest('hex').slice(0, 16);
}

/**
 * Installs the tarball into n8n's user folder, unless exactly that one is there already.
 *
 * @param tarball from {@link packNode}
 * @param userFolder `N8N_USER_FOLDER`
 */
export async function installCommunityPackage(
	runtime: Runtime,
	tarball: string,
	userFolder: string,
	step: Step = silently,
): Promise<void> {
	const folder = join(userFolder, '.n8n', 'nodes');
	const stamp = join(folder, 'installed-tarball');
	await linkModulesOf(runtime, userFolder);
	if ((await readFile(stamp, 'utf8').catch(() => '')) === basename(tarball)) return;

	await step('Installing the node in n8n', async () => {
		await mkdir(folder, { recursive: true });
		await rm(stamp, { force: true });
		// A package.json that is there lists what else was installed from the editor: it stays.
		const project = join(folder, 'package.json');
		if (!existsSync(project)) await writeFile(project, '{ "private": true }\n');
		await npm(runtime.node, folder, ['install', tarball, '--legacy-peer-deps', '--ignore-scripts']);
		await writeFile(stamp, basename(tarball));
	});
}

/**
 * n8n lets a package find `n8n-workflow` and all else beside n8n itself, but only where the folders
 * above the package have none. Above a user folder inside this repository are the repository's own
 * development dependencies, other versions: so n8n's are linked in between.
 */
async function linkModulesOf(runtime: Runtime, userFolder: string): Promise<void> {
	const modules = join(dirname(runtime.n8n), '..', '..');
	const link = join(userFolder, 'node_modules');
	await mkdir(userFolder, { recursive: true });
	await rm(link, { recursive: true, force: true });
	await symlink(modules, link, 'junction');
}
