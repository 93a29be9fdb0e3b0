import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import axios from 'axios';
import type { Page } from 'playwright-core';
import type { CredentialReference, Workflow, WorkflowNode } from '../../localN8n/n8nApi';
import { importExample } from '../../localN8n/importExample';
import { N8N_1_VERSION, N8N_VERSION } from '../../localN8n/runtime';
import example from '../../examples/phone-signs-in.json';
import { applications } from '../../sandbox/applications';
import { pageForSuite } from '../support/browser';
import { phoneThatAllows } from '../support/phone';
import { n8nForSuite } from '../support/realN8n';
import { sandboxForSuite } from '../support/suite';

jest.setTimeout(300_000);

const sandbox = sandboxForSuite();
const onThePhone = pageForSuite();

const ABROAD = '+34600000001';
const AT_HOME = '+34600000002';
const AT_SEA = '+34600000004';

/** The customers of the example, whose phones are abroad and at home. */
const TRAVELLER = '42';
const NEIGHBOUR = '43';

const OFFER = 'You are abroad (DE): here is your travel offer.';
const NO_OFFER = 'You are at home: no offer today.';
const NOT_ALLOWED = 'You did not allow the check, so there is no travel offer.';
const OTHER_BROWSER = 'Please open your link again, and stay in the same browser.';
const USED = 'This page has been used. Please open your link again.';
const EXPIRED = 'That took too long. Please open your link again, or ask for a new one.';
const NOT_CHECKED = 'We could not check your phone. Please ask for a new link, or try again later.';
const INVALID_LINK = 'This link is no longer valid. Please ask for a new one.';
const NO_NUMBER = 'We have no mobile number of yours that we could check. Please contact us.';

/** What the app sends when it asks for a link. */
const app = { name: 'X-Api-Key', value: randomBytes(16).toString('hex') };

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
	[N8N_VERSION, 'Telefónica, with a client secret', 'telefonica'],
	[N8N_1_VERSION, 'an operator of CAMARA, with a private key', 'camara'],
] as const)('in n8n %s, at %s', (version, _name, operator) => {
	const n8n = n8nForSuite(undefined, version);

	describe('a phone that opens a link', () => {
		let credential: CredentialReference;
		let otherCredential: CredentialReference;
		let httpHeaderAuth: CredentialReference;
		let jwtAuth: CredentialReference;
		let workflowId: string;

		type Changes = Record<string, Partial<WorkflowNode>>;
		async function publish(changes: Changes = {}, workflow: Workflow = example): Promise<string> {
			const id = await importExample(n8n.api, workflow, credential, {
				'App asks for a link': { credentials: { httpHeaderAuth } },
				'Check the link': { credentials: { jwtAuth } },
				...changes,
				'Sign the link': { credentials: { jwtAuth }, ...changes['Sign the link'] },
			});
			await n8n.api.activate(id);
			return id;
		}
		/** The same workflow, at other addresses. */
		const otherWorkflow = {
			...example,
			name: 'Another workflow',
			nodes: JSON.parse(
				JSON.stringify(example.nodes)
					.replaceAll('roaming-', 'other-')
					.replace(/"(id|webhookId)":"/g, '"$1":"0'),
			) as WorkflowNode[],
		};
		/** The parameters of a node with a change in them. */
		const parametersWith = (name: string, change: object) => ({
			parameters: { ...example.nodes.find((node) => node.name === name)?.parameters, ...change },
		});
		const changed = (changes: Changes) => {
			beforeAll(async () => void (await publish(changes)));
			afterAll(async () => void (await publish()));
		};

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
			httpHeaderAuth = await n8n.api.saveCredential({
				name: 'App',
				type: 'httpHeaderAuth',
				data: app,
			});
			const secret = randomBytes(32).toString('base64url');
			jwtAuth = await n8n.api.saveCredential({
				name: 'Links',
				type: 'jwtAuth',
				data: { keyType: 'passphrase', secret, algorithm: 'HS256' },
			});
			workflowId = await publish();
		});

		const addressOf = (webhook: string, query: Record<string, string>) =>
			`${n8n.url}/webhook/${webhook}?${new URLSearchParams(query)}`;

		async function askForLink(headers: Record<string, string>, customer = TRAVELLER) {
			const options = { headers, proxy: false, validateStatus: () => true } as const;
			const address = `${n8n.url}/webhook/roaming-link`;
			return await axios.post<{ link: string }>(address, { customer }, options);
		}
		const linkFor = async (customer: string) =>
			(await askForLink({ [app.name]: app.value }, customer)).data.link;

		/** Opens a new link for the customer, and arrives at the operator; the authorization URL. */
		async function openLink(page: Page, customer = TRAVELLER): Promise<string> {
			const authorization = page.waitForRequest((request) =>
				new URL(request.url()).searchParams.has('code_challenge'),
			);
			await page.goto(await linkFor(customer));
			expect(new URL(page.url()).origin).toBe(sandbox.origin);
			return (await authorization).url();
		}

		/** Answers the operator's page; what the workflow shows then. */
		async function answer(page: Page, decision: 'Allow' | 'Refuse', phoneNumber: string) {
			await page.getByLabel('This phone').selectOption(phoneNumber);
			await page.getByRole('button', { name: decision }).click();
			await page.waitForURL(({ pathname }) => pathname === '/webhook/roaming-back');
			return await textOf(page);
		}

		/** Opens an address of n8n; what the phone shows then, as plain text. */
		async function shown(page: Page, address: string): Promise<string> {
			const response = await page.goto(address);
			expect(response?.headers()['content-type']).toBe('text/plain; charset=utf-8');
			return await textOf(page);
		}
		const comeBack = async (page: Page, callback: Record<string, string>, to = 'roaming-back') =>
			await shown(page, addressOf(to, callback));

		onThePhone('is welcomed abroad once its owner allows it', async (page) => {
			await openLink(page);
			expect(await answer(page, 'Allow', ABROAD)).toBe(OFFER);
			expect(await tokenRequests()).toEqual(['authorization_code']);
		});

		onThePhone('is welcomed at home', async (page) => {
			await openLink(page, NEIGHBOUR);
			expect(await answer(page, 'Allow', AT_HOME)).toBe(NO_OFFER);
		});

		onThePhone('is told why not if its owner refuses', async (page) => {
			await openLink(page);
			expect(await answer(page, 'Refuse', ABROAD)).toBe(NOT_ALLOWED);
			expect(await tokenRequests()).toEqual([]);
		});

		onThePhone('is answered for two links that its browser opened, in any order', async (page) => {
			const first = await openLink(page, TRAVELLER);
			const second = await openLink(page, NEIGHBOUR);
			expect(await comeBack(page, await phoneThatAllows(second, AT_HOME))).toBe(NO_OFFER);
			expect(await comeBack(page, await phoneThatAllows(first, ABROAD))).toBe(OFFER);
		});

		onThePhone('is refused with a state that was altered', async (page) => {
			const callback = await phoneThatAllows(await openLink(page), ABROAD);
			const { state = '' } = callback;
			const middle = Math.floor(state.length / 2);
			const character = state.charAt(middle) === 'A' ? 'B' : 'A';
			const altered = state.slice(0, middle) + character + state.slice(middle + 1);

			expect(altered).toHaveLength(state.length);
			expect(await comeBack(page, { ...callback, state: altered })).toBe(NOT_CHECKED);
			expect(await tokenRequests()).toEqual([]);
			expect(await comeBack(page, callback)).toBe(OFFER);
		});

		onThePhone('is refused if it comes back a second time', async (page) => {
			await openLink(page);
			expect(await answer(page, 'Allow', ABROAD)).toBe(OFFER);
			await page.reload();
			expect(await textOf(page)).toBe(USED);
			expect(await tokenRequests()).toHaveLength(1);
		});

		onThePhone(
			'is refused if the link was forwarded to it from the operator’s page',
			async (page) => {
				const authorizationUrl = await openLink(page);
				const victim = await newProfile(page);
				await victim.goto(authorizationUrl);

				expect(await answer(victim, 'Allow', ABROAD)).toBe(OTHER_BROWSER);
				expect(await tokenRequests()).toEqual([]);
				// Not even the browser that forwarded it can use what the victim came back with.
				expect(await shown(page, victim.url())).toBe(USED);
				expect(await tokenRequests()).toEqual([]);
			},
		);

		onThePhone('is refused as another customer, whatever is in its address', async (page) => {
			const link = new URL(await linkFor(TRAVELLER));
			const [head = '', claims = '', signature = ''] =
				link.searchParams.get('link')?.split('.') ?? [];
			const read = JSON.parse(Buffer.from(claims, 'base64url').toString()) as object;
			expect(read).toEqual({
				sub: TRAVELLER,
				exp: expect.any(Number) as number,
				iat: expect.any(Number) as number,
			});
			const forged = encoded({ ...read, sub: NEIGHBOUR });
			const unsigned = encoded({ alg: 'none', typ: 'JWT' });
			for (const query of [
				{ link: `${head}.${forged}.${signature}` },
				{ link: `${unsigned}.${forged}.` },
				{ link: '' },
				{ customer: NEIGHBOUR, phone: AT_HOME },
			] as Record<string, string>[]) {
				expect(await shown(page, addressOf('roaming-start', query))).toBe(INVALID_LINK);
			}
			expect(await sandbox.exchanges()).toEqual([]);
		});

		onThePhone('is refused if it is the second of three with one URL', async (page) => {
			const authorizationUrl = await openLink(page);
			expect(await answer(page, 'Allow', ABROAD)).toBe(OFFER);
			for (const phoneNumber of [AT_HOME, AT_SEA]) {
				const other = await newProfile(page);
				await other.goto(authorizationUrl);
				expect(await answer(other, 'Allow', phoneNumber)).toBe(OTHER_BROWSER);
				await page.goto(authorizationUrl);
				expect(await answer(page, 'Allow', phoneNumber)).toBe(USED);
			}
			expect(await tokenRequests()).toHaveLength(1);
		});

		onThePhone('is refused by another workflow with the same credential', async (page) => {
			await publish({}, otherWorkflow);
			const callback = await phoneThatAllows(await openLink(page), ABROAD);

			expect(await comeBack(page, callback, 'other-back')).toBe(NOT_CHECKED);
			expect(await tokenRequests()).toEqual([]);
			expect(await comeBack(page, callback)).toBe(OFFER);
		});

		onThePhone('is answered once for 200 codes with one state', async (page) => {
			const { state = '', code = '' } = await phoneThatAllows(await openLink(page), ABROAD);
			const cookies = await page.context().cookies();
			const options = {
				headers: { cookie: cookies.map(({ name, value }) => `${name}=${value}`).join('; ') },
				proxy: false,
				validateStatus: () => true,
			} as const;
			const bring = async (query: Record<string, string>) =>
				(await axios.get<string>(addressOf('roaming-back', query), options)).data;

			expect(await bring({ state, code })).toBe(OFFER);
			for (let batch = 0; batch < 20; batch++) {
				const codes = Array.from({ length: 10 }, (_, at) => `${code.slice(0, -3)}${batch}${at}`);
				const answers = codes.map(async (other) => await bring({ state, code: other }));
				expect(new Set(await Promise.all(answers))).toEqual(new Set([USED]));
			}
			expect(await tokenRequests()).toHaveLength(1);
		});

		onThePhone(
			'gets a cookie that no script and no other site sees, in a redirect',
			async (page) => {
				await openLink(page);
				const { sameSite, httpOnly, secure, path, domain } =
					(await page.context().cookies()).findLast(({ name }) =>
						name.startsWith('__Host-openGateway-'),
					) ?? {};
				expect({ sameSite, httpOnly, secure, path, domain }).toEqual({
					sameSite: 'Lax',
					httpOnly: true,
					secure: true,
					path: '/',
					domain: '127.0.0.1',
				});
			},
		);

		onThePhone(
			'is told to ask for a new link if its customer has no phone number',
			async (page) => {
				expect(await shown(page, await linkFor('44'))).toBe(NO_NUMBER);
				expect(await sandbox.exchanges()).toEqual([]);
			},
		);

		test('gets no link from an app without the key', async () => {
			for (const headers of [{}, { [app.name]: 'wrong' }]) {
				const { status, data } = await askForLink(headers);
				expect(status).toBe(403);
				expect(JSON.stringify(data)).not.toContain('roaming-start');
			}
		});

		describe('whose number lost its + on the way', () => {
			const assignments = example.nodes
				.find(({ name }) => name === 'Find its number')
				?.parameters.assignments?.assignments?.map((assignment) =>
					assignment.name === 'phoneNumber'
						? { ...assignment, value: ABROAD.replace('+', ' ') }
						: assignment,
				);
			changed({
				'Find its number': parametersWith('Find its number', { assignments: { assignments } }),
			});

			onThePhone('is told so in a sentence', async (page) => {
				expect(await shown(page, await linkFor(TRAVELLER))).toBe(NO_NUMBER);
			});
		});

		describe('whose link is too old', () => {
			const claimsJson =
				'={{ JSON.stringify({ sub: "42", exp: Math.floor(Date.now() / 1000) - 1 }) }}';
			changed({ 'Sign the link': parametersWith('Sign the link', { claimsJson }) });

			onThePhone('is told to ask for a new one', async (page) => {
				expect(await shown(page, await linkFor(TRAVELLER))).toBe(INVALID_LINK);
			});
		});

		describe('whose URL has expired', () => {
			const options = { expiresIn: 1 };
			changed({
				'Create Authorization URL': {
					...parametersWith('Create Authorization URL', { options }),
				},
			});

			onThePhone('is refused, each time it comes back', async (page) => {
				await openLink(page);
				await sleep(1500);

				expect(await answer(page, 'Allow', ABROAD)).toBe(EXPIRED);
				await page.reload();
				expect(await textOf(page)).toBe(EXPIRED);
				expect(await tokenRequests()).toEqual([]);
			});
		});

		describe('whose URL was made with another credential', () => {
			beforeAll(async () => {
				const credentials = { openGatewayApi: otherCredential };
				await publish({ 'Check Roaming': { credentials } });
			});
			afterAll(async () => void (await publish()));

			onThePhone('is refused', async (page) => {
				await openLink(page);

				expect(await answer(page, 'Allow', ABROAD)).toBe(NOT_CHECKED);
				expect(await tokenRequests()).toEqual([]);
			});
		});

		test('is in no execution that n8n keeps', async () => {
			const executions = async () => await n8n.api.executions(workflowId);
			while ((await executions()).some(({ status }) => status === 'running')) await sleep(100);

			expect(await executions()).toEqual([]);
		});
	});
});

const encoded = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A page of another browser profile, without any cookies. */
async function newProfile(page: Page): Promise<Page> {
	const browser = page.context().browser();
	if (!browser) throw new Error('The browser has ended.');
	return await (await browser.newContext()).newPage();
}

const textOf = async (page: Page) => await page.locator('body').innerText();

/** The grants with which the operator was asked for a token. */
async function tokenRequests(): Promise<(string | null)[]> {
	const exchanges = await sandbox.exchanges();
	return exchanges
		.filter(({ path }) => path.endsWith('/token'))
		.map(({ body }) => new URLSearchParams(body).get('grant_type'));
}
