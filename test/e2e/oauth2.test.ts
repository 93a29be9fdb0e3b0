import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { applications } from '../../sandbox/applications';
import type { Exchange } from '../../sandbox/exchanges';
import { pageForSuite } from '../support/browser';
import {
	addNode,
	choose,
	closeCredentialForm,
	credentialForm,
	expectFields,
	field,
	itemsShown,
	searchNode,
	signIn,
	takePictureOfForm,
} from '../support/editor';
import { n8nForSuite } from '../support/realN8n';
import { sandboxForSuite } from '../support/suite';

jest.setTimeout(180_000);

const sandbox = sandboxForSuite();
const n8n = n8nForSuite();
const inTheEditor = pageForSuite();

const germany = {
	roaming: true,
	countryCode: 262,
	countryName: ['DE'],
	country: 'DE',
};

describe('at Telefónica', () => {
	inTheEditor('the credential is offered in the node, with what it needs', async (page) => {
		await page.setViewportSize({ width: 1280, height: 1800 }); // the whole form in one picture
		await signIn(page, n8n);
		await searchNode(page, n8n, 'roaming');
		await addNode(page);
		await page.getByRole('button', { name: 'Connect to Open Gateway' }).click();
		await credentialForm(page).getByTestId('credential-mode-dropdown-trigger').click();
		await page.getByRole('menuitem', { name: 'Sign-In (One Device, OAuth2)' }).click();

		const url = 'telefonicaBaseUrl';
		const addresses = [url, 'authorizationBaseUrl'];
		const all = ['operator', ...addresses, 'purpose', 'customScope'];
		await expectFields(page, ...client, OF_N8N, ...all);
		await takePictureOfForm(page, 'credential-oauth2-telefonica.png');
		await field(page, 'customScope').fill('openid other:scope');
		await expectFields(page, ...client, OF_N8N, 'operator', ...addresses, 'customScope');
		await field(page, 'customScope').clear();
		await expectFields(page, ...client, OF_N8N, ...all);
	});

	inTheEditor('a phone’s owner who refuses leaves it unconnected', async (page) => {
		await field(page, 'clientId').fill(applications.roaming.clientId);
		await field(page, 'clientSecret').fill(applications.roaming.clientSecret);
		// As it is copied from somewhere.
		await field(page, 'telefonicaBaseUrl').fill(` ${sandbox.baseUrls.telefonica}/ `);
		const operator = await connect(page);
		await operator.getByRole('button', { name: 'Refuse' }).click();
		await operator.getByText('Failed to connect').waitFor();
		await operator.close();

		await credentialForm(page).getByText('Connect your account').waitFor();
		expect(await tokenRequests()).toEqual([]);
	});

	inTheEditor('the phone’s owner connects it', async (page) => {
		const operator = await connect(page);
		expect(await operator.getByRole('heading').innerText()).toContain('mock_sandbox_app_id');
		await operator.getByLabel('This phone').selectOption('+34600000001');
		await operator.getByRole('button', { name: 'Allow' }).click();

		// n8n closes the form then, and shows what became of it when it is opened again.
		await credentialForm(page).waitFor({ state: 'hidden' });
		await page.getByTestId('credential-edit-button').click();
		await credentialForm(page).getByText('Account connected').waitFor();
		await closeCredentialForm(page);
		expect(await tokenRequests()).toEqual([
			{
				grant_type: 'authorization_code',
				code: expect.any(String) as string,
				code_verifier: expect.any(String) as string,
				redirect_uri: `${n8n.url}/rest/oauth2-credential/callback`,
			},
		]);
	});

	inTheEditor('the node answers about that phone with it', async (page) => {
		await field(page, 'phoneNumber').fill('+34600000001');

		expect(await executeNode(page)).toEqual([
			{ device: { phoneNumber: '+34600000001' }, ...germany, lastStatusTime: null },
		]);
		expect(await tokenRequests()).toEqual([]);
	});
});

describe('at another operator', () => {
	beforeAll(async () => await sandbox.setAccessTokenLifetime(2));
	afterAll(async () => await sandbox.setAccessTokenLifetime());

	inTheEditor('the credential asks for its endpoints', async (page) => {
		await page.goto(`${n8n.url}/home/credentials/create`);
		await page.getByTestId('new-credential-type-select').locator('input').fill('Open Gateway');
		await page.getByRole('option', { name: 'Open Gateway OAuth2 API' }).click();
		await page.getByTestId('new-credential-type-button').click();
		await choose(page, 'operator', 'Other Operator (CAMARA)');

		const urls = ['camaraBaseUrl', 'authorizationUrl', 'tokenUrl'];
		const scope = ['purpose', 'customScope'];
		await expectFields(
			page,
			...client,
			OF_N8N,
			'operator',
			'apiVersion',
			...urls,
			'clientAuthentication',
			...scope,
		);
		await takePictureOfForm(page, 'credential-oauth2-camara.png');
	});

	inTheEditor('the phone’s owner connects it', async (page) => {
		await field(page, 'clientId').fill(applications.secretPost.clientId);
		await field(page, 'clientSecret').fill(applications.secretPost.clientSecret);
		await choose(page, 'clientAuthentication', 'Client Secret (Post)');
		await field(page, 'camaraBaseUrl').fill(sandbox.baseUrls.camara);
		await field(page, 'authorizationUrl').fill(`${sandbox.baseUrls.camara}/authorize`);
		await field(page, 'tokenUrl').fill(`${sandbox.baseUrls.camara}/token`);
		const operator = await connect(page);
		await operator.getByLabel('This phone').selectOption('+34600000001');
		await operator.getByRole('button', { name: 'Allow' }).click();

		await credentialForm(page).getByText('Account connected').waitFor();
		await closeCredentialForm(page);
	});

	inTheEditor('the node answers although the token has expired: n8n refreshes it', async (page) => {
		await searchNode(page, n8n, 'roaming');
		await addNode(page);
		await page.getByTestId('node-credentials-select').click();
		await page.getByRole('option', { name: 'Open Gateway account 2' }).click();
		await choose(page, 'identifierType', 'Signed-In Phone');
		await sleep(2500); // longer than the token lives

		const answer = {
			device: null,
			...germany,
			lastStatusTime: expect.stringMatching(/^\d{4}-\d\d-\d\dT/) as string,
		};
		expect(await executeNode(page)).toEqual([answer]);
		expect(await tokenRequests()).toEqual([
			expect.objectContaining({ grant_type: 'refresh_token' }) as object,
		]);
		expect((await answersOfTheApi()).at(-1)).toBe(200);
	});
});

const client = ['clientId', 'clientSecret'];
/** What n8n itself adds to every credential of this kind. */
const OF_N8N = 'allowedHttpRequestDomains';

async function executeNode(page: Page): Promise<unknown> {
	await page.getByTestId('node-execute-button').click();
	return await itemsShown(page);
}

/** Presses "Connect" in the form; the operator's page is what opens. */
async function connect(page: Page): Promise<Page> {
	const [operator] = await Promise.all([
		page.waitForEvent('popup'),
		credentialForm(page).getByRole('button', { name: 'Connect', exact: true }).click(),
	]);
	return operator;
}

const exchangesAt = async (path: string): Promise<Exchange[]> =>
	(await sandbox.exchanges()).filter((exchange) => exchange.path.endsWith(path));

async function tokenRequests(): Promise<object[]> {
	const exchanges = await exchangesAt('/token');
	return exchanges.map(({ body }) => Object.fromEntries(new URLSearchParams(body)));
}

async function answersOfTheApi(): Promise<number[]> {
	return (await exchangesAt('/device-roaming-status/v1/retrieve')).map(({ status }) => status);
}
