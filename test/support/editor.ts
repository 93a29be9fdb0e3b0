import type { Locator, Page } from 'playwright-core';
import type { RealN8n } from './realN8n';

export async function signIn(page: Page, { url, owner }: RealN8n): Promise<void> {
	await page.goto(url);
	await page.getByLabel('Email').fill(owner.email);
	await page.getByLabel('Password').fill(owner.password);
	await page.getByRole('button', { name: 'Sign in' }).click();
	await page.waitForURL(({ pathname }) => !pathname.startsWith('/signin'));
}

/** Adds the node, for Check Roaming, to a new workflow, and leaves it open. */
export async function openNewNode(page: Page, { url }: RealN8n): Promise<void> {
	await page.goto(`${url}/workflow/new`);
	await page.getByTestId('node-creator-plus-button').click();
	await page.getByTestId('node-creator-search-bar').fill('roaming');
	await page.getByTestId('item-iterator-item').getByText('Open Gateway Device Status').click();
	await page.getByText('Check whether a device is roaming').click();
}

/** Where a person types the value of a parameter. */
export function field(page: Page, parameter: string): Locator {
	return page.getByTestId(`parameter-input-${parameter}`).locator('input');
}

/** Chooses the option that begins with `name`; below it may stand its description. */
export async function choose(page: Page, parameter: string, name: string): Promise<void> {
	await page.getByTestId(`parameter-input-${parameter}`).click();
	await page.getByRole('option', { name: new RegExp(`^${name}`) }).click();
}

/** The form of a credential, where it is open. */
export function credentialForm(page: Page): Locator {
	return page.getByTestId('editCredential-modal');
}

/** The fields that the form of a credential shows, by their names, in their order. */
export async function fieldsShown(page: Page): Promise<string[]> {
	const fields = credentialForm(page).getByTestId('credential-connection-parameter');
	const texts = await fields.allInnerTexts();
	return texts.map((text) => text.split('\n', 1)[0]!.replace(/\s*\*$/, ''));
}

/** Executes the node that is open, and reads the items that it puts out. */
export async function executeNode(page: Page): Promise<unknown> {
	await page.getByTestId('node-execute-button').click();
	const output = page.getByTestId('output-panel');
	await output.getByText('JSON', { exact: true }).click();
	const json = output.getByTestId('ndv-data-container');
	await json.getByText('"roaming"').waitFor();
	return JSON.parse((await json.innerText()).replace(/\s+/g, ' '));
}
