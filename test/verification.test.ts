import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { packNode } from '../localN8n/package';

/**
 * The gate that a community package passes before n8n verifies it: `@n8n/scan-community-package`,
 * which knows no exceptions of the project's own, over the source and over what npm would publish.
 */
jest.setTimeout(180_000);

const ROOT = join(__dirname, '..');
const run = promisify(execFile);

let folder: string;

beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), 'verification-'));
});
afterAll(async () => await rm(folder, { recursive: true }));

/** What the scanner, which is an ES module, finds in a process of its own. */
async function findings(packageFolder: string, patterns: 'source' | 'all'): Promise<unknown> {
	const script = `
		import { analyzePackage, SOURCE_FILE_PATTERNS } from '@n8n/scan-community-package/scanner/scanner.mjs';
		const patterns = ${patterns === 'source' ? 'SOURCE_FILE_PATTERNS' : 'undefined'};
		console.log(JSON.stringify(await analyzePackage(${JSON.stringify(packageFolder)}, patterns)));`;
	const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', script], {
		cwd: ROOT,
		// As `test`, which jest sets, it would have n8n's rules take each file for one of their own tests.
		env: { ...process.env, NODE_ENV: undefined },
	});
	return JSON.parse(stdout);
}

test('the source has no finding', async () => {
	expect(await findings(ROOT, 'source')).toEqual({ passed: true });
});

test('what npm would publish has no finding', async () => {
	const tarball = await packNode(undefined, folder);
	await run('tar', ['-xzf', tarball, '-C', folder]);
	expect(await findings(join(folder, 'package'), 'all')).toEqual({ passed: true });
});

test('a fault is found', async () => {
	const faulty = join(folder, 'faulty');
	await mkdir(join(faulty, 'nodes'), { recursive: true });
	await writeFile(join(faulty, 'nodes', 'Faulty.ts'), "console.log('fault');\n");
	expect(await findings(faulty, 'source')).toMatchObject({
		passed: false,
		details: expect.stringContaining('no-console') as string,
	});
});
