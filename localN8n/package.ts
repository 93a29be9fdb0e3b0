/** The node as npm would publish it, installed as n8n installs a community package. */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { npm, RUNTIME_FOLDER, silently, type Runtime, type Step } from './runtime';

const PROJECT = join(__dirname, '..');

/** All that the package is built from, and all that it ships as it is. */
const SHIPPED = [
	...['nodes', 'credentials', 'package.json', 'tsconfig.json', 'gulpfile.js'],
	...['index.js', 'README.md', 'CHANGELOG.md', 'LICENSE.md'],
];

/**
 * Builds the project and packs it, unless there is a tarball of the same files.
 *
 * @returns path of the tarball, whose name holds the digest of the files
 */
export async function packNode(step: Step = silently, folder = RUNTIME_FOLDER): Promise<string> {
	const tarball = join(folder, `node-${await digestOf(PROJECT, SHIPPED)}.tgz`);
	if (existsSync(tarball)) return tarball;

	await step('Building and packing the node', async () => {
		await mkdir(folder, { recursive: true });
		await npm(process.execPath, PROJECT, ['run', 'build']);
		const pack = ['pack', `--pack-destination=${folder}`];
		const printed = await npm(process.execPath, PROJECT, pack);
		for (const old of await readdir(folder)) {
			if (/^node-.*\.tgz$/.test(old)) await rm(join(folder, old));
		}
		await rename(join(folder, printed.split('\n').at(-1)!), tarball);
	});
	return tarball;
}

/** A digest of the names and the contents of these files and folders. */
async function digestOf(folder: string, names: readonly string[]): Promise<string> {
	const hash = createHash('sha256');
	for (const name of [...names].sort()) {
		const path = join(folder, name);
		const content = (await stat(path)).isDirectory()
			? await digestOf(path, await readdir(path))
			: await readFile(path);
		hash.update(`${name}\0${content.length}\0`).update(content);
	}
	return hash.digest('hex').slice(0, 16);
}

/**
 * Installs the tarball into n8n's user folder, unless it is there already.
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
		// An existing package.json lists the packages that were installed from the editor.
		const project = join(folder, 'package.json');
		if (!existsSync(project)) await writeFile(project, '{ "private": true }\n');
		await npm(runtime.node, folder, ['install', tarball, '--legacy-peer-deps', '--ignore-scripts']);
		await writeFile(stamp, basename(tarball));
	});
}

/**
 * n8n lets a package find `n8n-workflow` and the other modules beside n8n itself, unless a folder
 * above the package has them. Above a user folder in this repository lie the repository's own
 * development dependencies, in other versions: a link to n8n's modules in between comes first.
 */
async function linkModulesOf(runtime: Runtime, userFolder: string): Promise<void> {
	const modules = join(dirname(runtime.n8n), '..', '..');
	const link = join(userFolder, 'node_modules');
	await mkdir(userFolder, { recursive: true });
	await rm(link, { recursive: true, force: true });
	await symlink(modules, link, 'junction');
}
