import { accessSync, constants, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { chromium, selectors, type Page } from 'playwright-core';
import { installDebianPackages } from './debianPackages';

const names = ['chromium', 'chromium-browser', 'google-chrome'];

/** Installing Chromium takes a while where there is none. */
const INSTALL_TIMEOUT_MS = 10 * 60_000;

/**
 * A new browser for the tests of one file, with one page that reaches nothing but this machine.
 *
 * @returns makes a test of what a person does on that page; one that fails says where the picture
 * of what they saw is
 */
export function pageForSuite(): (name: string, does: (page: Page) => Promise<void>) => void {
	let page: Page | undefined;

	beforeAll(async () => {
		selectors.setTestIdAttribute('data-test-id'); // as n8n's editor calls it
		const browser = await chromium.launch({
			executablePath: findChromium() ?? installChromium(),
			args: ['--disable-gpu', '--disable-quic'],
		});
		const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
		context.setDefaultTimeout(60_000);
		await context.route(
			({ hostname }) => hostname !== '127.0.0.1',
			async (route) => await route.abort(),
		);
		page = await context.newPage();
	}, INSTALL_TIMEOUT_MS);

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
	return names.flatMap((name) => folders.map((folder) => join(folder, name))).find(isExecutable);
}

function isExecutable(file: string): boolean {
	try {
		accessSync(file, constants.X_OK);
		return true;
	} catch {
		return false;
	}
}

/** @throws {Error} what to install */
function installChromium(): string {
	try {
		installDebianPackages('chromium');
	} catch (cause) {
		throw new Error(
			'These tests need Chromium. Install it (Debian: apt install chromium), or name one in CHROMIUM_PATH.',
			{ cause },
		);
	}
	return '/usr/bin/chromium';
}
