// Installs the development dependencies where they are missing or older than the lock file.
// Plain JavaScript on purpose: on a fresh clone nothing else can run yet.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const stamp = join(root, 'node_modules', '.installed-lock');
const wanted = createHash('sha256')
	.update(readFileSync(join(root, 'package-lock.json')))
	.digest('hex');

const installed = () => {
	try {
		return readFileSync(stamp, 'utf8');
	} catch {
		return undefined;
	}
};

if (Number(process.versions.node.split('.')[0]) < 20) {
	console.error(`Node.js 20 or newer is needed; this is ${process.version}.`);
	process.exit(1);
}

if (installed() !== wanted) {
	console.log('Installing the development dependencies (about a minute, once) …');
	const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
	const { status } = spawnSync(npm, ['ci', '--no-audit', '--no-fund'], {
		cwd: root,
		stdio: ['ignore', 'ignore', 'inherit'],
		shell: process.platform === 'win32',
	});
	if (status !== 0) {
		console.error(
			'\nThe development dependencies could not be installed. Is the npm registry within reach? Run the same command again to go on.',
		);
		process.exit(1);
	}
	writeFileSync(stamp, wanted);
}
