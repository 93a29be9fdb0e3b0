import type { ICredentialDataDecryptedObject } from 'n8n-workflow';
import type { Page } from 'playwright-core';
import { pageForSuite } from '../support/browser';
import { combinations } from '../support/combinations';
import { credentialAt } from '../support/credential';
import { credentialForm, fillIn, signIn } from '../support/editor';
import { n8nForSuite } from '../support/realN8n';
import { sandboxForSuite } from '../support/suite';
import { isHarmless, shownFields, wrongFields } from '../support/wrongFields';

jest.setTimeout(300_000);

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

/** One variant of each operator, but for those that have grants of their own. */
const tried = combinations.filter(
	({ operator, variant }) => operator !== 'camara' || variant === 'v1',
);

/** Opens the form of a credential, which n8n then tests. */
async function open(page: Page, data: ICredentialDataDecryptedObject): Promise<void> {
	const { id } = await n8n.api.saveCredential({ name: 'Each', type: 'openGatewayApi', data });
	await page.goto(`${n8n.url}/home/credentials/${id}`);
}

describe.each(tried)('$name', (combination) => {
	inTheEditor('is green if all is right, and red for each wrong field', async (page) => {
		const data = await credentialAt(sandbox, combination);
		await open(page, data);
		await accepted(page).waitFor();

		const shown = shownFields(data);
		for (const [field, value] of Object.entries(wrongFields(data, combination))) {
			const displayName = shown[field];
			if (displayName === undefined || isHarmless(field, combination)) continue;
			await open(page, { ...data, [field]: value });
			await expectRefused(page, new RegExp(`'${displayName}'`));
		}
	});
});
