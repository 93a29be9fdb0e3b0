import { setTimeout as sleep } from 'node:timers/promises';
import type { IDataObject } from 'n8n-workflow';
import type { Api, ApiName } from '../nodes/OpenGateway/apis';
import { roamingStatus } from '../nodes/OpenGateway/apis/roamingStatus';
import type { AuthorizationUrl, Callback } from '../nodes/OpenGateway/authorization';
import { parseApplication, type Application } from '../nodes/OpenGateway/credential/application';
import { parsePhoneNumber, type Device } from '../nodes/OpenGateway/device';
import type { ErrorText } from '../nodes/OpenGateway/errors';
import {
	ask,
	askAfterCallback,
	askSignedIn,
	createAuthorizationUrl,
} from '../nodes/OpenGateway/gateway';
import type { ApiDialect } from '../nodes/OpenGateway/operators';
import { telefonica } from '../nodes/OpenGateway/operators/telefonica';
import { authorizationServerAt } from './support/authorizationServer';
import { cookiesOf } from './support/callback';
import { openGatewayApi } from './support/credential';
import { ipv6, phone } from './support/identifiers';
import { failure, refusedWith, textOf } from './support/refusal';
import {
	startScriptedOperator,
	type ScriptedAnswer,
	type ScriptedOperator,
} from './support/scriptedOperator';

const device: Device = phone;
const AT_HOME = { roaming: false, countryCode: null, countryName: [], country: null };
const ANSWERED: ScriptedAnswer = { body: { roaming: false } };
const FORBIDDEN: ScriptedAnswer = { status: 403, body: { code: 'FORBIDDEN' } };
const UNAUTHORIZED: ScriptedAnswer = { status: 401, body: { code: 'UNAUTHORIZED' } };
const transport = authorizationServerAt('http://127.0.0.1:1');

let operator: ScriptedOperator;
let tokens: number;
/** The responses of the API in turn; the last one stays. */
let answers: ScriptedAnswer[];
/** Another credential for each test, for which nothing is cached yet. */
let id = 0;

beforeEach(async () => {
	tokens = 0;
	answers = [ANSWERED];
	id++;
	operator = await startScriptedOperator(({ path }) => {
		if (path.endsWith('/bc-authorize')) return { body: { auth_req_id: 'made-up' } };
		if (path.endsWith('/token')) {
			const token = `token-${++tokens}`;
			return { body: { access_token: token, token_type: 'Bearer', expires_in: 3600 } };
		}
		return (answers.length > 1 ? answers.shift() : answers[0]) ?? {};
	});
});
afterEach(async () => await operator.close());

const application = (changes: IDataObject = {}) =>
	parseApplication(openGatewayApi({ baseUrl: operator.baseUrl, ...changes }), String(id));
/** An operator of CAMARA, with its endpoints in the credential. */
const camara = (changes: IDataObject = {}) =>
	application({
		operator: 'camara',
		tokenUrl: `${operator.baseUrl}/token`,
		authorizationUrl: `${operator.baseUrl}/authorize`,
		backchannelAuthorizationUrl: `${operator.baseUrl}/bc-authorize`,
		...changes,
	});
const frontend = () => application({ authorizationGrant: 'authorizationCode' });
const askRoaming = async (about: Device = device, by = application(), during = transport) =>
	await ask(roamingStatus, by, about, during);
/** The transport of a run that begins after all tokens so far were obtained. */
async function nextRun() {
	await sleep(2);
	return { ...transport, startedAt: Date.now() };
}

const apiRequests = () => operator.received.filter(({ path }) => !/(-authorize|token)$/.test(path));
/** The number of the token in each API request. */
const tokensUsed = () =>
	apiRequests().map(({ headers }) => Number(headers.authorization?.replace('Bearer token-', '')));

/** An API that an operator offers only with {@link offering}. */
const madeUpApi = {
	name: 'madeUp',
	displayName: 'Made-Up API',
	read: ({ status, json }) => ({ status, json }),
} satisfies Api<object> as unknown as Api<object, ApiName>;

function offering(request: ReturnType<ApiDialect['request']>): Application {
	const { operator, ...others } = application();
	const madeUp: ApiDialect = {
		path: '/made-up/v1/retrieve',
		scope: () => 'made-up-scope',
		request: () => request,
	};
	return { ...others, operator: { ...operator, apis: { ...operator.apis, ...{ madeUp } } } };
}

describe('a question about a device', () => {
	test('is sent with a token for the device, and all requests have one correlator', async () => {
		expect(await askRoaming()).toMatchObject(AT_HOME);

		expect(operator.received.map(({ path }) => path)).toEqual([
			'/bc-authorize',
			'/token',
			'/device-status/v0/roaming',
		]);
		expect(apiRequests()).toMatchObject([
			{
				method: 'POST',
				headers: { authorization: 'Bearer token-1' },
				body: '{"ueId":{"msisdn":"+34600000001"}}',
			},
		]);
		const correlators = operator.received.map(({ headers }) => headers['x-correlator']);
		expect(new Set(correlators).size).toBe(1);
		expect(correlators[0]).toMatch(/^[\da-f-]{36}$/);
	});

	test('uses the cached token of its device, and of no other', async () => {
		for (const about of [device, ipv6, device]) await askRoaming(about);

		expect(tokensUsed()).toEqual([1, 2, 1]);
	});

	test('uses no token of another credential', async () => {
		await askRoaming();
		await askRoaming(device, application({ clientSecret: 'another' }));

		expect(tokensUsed()).toEqual([1, 2]);
	});

	test('uses no token of another scope', async () => {
		const both = offering({ url: `${operator.baseUrl}/made-up` });
		await askRoaming(device, both);
		await ask(madeUpApi, both, device, transport);
		await askRoaming(device, both);

		expect(tokensUsed()).toEqual([1, 2, 1]);
		const scopes = operator.received
			.filter(({ path }) => path === '/bc-authorize')
			.map(({ body }) => new URLSearchParams(body).get('scope'));
		expect(scopes).toEqual([expect.stringMatching(/device-status-roaming-read$/), 'made-up-scope']);
	});

	test('uses a token of the application for every device', async () => {
		const all = camara({ authorizationGrant: 'clientCredentials' });
		for (const about of [device, ipv6]) await askRoaming(about, all);

		expect(tokensUsed()).toEqual([1, 1]);
		const bodies = apiRequests().map(({ body }) => JSON.parse(body));
		expect(bodies).toEqual([{ device }, { device: ipv6 }]);
	});

	test('renews a cached token that is refused', async () => {
		await askRoaming();
		answers = [UNAUTHORIZED, ANSWERED];
		expect(await askRoaming()).toMatchObject(AT_HOME);

		expect(tokensUsed()).toEqual([1, 1, 2]);
	});

	test('renews a token once, and does not cache one that is refused again', async () => {
		await askRoaming();
		answers = [UNAUTHORIZED, UNAUTHORIZED, ANSWERED];
		expect(await failure(askRoaming())).toMatchObject({ code: 'UNAUTHORIZED', status: 401 });
		await askRoaming();

		expect(tokensUsed()).toEqual([1, 1, 2, 3]);
	});

	test('does not renew a new token that is refused, and does not cache it', async () => {
		answers = [UNAUTHORIZED, ANSWERED];
		expect(await failure(askRoaming())).toMatchObject({ status: 401 });
		await askRoaming();

		expect(tokensUsed()).toEqual([1, 2]);
	});

	test.each([
		[404, 'NOT_FOUND'],
		[429, 'QUOTA_EXCEEDED'],
		[403, 'QUOTA_EXCEEDED'],
	])('keeps a token after a refusal that is not about it: %i %s', async (status, code) => {
		await askRoaming();
		answers = [{ status, body: { code } }, ANSWERED];
		expect(await failure(askRoaming(device, application(), await nextRun()))).toMatchObject({
			code,
		});
		await askRoaming();

		expect(tokensUsed()).toEqual([1, 1, 1]);
	});

	describe.each([
		['of a device', application],
		['of the application', () => camara({ authorizationGrant: 'clientCredentials' })],
	])('with a token %s that is refused with HTTP 403', (_whose, by) => {
		test('keeps it in the run that it was obtained in', async () => {
			answers = [FORBIDDEN, FORBIDDEN, ANSWERED];
			for (let time = 0; time < 2; time++) {
				expect(await failure(askRoaming(device, by()))).toMatchObject({ status: 403 });
			}
			await askRoaming(device, by());

			expect(tokensUsed()).toEqual([1, 1, 1]);
		});

		test('renews it if it was kept from an earlier run', async () => {
			await askRoaming(device, by());
			answers = [FORBIDDEN, ANSWERED];
			expect(await askRoaming(device, by(), await nextRun())).toMatchObject(AT_HOME);

			expect(tokensUsed()).toEqual([1, 1, 2]);
		});

		test('renews it once a run', async () => {
			await askRoaming(device, by());
			answers = [FORBIDDEN];
			const run = await nextRun();
			for (let time = 0; time < 3; time++) {
				expect(await failure(askRoaming(device, by(), run))).toMatchObject({ status: 403 });
			}

			expect(tokensUsed()).toEqual([1, 1, 2, 2, 2]);
		});
	});

	test('renews a token of the application once, however many of its devices are refused', async () => {
		const by = camara({ authorizationGrant: 'clientCredentials' });
		await askRoaming(device, by);
		answers = [FORBIDDEN];
		const run = await nextRun();
		const many = Array.from({ length: 50 }, (_, nth) => parsePhoneNumber(`+346000000${10 + nth}`));
		await Promise.all(
			many.map(async (phoneNumber) => await failure(askRoaming({ phoneNumber }, by, run))),
		);

		expect(tokens).toBe(2);
		expect(apiRequests().length).toBeLessThanOrEqual(1 + 2 * many.length);
	});

	test.each([
		[201, { id: 1 }],
		[204, undefined],
	])('is answered by any 2xx: %i', async (status, json) => {
		answers = [{ status, body: json }];
		const creating = offering({ url: `${operator.baseUrl}/made-up`, json: { made: 'up' } });

		expect(await ask(madeUpApi, creating, device, transport)).toEqual({ status, json });
		expect(apiRequests()).toMatchObject([{ method: 'POST', body: '{"made":"up"}' }]);
	});

	test('can be a DELETE without a body', async () => {
		const deleting = offering({ method: 'DELETE', url: `${operator.baseUrl}/made-up/1` });
		await ask(madeUpApi, deleting, device, transport);

		expect(apiRequests()).toMatchObject([{ method: 'DELETE', path: '/made-up/1', body: '' }]);
		expect(apiRequests()[0]?.headers).not.toHaveProperty('content-type');
	});
});

describe('a refusal', () => {
	const refused = async (answer: ScriptedAnswer) => {
		answers = [answer];
		return await failure(askRoaming());
	};

	test('has the words of the table, and those of the operator beside them', async () => {
		const body = { code: 'NOT_FOUND', message: 'No such line: +34600000001' };
		const headers = { 'x-correlator': 'the-operators-own' };
		expect(await refused({ status: 404, body, headers })).toMatchObject({
			code: 'NOT_FOUND',
			status: 404,
			nextMove: 'you',
			correlator: 'the-operators-own',
			serverMessage: 'No such line: +346•••••001',
			words: textOf(telefonica.errors.NOT_FOUND as ErrorText, '+346•••••001'),
		});
	});

	test.each(['MADE_UP', 'toString'])(
		'with a code that nobody knows has the words of its status: %s',
		async (code) => {
			expect(await refused({ status: 400, body: { code } })).toMatchObject({
				code,
				nextMove: 'you',
				words: textOf(telefonica.errors.HTTP_400 as ErrorText, '+346•••••001'),
			});
		},
	);

	test('without a code has that of its status', async () => {
		expect(await refused({ status: 503, body: '<html>' })).toEqual(refusedWith('HTTP_503'));
	});

	test('is any status but 2xx, even with the body of an answer', async () => {
		expect(await refused({ ...ANSWERED, status: 302 })).toMatchObject({
			code: 'UNEXPECTED_ANSWER',
			status: 302,
			misdirected: true,
		});
	});

	test('can come with 2xx, in place of an answer', async () => {
		expect(await refused({ body: { code: 'NOT_FOUND' } })).toEqual(refusedWith('NOT_FOUND'));
		expect(await refused({ body: {} })).toEqual(refusedWith('UNEXPECTED_ANSWER', /"roaming"/));
	});

	test.each([
		['comes from the Base URL', 'Base URL', {}],
		[
			'was entered',
			'Backchannel Authorization URL',
			{ operator: 'camara', authorizationGrant: 'ciba', tokenUrl: 'https://api.example.com/token' },
		],
	])(
		'of an authorization server whose address %s names that field',
		async (_from, field, changes) => {
			const nowhere = `${operator.baseUrl}/nowhere`;
			const by = application({
				baseUrl: nowhere,
				backchannelAuthorizationUrl: `${nowhere}?tenant=1`,
				...changes,
			});
			answers = [{ status: 404, body: '' }];
			const { words } = await failure(askRoaming(device, by));
			expect(words).toContain(nowhere);
			expect(words).toContain(`'${field}'`);
		},
	);
});

describe('an authorization URL', () => {
	type Created = Pick<AuthorizationUrl, 'url' | 'setCookie'>;
	const request = { redirectUri: 'https://n8n.example.com/webhook/back', expiresIn: 600 };
	const create = async (by: Application, changes: object = {}) =>
		await createAuthorizationUrl(roamingStatus, by, { ...request, ...changes }, transport);
	const callback = ({ url, setCookie }: Created): Callback => ({
		query: { state: new URL(url).searchParams.get('state'), code: 'made-up-code' },
		cookies: cookiesOf(setCookie),
		address: request.redirectUri,
	});
	const comeBack = async (
		by: Application,
		created: Created,
		api = roamingStatus as Api<object, ApiName>,
	) => await askAfterCallback(api, by, callback(created), transport);

	test('needs no request, and brings the device and the reference back', async () => {
		const created = await create(frontend(), { device, reference: 'customer 1' });
		expect(created.url).toMatch(`${operator.baseUrl}/authorize?`);
		expect(operator.received).toEqual([]);

		expect(await comeBack(frontend(), created)).toMatchObject({
			device,
			answer: AT_HOME,
			reference: 'customer 1',
		});
		expect(tokensUsed()).toEqual([1]);
		expect(apiRequests()[0]?.body).toBe('{"ueId":{"msisdn":"+34600000001"}}');
	});

	test('brings no device back if the operator does not verify it', async () => {
		const unverified = camara({ authorizationGrant: 'authorizationCode' });
		const created = await create(unverified, { device });

		expect(await comeBack(unverified, created)).toMatchObject({ device: null, reference: null });
		expect(apiRequests()[0]?.body).toBe('{}');
	});

	test('is refused for a device that could not be asked about later', async () => {
		expect((await failure(create(frontend()))).code).toBe('UNSUPPORTED_DEVICE');
	});

	test('is refused with a backend flow, and so is a callback', async () => {
		for (const asked of [
			create(application(), { device }),
			comeBack(application(), { url: 'https://a/?state=s', setCookie: null }),
		]) {
			expect(await failure(asked)).toEqual(
				refusedWith('INVALID_CREDENTIAL', /Frontend Flow \(Authorization Code\)/),
			);
		}
		expect(operator.received).toEqual([]);
	});

	test('is the only way to ask with the frontend flow', async () => {
		expect(await failure(askRoaming(device, frontend()))).toEqual(
			refusedWith('INVALID_CREDENTIAL', /only the phone itself can authorize.*authorization URL/),
		);
		expect(operator.received).toEqual([]);
	});

	test('is not used up by an API that the operator does not offer', async () => {
		const created = await create(frontend(), { device });

		const refused = await failure(comeBack(frontend(), created, madeUpApi));
		expect(refused.code).toBe('UNSUPPORTED_API');
		expect(operator.received).toEqual([]);
		expect(await comeBack(frontend(), created)).toMatchObject({ answer: AT_HOME });
	});
});

test('a signed-in phone is asked about without a token of the node', async () => {
	expect(await askSignedIn(roamingStatus, camara(), undefined, transport)).toMatchObject(AT_HOME);
	expect(operator.received).toMatchObject([{ body: '{}' }]);
	expect(operator.received[0]?.headers).not.toHaveProperty('authorization');
	expect(operator.received[0]?.headers['x-correlator']).toMatch(/^[\da-f-]{36}$/);
});

test('an API that the operator does not offer is refused before any request', async () => {
	const redirect = { redirectUri: 'https://n8n.example.com', expiresIn: 600, device };
	for (const asked of [
		ask(madeUpApi, application(), device, transport),
		askSignedIn(madeUpApi, application(), device, transport),
		createAuthorizationUrl(madeUpApi, frontend(), redirect, transport),
	]) {
		expect(await failure(asked)).toEqual(
			refusedWith('UNSUPPORTED_API', /^Telefónica Open Gateway does not offer Made-Up API\./),
		);
	}
	expect(operator.received).toEqual([]);
});
