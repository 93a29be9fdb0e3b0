import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fetchPinned, npm, onceWhole, type PinnedPackage } from '../../localN8n/runtime';

let root: string;

beforeEach(async () => {
	root = await mkdtemp(join(tmpdir(), 'runtime-'));
});

afterEach(async () => {
	await rm(root, { recursive: true });
});

describe('a folder of the runtime', () => {
	test('is not there before it is complete, and is made from nothing after an interruption', async () => {
		const folder = join(root, 'n8n');
		const interrupted = onceWhole(folder, async (partial) => {
			await writeFile(join(partial, 'half-written'), '');
			throw new Error('interrupted');
		});
		await expect(interrupted).rejects.toThrow('interrupted');
		expect(existsSync(folder)).toBe(false);

		await onceWhole(folder, (partial) => writeFile(join(partial, 'complete'), ''));
		expect((await readdir(folder)).sort()).toEqual(['complete', 'package.json']);
		expect(await readdir(root)).toEqual(['n8n']);
	});

	test('is made only once', async () => {
		const folder = join(root, 'n8n');
		await onceWhole(folder, async () => {});
		await onceWhole(folder, () => Promise.reject(new Error('made again')));
	});
});

describe('a pinned package', () => {
	const { npm_config_ignore_scripts: ignoreScripts } = process.env;

	// This project's .npmrc forbids scripts by itself.
	beforeEach(() => {
		process.env['npm_config_ignore_scripts'] = 'false';
	});

	afterEach(() => {
		process.env['npm_config_ignore_scripts'] = ignoreScripts;
		if (ignoreScripts === undefined) delete process.env['npm_config_ignore_scripts'];
	});

	/** Packs a package with an install script, as npm publishes it. */
	async function packed(content: string) {
		const source = join(root, 'source');
		const scripts = { install: "node -e \"fs.writeFileSync('was-run', '')\"" };
		await mkdir(source, { recursive: true });
		await writeFile(
			join(source, 'package.json'),
			JSON.stringify({ name: 'node-binary', version: '1.0.0', scripts, files: ['binary'] }),
		);
		await writeFile(join(source, 'binary'), content);
		await npm(process.execPath, source, ['pack', `--pack-destination=${root}`]);
		const tarball = join(root, 'node-binary-1.0.0.tgz');
		const digest = createHash('sha512').update(await readFile(tarball));
		return {
			name: 'node-binary',
			version: `file:${tarball}`,
			integrity: `sha512-${digest.digest('base64')}`,
		};
	}

	const fetched = async (pinned: PinnedPackage) =>
		await onceWhole(join(root, 'fetched'), (folder) =>
			fetchPinned(process.execPath, folder, pinned),
		);

	test('is installed without running its scripts', async () => {
		const folder = await fetched(await packed('as chosen'));
		const files = await readdir(join(folder, 'node_modules', 'node-binary'));
		expect(files.sort()).toEqual(['binary', 'package.json']);
	});

	test('is not used if the registry has another one under its name and version', async () => {
		const chosen = await packed('as chosen');
		await packed('replaced');
		await expect(fetched(chosen)).rejects.toThrow('another node-binary');
		expect(existsSync(join(root, 'fetched'))).toBe(false);
	});
});

describe('npm', () => {
	const { npm_execpath: original } = process.env;

	afterEach(() => {
		process.env['npm_execpath'] = original;
		if (original === undefined) delete process.env['npm_execpath'];
	});

	/** Stands in for npm: writes what npm writes, and fails. */
	const npmThatSays = async (words: string) => {
		const script = join(root, 'npm-cli.js');
		await writeFile(script, `console.error(${JSON.stringify(words)}); process.exitCode = 1;`);
		process.env['npm_execpath'] = script;
	};

	test.each([
		['npm error code ENOTFOUND', /^The npm registry could not be reached\. Check the network/],
		['npm error code ENOSPC', /^The disk is full\. Free 3 GB/],
		['npm error code E404', /^npm failed\./],
	])(
		'that fails with "%s" says first what to do, and then its own words',
		async (words, remedy) => {
			await npmThatSays(words);
			const failure = npm(process.execPath, root, ['install', 'n8n']);
			await expect(failure).rejects.toThrow(remedy);
			await expect(failure).rejects.toThrow(words);
		},
	);

	test('is asked for if this was not started through it', async () => {
		delete process.env['npm_execpath'];
		await expect(npm(process.execPath, root, [])).rejects.toThrow('such as npm start');
	});
});
