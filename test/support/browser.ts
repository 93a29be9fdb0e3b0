import { accessSync, constants, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { chromium, selectors, type Page } from 'playwright-core';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];

const MISSING =
	'These tests need Chromium. Install it (Debian: apt install chromium), or set CHROMIUM_PATH.';

/**
 * A new browser for the tests of one file, with one page that reaches nothing but this machine.
 *
 * @returns makes a test of what a person does on that page; one that fails says where the picture
 * of what they saw is. If there is no Chromium, the tests are skipped aloud, or with CI set, fail.
 */
export function pageForSuite(): (name: string, does: (page: Page) => Promise<void>) => void {
	const executablePath = findChromium();
	if (executablePath === undefined && !process.env['CI']) {
		console.warn(MISSING);
		return (name) => test.skip(name, () => undefined);
	}
	let page: Page | undefined;

	beforeAll(async () => {
		if (executablePath === undefined) throw new Error(MISSING);
		selectors.setTestIdAttribute('data-test-id'); // as n8n's editor calls it
		const browser = await chromium.launch({
			executablePath,
			args: ['--disable-gpu', '--disable-quic'],
		});
		const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
		context.setDefaultTimeout(60_000);
		await context.route(
			({ hostname }) => hostname !== '127.0.0.1',
			async (route) => await route.abort(),
		);
		page = await context.newPage();
	});

	afterAll(async () => {
		await page?.context().browser()?.close();
	});

	return (name, does) =>
		test(name, async () => {
			if (!page) throw new Error('The browser did not start.');
			try {
				await does(page);
			} catch (error) {
				const picture = join(mkdtempSync(join(tmpdir(), 'e2e-')), 'page.png');
				await page.screenshot({ path: picture });
				throw new Error(`What the page showed is in ${picture}.`, { cause: error });
			}
		});
}

/** Path of a Chromium: the one that CHROMIUM_PATH names, or the first in PATH. */
function findChromium(): string | undefined {
	const named = process.env['CHROMIUM_PATH'];
	if (named) return named;
	const folders = (process.env['PATH'] ?? '').split(delimiter);
	return NAMES.flatMap((name) => folders.map((folder) => join(folder, name))).find(isExecutable);
}

function isExecutable(file: string): boolean {
	try {
		accessSync(file, constants.X_OK);
		return true;
	} catch {
		return false;
	}
}
