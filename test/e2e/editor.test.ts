import type { Locator, Page } from 'playwright-core';
import { operators } from '../../nodes/OpenGateway/operators';
import { importSample } from '../support/sample';
import { pageForSuite } from '../support/browser';
import {
	addNode,
	choose,
	chosenIn,
	closeCredentialForm,
	credentialForm,
	expectFields,
	field,
	fieldsIn,
	itemsShown,
	searchNode,
	signIn,
	takePicture,
	takePictureOfForm,
} from '../support/editor';
import { n8nForSuite } from '../support/realN8n';
import { sandboxForSuite } from '../support/suite';

jest.setTimeout(400_000);

const sandbox = sandboxForSuite();
const n8n = n8nForSuite();
const inTheEditor = pageForSuite();

inTheEditor('the node is found by typing "roaming", and has its icon', async (page) => {
	await signIn(page, n8n);
	const found = await searchNode(page, n8n, 'roaming');

	// The node and its trigger.
	expect(await found.count()).toBe(2);
	expect(await widthOf(found.getByRole('img').first())).toBeGreaterThan(0);
});

inTheEditor('its action is chosen, and its credential entered and tested', async (page) => {
	await addNode(page);
	await page.getByRole('button', { name: 'Connect to Open Gateway' }).click();

	const form = credentialForm(page);
	// Empty: the mock application's.
	expect(await field(page, 'clientId').inputValue()).toBe('');
	expect(await field(page, 'clientId').getAttribute('placeholder')).toBe('mock_sandbox_app_id');
	expect(await field(page, 'clientSecret').getAttribute('type')).toBe('password');
	await field(page, 'baseUrl').fill(sandbox.baseUrls.telefonica);
	await form.getByTestId('credential-save-button').click();
	// n8n closes the form when its test succeeds, and shows the result when it is opened again.
	await form.waitFor({ state: 'hidden' });
	await page.getByTestId('credential-edit-button').click();
	await form.getByText('Connection tested successfully').waitFor();

	await closeCredentialForm(page);
});

inTheEditor(
	'the credential’s form shows what each choice needs, and nothing else',
	async (page) => {
		const tall = { width: 1280, height: 2000 };
		const { width, height } = page.viewportSize() ?? tall;
		await page.setViewportSize(tall);
		await page.getByTestId('credential-edit-button').click();
		const form = credentialForm(page);
		await form.getByText('Connection tested successfully').waitFor();
		await form.locator('.n8n-spinner').first().waitFor({ state: 'detached' });
		const shows = async (...fields: string[]) => await expectFields(page, ...fields);

		const scope = ['purpose', 'scope'];
		const secret = ['clientAuthentication', 'clientId', 'clientSecret'];
		const key = ['clientId', 'privateKey', 'keyId', 'signingAlgorithm'];
		const first = ['operator', 'baseUrl'];
		const server = ['authorizationGrant', 'authorizationBaseUrl'];
		await shows(...first, ...server, ...secret, ...scope);
		await takePictureOfForm(page, 'credential-telefonica.png');
		for (const [authorizationGrant, shown] of [
			['Backend Flow (JWT Bearer)', ['authorizationBaseUrl', ...key, ...scope]],
			['Access Token', ['accessToken']],
			['Frontend Flow (Authorization Code)', ['authorizationBaseUrl', ...secret, ...scope]],
		] as const) {
			await choose(page, 'authorizationGrant', authorizationGrant);
			await shows(...first, 'authorizationGrant', ...shown);
		}

		await choose(page, 'operator', 'Nokia Network as Code');
		await shows('operator', 'nokiaApiHub', 'baseUrl', 'apiKey');
		await takePictureOfForm(page, 'credential-nokia.png');

		await choose(page, 'operator', 'Orange');
		const ofOrange = ['operator', 'orangeEnvironment', 'baseUrl'];
		await shows(...ofOrange, ...server, ...secret, ...scope);
		await field(page, 'baseUrl').clear();
		await takePictureOfForm(page, 'credential-orange.png');
		await choose(page, 'authorizationGrant', 'Client Credentials');
		await shows(...ofOrange, ...server, ...secret);
		await choose(page, 'orangeEnvironment', 'Lab');
		await shows(...ofOrange, 'authorizationBaseUrl', 'clientId', 'clientSecret');

		await choose(page, 'operator', 'Vonage / Deutsche Telekom');
		await shows(...first, 'clientId', 'privateKey', 'keyId', 'purpose');

		first.splice(1, 0, 'apiVersion');
		await choose(page, 'operator', 'Other Operator (CAMARA)');
		await choose(page, 'authorizationGrant', 'Backend Flow (CIBA)');
		const urls = ['discoveryUrl', 'backchannelAuthorizationUrl', 'tokenUrl'];
		// CAMARA requires a signed client assertion.
		const byKey = ['camaraClientAuthentication', ...key];
		await shows(...first, 'authorizationGrant', ...urls, ...byKey, ...scope);
		await choose(page, 'camaraClientAuthentication', 'Client Secret (Basic)');
		const bySecret = ['camaraClientAuthentication', 'clientId', 'clientSecret'];
		await shows(...first, 'authorizationGrant', ...urls, ...bySecret, ...scope);
		await field(page, 'baseUrl').fill('https://api.example.com');
		await field(page, 'discoveryUrl').fill(
			'https://api.example.com/.well-known/openid-configuration',
		);
		await choose(page, 'camaraClientAuthentication', 'Private Key (JWT)');
		const discovered = ['authorizationGrant', 'discoveryUrl', 'camaraClientAuthentication'];
		await shows(...first, ...discovered, ...key, ...scope);
		await takePictureOfForm(page, 'credential-camara.png');
		await choose(page, 'apiVersion', 'v0.5');
		await shows(...first, ...discovered, ...key, ...scope);
		await field(page, 'scope').fill('openid other:scope');
		await shows(...first, ...discovered, ...key, 'scope');

		await form.getByRole('button', { name: 'Close this dialog' }).click();
		await page.getByRole('button', { name: 'Close', exact: true }).click();
		await form.waitFor({ state: 'hidden' });
		await page.setViewportSize({ width, height });
	},
);

inTheEditor('its resource, operation and identifier are there and switch', async (page) => {
	expect(await fieldsIn(page.getByTestId('node-parameters'))).toEqual(
		expect.arrayContaining(['resource', 'operation', 'identifierType', 'phoneNumber']),
	);
	await choose(page, 'identifierType', 'IPv6 Address');
	await field(page, 'ipv6Address').waitFor();
	await choose(page, 'identifierType', 'Phone Number');
	await field(page, 'phoneNumber').waitFor();

	await choose(page, 'resource', 'Authorization');
	expect(await chosenIn(page, 'operation')).toBe('Create Authorization URL');
	await field(page, 'redirectUri').waitFor();
	await choose(page, 'resource', 'Device');
	expect(await chosenIn(page, 'operation')).toBe('Check Roaming');
	await field(page, 'phoneNumber').waitFor();
});

inTheEditor('it is executed, and its answer seen', async (page) => {
	await field(page, 'phoneNumber').fill('+34600000001');
	await page.getByTestId('node-execute-button').click();

	const output = page.getByTestId('output-panel');
	await output.getByText('1 item').waitFor();
	await output.getByText('Schema', { exact: true }).click();
	expect(await schemaIn(output)).toEqual(
		new Set([
			'device',
			'phoneNumber +34600000001',
			'roaming true',
			'countryCode 262',
			'countryName',
			'countryName[0] DE',
			'country DE',
			'lastStatusTime [null]',
		]),
	);

	expect(await itemsShown(page)).toEqual([
		{
			device: { phoneNumber: '+34600000001' },
			roaming: true,
			countryCode: 262,
			countryName: ['DE'],
			country: 'DE',
			lastStatusTime: null,
		},
	]);
	await takePicture(page, 'editor-node.png');
});

inTheEditor('the fields of its answer are shown before it ever ran', async (page) => {
	await openSample(page);
	await node(page, 'Is it roaming?').dblclick();
	const input = page.getByTestId('ndv-input-panel');
	await input.getByText('Preview').first().waitFor();

	expect(await schemaIn(input)).toEqual(
		new Set([
			'device',
			'phoneNumber',
			'roaming',
			'countryCode',
			'countryName',
			'countryName[0]',
			'country',
			'lastStatusTime',
		]),
	);
});

inTheEditor('the sample workflow shows how many devices took which branch', async (page) => {
	await openSample(page);
	await node(page, 'Every hour').hover();
	await page.getByTestId('execute-workflow-button-Every hour').click();

	for (const [branch, count] of [
		['Roaming', '6 items'],
		['At home', '1 item'],
		['No answer', '3 items'],
	]) {
		const arrow = page.locator(`[data-test-id="edge-label"][data-target-node-name="${branch}"]`);
		await arrow.getByText(count!, { exact: true }).waitFor();
	}
	await takePicture(page, 'editor-workflow.png');
});

inTheEditor('it is found by the name of every operator that the form offers', async (page) => {
	const names = Object.values(operators).map(({ displayName }) => displayName);
	for (const name of names) {
		await searchNode(page, n8n, name);
		await searchNode(page, n8n, name.normalize('NFD').replace(/\p{Diacritic}/gu, ''));
	}
	expect(names).toContain('Telefónica Open Gateway');
});

inTheEditor('it is offered to AI agents as a tool', async (page) => {
	const types = await (await page.request.get(`${n8n.url}/types/nodes.json`)).text();

	expect(types).toContain('"n8n-nodes-open-gateway.openGatewayDeviceStatusTool"');
});

async function openSample(page: Page): Promise<void> {
	await page.goto(
		`${n8n.url}/workflow/${await importSample(n8n.api, sandbox.baseUrls.telefonica)}`,
	);
}

/** A node of the workflow on the canvas. */
function node(page: Page, name: string): Locator {
	return page.locator(`[data-test-id="canvas-node"][data-node-name="${name}"]`);
}

/** The lines of the schema view that is open in a panel, in no order. */
async function schemaIn(panel: Locator): Promise<Set<string>> {
	const lines = panel.getByTestId('run-data-schema-item');
	await lines.getByText('lastStatusTime').waitFor();
	return new Set((await lines.allInnerTexts()).map((line) => line.replaceAll('\n', ' ')));
}

/** Of an image, in pixels, once it has loaded. */
async function widthOf(image: Locator): Promise<number> {
	return await image.evaluate(
		async (element: { decode(): Promise<void>; naturalWidth: number }) => {
			await element.decode();
			return element.naturalWidth;
		},
	);
}
