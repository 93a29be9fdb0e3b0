import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Locator, Page } from 'playwright-core';
import type { RealN8n } from './realN8n';

export async function signIn(page: Page, { url, owner }: RealN8n): Promise<void> {
	await page.goto(url);
	await page.getByLabel('Email').fill(owner.email);
	await page.getByLabel('Password').fill(owner.password);
	await page.getByRole('button', { name: 'Sign in' }).click();
	await page.waitForURL(({ pathname }) => !pathname.startsWith('/signin'));
}

/** Opens a new workflow and looks for a node. What is found is returned. */
export async function searchNode(page: Page, { url }: RealN8n, words: string): Promise<Locator> {
	await page.goto(`${url}/workflow/new`);
	await page.getByTestId('node-creator-plus-button').click();
	await page.getByTestId('node-creator-search-bar').fill(words);
	const found = page.getByTestId('item-iterator-item');
	await found.getByText('Open Gateway Device Status').waitFor();
	return found;
}

/** Adds the node that was found, for Check Roaming; it is open then. */
export async function addNode(page: Page): Promise<void> {
	await page.getByTestId('item-iterator-item').getByText('Open Gateway Device Status').click();
	await page.getByText(/^Check .*roaming$/).click();
}

/** Where a person types the value of a parameter. */
export function field(page: Page, parameter: string): Locator {
	return page.getByTestId(`parameter-input-${parameter}`).locator('input');
}

/** Fills in those of the text fields that the form of a credential shows. */
export async function fillIn(page: Page, values: Record<string, string>): Promise<void> {
	const shown = await fieldsIn(credentialForm(page));
	for (const [name, value] of Object.entries(values)) {
		if (!shown.includes(name)) continue;
		await page.getByTestId(`parameter-input-${name}`).locator('input, textarea').fill(value);
	}
}

/** The option that is chosen in a field. */
export async function chosenIn(page: Page, parameter: string): Promise<string> {
	const select = page.getByTestId(`parameter-input-${parameter}`);
	return (await select.locator('input').inputValue()) || (await select.innerText()).trim();
}

export async function choose(page: Page, parameter: string, option: string): Promise<void> {
	await page.getByTestId(`parameter-input-${parameter}`).click();
	const named = page.getByText(option, { exact: true });
	await page.getByRole('option').filter({ has: named, visible: true }).click();
}

/** The form of a credential. */
export function credentialForm(page: Page): Locator {
	return page.getByTestId('editCredential-modal');
}

export async function closeCredentialForm(page: Page): Promise<void> {
	await credentialForm(page).getByRole('button', { name: 'Close this dialog' }).click();
	await credentialForm(page).waitFor({ state: 'hidden' });
}

/** Whether the form of a credential shows these parameters, by their names, and no other. */
export async function expectFields(page: Page, ...fields: string[]): Promise<void> {
	const deadline = Date.now() + 5000;
	while (`${await fieldsIn(credentialForm(page))}` !== `${fields}` && Date.now() < deadline) {
		await sleep(50);
	}
	expect(await fieldsIn(credentialForm(page))).toEqual(fields);
}

/** The parameters that a form shows, by their names. */
export async function fieldsIn(form: Locator): Promise<string[]> {
	const ids = await form
		.locator('[data-test-id^="parameter-input-"]')
		.evaluateAll((elements: { getAttribute(name: string): string | null }[]) =>
			elements.map((element) => String(element.getAttribute('data-test-id'))),
		);
	return ids
		.map((id) => id.replace('parameter-input-', ''))
		.filter((id) => !/notice$/i.test(id) && id !== 'field');
}

/** The items that the node put out, as its JSON view shows them. */
export async function itemsShown(page: Page): Promise<unknown> {
	const output = page.getByTestId('output-panel');
	await output.getByText('JSON', { exact: true }).click();
	const json = output.getByTestId('ndv-data-container');
	await json.getByText('"roaming"').waitFor();
	return JSON.parse((await json.innerText()).replace(/\s+/g, ' '));
}

/** Takes a picture for the documents if UPDATE_SCREENSHOTS asks for it. */
export async function takePicture(page: Page, name: string): Promise<void> {
	if (!process.env['UPDATE_SCREENSHOTS']) return;
	await page.mouse.move(0, 0);
	await page.screenshot({
		path: pathOf(name),
		animations: 'disabled',
		// The dots of the canvas would be a third of the file.
		style: '.el-notification, .vue-flow__background { display: none !important }',
	});
}

/** Takes a picture of the whole form of a credential, as {@link takePicture} does. */
export async function takePictureOfForm(page: Page, name: string): Promise<void> {
	if (!process.env['UPDATE_SCREENSHOTS']) return;
	await credentialForm(page).getByText('Connection', { exact: true }).click(); // out of the field
	await page.mouse.move(0, 0);
	await credentialForm(page).screenshot({
		path: pathOf(name),
		animations: 'disabled',
		style: `.el-notification, [data-test-id="credentials-config-container-test-success"] { display: none !important }
			[data-test-id="editCredential-modal"], [data-test-id="editCredential-modal"] * { max-height: none !important; overflow: visible !important }`,
	});
}

const pathOf = (picture: string) => join(__dirname, '..', '..', 'docs', 'images', picture);
