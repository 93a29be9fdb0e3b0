import type { Page } from 'playwright-core';
import { pageForSuite } from '../support/browser';
import { credentialForm, fillIn, signIn } from '../support/editor';
import { n8nForSuite } from '../support/realN8n';
import { sandboxForSuite } from '../support/suite';

jest.setTimeout(180_000);

const sandbox = sandboxForSuite();
const n8n = n8nForSuite();
const inTheEditor = pageForSuite();

/** Changes a good credential in its form and saves it, which n8n then tests. */
async function save(page: Page, changes: Record<string, string>): Promise<void> {
	const { id } = await n8n.api.saveCredential({
		name: 'Tested',
		type: 'openGatewayApi',
		data: { operator: 'telefonica', baseUrl: sandbox.baseUrls.telefonica },
	});
	await page.goto(`${n8n.url}/home/credentials/${id}`);
	await accepted(page).waitFor();
	await fillIn(page, changes);
	await credentialForm(page).getByTestId('credential-save-button').click();
}

const accepted = (page: Page) =>
	credentialForm(page).getByTestId('credentials-config-container-test-success');

async function expectRefused(page: Page, words: RegExp): Promise<void> {
	await credentialForm(page).getByText('More details').click();
	await credentialForm(page).getByText(words).waitFor();
	expect(await accepted(page).isVisible()).toBe(false);
}

inTheEditor('a person sees that a good credential is accepted', async (page) => {
	await signIn(page, n8n);
	await save(page, { clientId: 'mock_sandbox_app_id', clientSecret: 'mock_sandbox_app_secret' });
	await accepted(page).waitFor();
});

inTheEditor('a person reads which fields to mend of a wrong secret', async (page) => {
	await save(page, { clientId: 'mock_sandbox_app_id', clientSecret: 'wrong' });
	await expectRefused(page, /'Client ID', 'Client Secret' and 'Client Authentication'/);
});

inTheEditor('a person reads which field to mend of a path that nobody serves', async (page) => {
	await save(page, { baseUrl: `${sandbox.origin}/nowhere` });
	await expectRefused(page, /\/nowhere.*'Base URL'/);
});
