import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import type { CredentialReference, WorkflowNode } from '../../localN8n/n8nApi';
import { importExample } from '../../localN8n/importExample';
import example from '../../examples/phone-signs-in.json';
import { applications } from '../../sandbox/applications';
import { pageForSuite } from '../support/browser';
import { phone, phoneThatAllows } from '../support/phone';
import { n8nForSuite } from '../support/realN8n';
import { sandboxForSuite } from '../support/suite';

jest.setTimeout(120_000);

const sandbox = sandboxForSuite();
const n8n = n8nForSuite();
const onThePhone = pageForSuite();

const ABROAD = '+34600000001';
const AT_HOME = '+34600000002';

/** Fields of the credential, and those of one of another client that could be taken for it. */
const operators = {
	telefonica: async () => ({
		own: { baseUrl: sandbox.baseUrls.telefonica, ...applications.roaming },
		other: { baseUrl: sandbox.baseUrls.telefonica, ...applications.otherApi },
	}),
	camara: async () => {
		const { privateKey, jwtBearer } = await sandbox.applications();
		const own = {
			baseUrl: sandbox.baseUrls.camara,
			discoveryUrl: `${sandbox.baseUrls.camara}/.well-known/openid-configuration`,
			clientAuthentication: 'privateKeyJwt',
			clientId: privateKey.clientId,
			privateKey: privateKey.privateKeys?.rsa,
			keyId: 'rsa',
		};
		return { own, other: { ...own, clientId: jwtBearer.clientId } }; // with the same key
	},
};

describe.each([
	['Telefónica, with a client secret', 'telefonica'],
	['an operator of CAMARA, with a private key', 'camara'],
] as const)('a phone that opens a link, at %s', (_name, operator) => {
	let credential: CredentialReference;
	let otherCredential: CredentialReference;
	let workflowId: string;

	async function publish(changes: Record<string, Partial<WorkflowNode>> = {}): Promise<void> {
		workflowId = await importExample(n8n.api, example, credential, changes);
		await n8n.api.activate(workflowId);
	}

	beforeAll(async () => {
		const { own, other } = await operators[operator]();
		const save = async (name: string, fields: object) =>
			await n8n.api.saveCredential({
				name: `${name} at ${operator}`,
				type: 'openGatewayApi',
				data: { operator, authorizationGrant: 'authorizationCode', ...fields },
			});
		credential = await save('Application', own);
		otherCredential = await save('Other application', other);
		await publish();
	});

	onThePhone('is welcomed abroad once its owner allows it', async (page) => {
		await openLink(page, ABROAD);
		expect(await answer(page, 'Allow', ABROAD)).toBe(OFFER);
		expect(await tokenRequests()).toEqual(['authorization_code']);
	});

	onThePhone('is welcomed at home', async (page) => {
		await openLink(page, AT_HOME);
		expect(await answer(page, 'Allow', AT_HOME)).toBe('You are at home: no offer today.');
	});

	onThePhone('is told why not if its owner refuses', async (page) => {
		await openLink(page, ABROAD);
		expect(await answer(page, 'Refuse', ABROAD)).toMatch(
			/^The owner of \+346•••••001 has not consented to this check\. The phone’s owner/,
		);
		expect(await tokenRequests()).toEqual([]);
	});

	onThePhone('is refused with a state that was altered', async (page) => {
		const callback = await callbackFor(ABROAD);
		const { state = '' } = callback;
		const middle = Math.floor(state.length / 2);
		const character = state.charAt(middle) === 'A' ? 'B' : 'A';
		const altered = state.slice(0, middle) + character + state.slice(middle + 1);

		expect(altered).toHaveLength(state.length);
		expect(await comeBack(page, { ...callback, state: altered })).toMatch(NOT_OURS);
		expect(await tokenRequests()).toEqual([]);
		expect(await comeBack(page, callback)).toBe(OFFER);
	});

	onThePhone('is refused if it comes back a second time', async (page) => {
		const callback = await callbackFor(ABROAD);

		expect(await comeBack(page, callback)).toBe(OFFER);
		expect(await comeBack(page, callback)).toMatch(
			/^The operator does not accept this authorization for \+346•••••001: it was used before/,
		);
	});

	describe('whose link has expired', () => {
		beforeAll(async () => {
			const createUrl = example.nodes.find(({ name }) => name === 'Create Authorization URL');
			const parameters = { ...createUrl?.parameters, options: { expiresIn: 1 } };
			await publish({ 'Create Authorization URL': { parameters } });
		});
		afterAll(async () => await publish());

		onThePhone('is refused, each time it comes back', async (page) => {
			await openLink(page, ABROAD);
			await sleep(1500);

			expect(await answer(page, 'Allow', ABROAD)).toMatch(EXPIRED);
			await page.reload();
			expect(await textOf(page)).toMatch(EXPIRED);
			expect(await tokenRequests()).toEqual([]);
		});
	});

	describe('whose link was made with another credential', () => {
		beforeAll(async () => {
			const credentials = { openGatewayApi: otherCredential };
			await publish({ 'Check Roaming': { credentials } });
		});
		afterAll(async () => await publish());

		onThePhone('is refused', async (page) => {
			await openLink(page, ABROAD);

			expect(await answer(page, 'Allow', ABROAD)).toMatch(NOT_OURS);
			expect(await tokenRequests()).toEqual([]);
		});
	});

	test('is in no execution that n8n keeps', async () => {
		const executions = async () => await n8n.api.executions(workflowId);
		while ((await executions()).some(({ status }) => status === 'running')) await sleep(100);

		expect(await executions()).toEqual([]);
	});
});

const OFFER = 'You are abroad (DE): here is your travel offer.';
const NOT_OURS =
	/^The state of this callback was altered, or made with another credential\. Select the same credential/;
const EXPIRED = /^The authorization URL of this callback has expired\. Send the phone to a new one/;

const addressOf = (webhook: string, query: Record<string, string>) =>
	`${n8n.url}/webhook/${webhook}?${new URLSearchParams(query)}`;

const linkFor = (phoneNumber: string) =>
	addressOf('roaming-start', { phone: phoneNumber, customer: '42' });

/** Opens the link, and arrives at the operator. */
async function openLink(page: Page, phoneNumber: string): Promise<void> {
	await page.goto(linkFor(phoneNumber));
	expect(new URL(page.url()).origin).toBe(sandbox.origin);
}

/** Answers the operator's page; what the workflow shows then. */
async function answer(
	page: Page,
	decision: 'Allow' | 'Refuse',
	phoneNumber: string,
): Promise<string> {
	await page.getByLabel('This phone').selectOption(phoneNumber);
	await page.getByRole('button', { name: decision }).click();
	await page.waitForURL(({ pathname }) => pathname === '/webhook/roaming-back');
	return await textOf(page);
}

/** What the operator would send this phone back with. */
async function callbackFor(phoneNumber: string): Promise<Record<string, string>> {
	const { url } = await phone().open(linkFor(phoneNumber));
	return await phoneThatAllows(url, phoneNumber);
}

/** Opens the address of the callback; what the workflow shows then. */
async function comeBack(page: Page, callback: Record<string, string>): Promise<string> {
	await page.goto(addressOf('roaming-back', callback));
	return await textOf(page);
}

const textOf = async (page: Page) => await page.locator('body').innerText();

/** The grants with which the operator was asked for a token. */
async function tokenRequests(): Promise<(string | null)[]> {
	const exchanges = await sandbox.exchanges();
	return exchanges
		.filter(({ path }) => path.endsWith('/token'))
		.map(({ body }) => new URLSearchParams(body).get('grant_type'));
}
