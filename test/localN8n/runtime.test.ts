import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { npm, onceWhole } from '../../localN8n/runtime';

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
