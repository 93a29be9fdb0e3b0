import type { IDataObject } from 'n8n-workflow';
import type { Callback } from '../nodes/OpenGateway/authorization';
import { parsePhoneNumber, type Device } from '../nodes/OpenGateway/device';
import { OpenGatewayError } from '../nodes/OpenGateway/errors';
import { parseApplication } from '../nodes/OpenGateway/credential/application';
import {
	checkRoaming,
	checkRoamingOfCallback,
	checkRoamingOfSignedIn,
	createAuthorizationUrl,
	probe,
} from '../nodes/OpenGateway/gateway';
import { send } from './support/authorizationServer';
import { openGatewayApi } from './support/credential';
import {
	startScriptedOperator,
	type ReceivedRequest,
	type ScriptedAnswer,
	type ScriptedOperator,
} from './support/scriptedOperator';

const device: Device = { phoneNumber: parsePhoneNumber('+34600000001') };
const other: Device = { phoneNumber: parsePhoneNumber('+34600000002') };
const atHome = { roaming: false, countryCode: null, countryName: [], country: null };
const host = { send, wait: async () => {}, backoff: () => ({ next: async () => false }) };

let operator: ScriptedOperator;
let tokens: number;
/** Of the API, in turn; the last one for good. */
let answers: ScriptedAnswer[];
let expiresIn: number | undefined;
/** Another credential for each test: nothing is kept for it yet. */
let id = 0;

beforeEach(async () => {
	tokens = 0;
	answers = [{ body: { roaming: false } }];
	expiresIn = 3600;
	id++;
	operator = await startScriptedOperator(({ path }) => {
		if (path.endsWith('/bc-authorize')) return { body: { auth_req_id: 'made-up' } };
		if (path.endsWith('/token')) {
			const token = `token-${++tokens}`;
			return { body: { access_token: token, token_type: 'Bearer', expires_in: expiresIn } };
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

const isQuestion = ({ path }: ReceivedRequest) => /roaming/.test(path);
const questions = () => operator.received.filter(isQuestion);
const tokensAsked = () => questions().map(({ headers }) => headers.authorization);

async function failure(asked: Promise<unknown>) {
	const error: unknown = await asked.catch((reason: unknown) => reason);
	if (!(error instanceof OpenGatewayError)) throw new Error('It did not fail', { cause: error });
	const { context, message, nextMove } = error;
	return { ...context, nextMove, words: `${message} ${context.remedy}` };
}

describe('a question about a line', () => {
	test('goes out with a token for that line, and one correlator for all requests', async () => {
		expect(await checkRoaming(application(), device, host)).toMatchObject(atHome);

		expect(operator.received.map(({ path }) => path)).toEqual([
			'/bc-authorize',
			'/token',
			'/device-status/v0/roaming',
		]);
		expect(questions()).toMatchObject([
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

	test('uses the token of that line again, and of no other', async () => {
		for (const one of [device, other, device]) await checkRoaming(application(), one, host);

		expect(tokensAsked()).toEqual(['Bearer token-1', 'Bearer token-2', 'Bearer token-1']);
	});

	test('uses no token that another credential got', async () => {
		await checkRoaming(application(), device, host);
		await checkRoaming(application({ purpose: 'Marketing' }), device, host);

		expect(tokensAsked()).toEqual(['Bearer token-1', 'Bearer token-2']);
	});

	test('uses a token that speaks for the application for every line', async () => {
		const all = camara({ authorizationGrant: 'clientCredentials' });
		for (const one of [device, other]) await checkRoaming(all, one, host);

		expect(tokensAsked()).toEqual(['Bearer token-1', 'Bearer token-1']);
		expect(questions().map(({ body }) => JSON.parse(body))).toEqual([
			{ device },
			{ device: other },
		]);
	});

	test('gets a new token, once, where a kept one is refused', async () => {
		await checkRoaming(application(), device, host);
		answers = [{ status: 401, body: { code: 'UNAUTHORIZED' } }, { body: { roaming: false } }];
		expect(await checkRoaming(application(), device, host)).toMatchObject(atHome);

		answers = [{ status: 401, body: { code: 'UNAUTHORIZED' } }];
		expect(await failure(checkRoaming(application(), device, host))).toMatchObject({
			code: 'UNAUTHORIZED',
			status: 401,
		});
		expect(tokensAsked().map((token) => token?.slice(-1))).toEqual(['1', '1', '2', '2', '3']);
	});

	test('keeps no token that was refused, and does not ask twice with a new one', async () => {
		answers = [{ status: 401, body: { code: 'UNAUTHORIZED' } }, { body: { roaming: false } }];
		expect(await failure(checkRoaming(application(), device, host))).toMatchObject({ status: 401 });
		await checkRoaming(application(), device, host);

		expect(tokensAsked()).toEqual(['Bearer token-1', 'Bearer token-2']);
	});

	test('keeps a token that was not what the refusal is about', async () => {
		answers = [{ status: 403, body: { code: 'FORBIDDEN' } }, { body: { roaming: false } }];
		expect(await failure(checkRoaming(application(), device, host))).toMatchObject({ status: 403 });
		await checkRoaming(application(), device, host);

		expect(tokensAsked()).toEqual(['Bearer token-1', 'Bearer token-1']);
	});
});

describe('a refusal', () => {
	const refused = async (answer: ScriptedAnswer) => {
		answers = [answer];
		return await failure(checkRoaming(application(), device, host));
	};

	test('is told in a person’s words, for the line, with the operator’s own beside them', async () => {
		const body = { code: 'NOT_FOUND', message: 'No such line: +34600000001' };
		const headers = { 'x-correlator': 'the-operators-own' };
		expect(await refused({ status: 404, body, headers })).toMatchObject({
			code: 'NOT_FOUND',
			status: 404,
			nextMove: 'you',
			correlator: 'the-operators-own',
			serverMessage: 'No such line: +346•••••001',
			words: expect.stringMatching(/^The operator does not know the line \+346•••••001\. Check/),
		});
	});

	test.each(['MADE_UP', 'toString'])('with a code that is not known says so: %s', async (code) => {
		expect(await refused({ status: 400, body: { code } })).toMatchObject({
			code,
			nextMove: 'operator',
			words: expect.stringMatching(
				/^The operator refused to answer about the line \+346•••••001\. Look its error code up/,
			),
		});
	});

	test('without a code is no answer of the API', async () => {
		expect(await refused({ status: 400, body: '<html>' })).toMatchObject({
			code: 'UNEXPECTED_ANSWER',
			words: expect.stringMatching(/HTTP 400 without an error code/),
		});
	});

	test('is whatever is not 200, though it reads like an answer', async () => {
		expect(await refused({ status: 202, body: { roaming: false } })).toMatchObject({
			code: 'UNEXPECTED_ANSWER',
			status: 202,
		});
	});
});

describe('an authorization URL', () => {
	const frontend = (changes: IDataObject = {}) =>
		application({ authorizationGrant: 'authorizationCode', ...changes });
	const request = { redirectUri: 'https://n8n.example.com/webhook/back', expiresIn: 600 };
	const callback = (url: string): Callback => ({
		state: new URL(url).searchParams.get('state'),
		code: 'made-up-code',
		error: undefined,
		error_description: undefined,
	});

	test('leads to the operator, asks nothing yet, and brings the line back', async () => {
		const expected = { ...request, device, reference: 'customer 1' };
		const { url } = await createAuthorizationUrl(frontend(), expected, host);
		expect(url).toMatch(`${operator.baseUrl}/authorize?`);
		expect(operator.received).toEqual([]);

		expect(await checkRoamingOfCallback(frontend(), callback(url), host)).toMatchObject({
			...atHome,
			device,
			reference: 'customer 1',
		});
		expect(questions()).toMatchObject([
			{
				headers: { authorization: 'Bearer token-1' },
				body: '{"ueId":{"msisdn":"+34600000001"}}',
			},
		]);
	});

	test('names no line in the answer where the operator does not confirm which one it is', async () => {
		const at = camara({ authorizationGrant: 'authorizationCode' });
		const { url } = await createAuthorizationUrl(at, { ...request, device }, host);

		expect(await checkRoamingOfCallback(at, callback(url), host)).toMatchObject({
			device: null,
			reference: null,
		});
		expect(questions()[0]?.body).toBe('{}');
	});

	test('is not made for a line that could not be asked about later', async () => {
		expect(await failure(createAuthorizationUrl(frontend(), request, host))).toMatchObject({
			code: 'UNSUPPORTED_DEVICE',
		});
	});

	test('is not made, nor is its callback taken, with a backend flow', async () => {
		const asked = [
			createAuthorizationUrl(application(), { ...request, device }, host),
			checkRoamingOfCallback(application(), callback('https://a/?state=s'), host),
		];
		for (const one of asked) {
			expect(await failure(one)).toMatchObject({
				code: 'INVALID_CREDENTIAL',
				words: expect.stringMatching(/Authorization Code/),
			});
		}
		expect(operator.received).toEqual([]);
	});

	test('is the only way to a line with the frontend flow', async () => {
		expect(await failure(checkRoaming(frontend(), device, host))).toMatchObject({
			code: 'INVALID_CREDENTIAL',
			words: expect.stringMatching(/only the line’s own device.*authorization URL/),
		});
		expect(operator.received).toEqual([]);
	});
});

test('a line whose owner signed in is asked about with what n8n adds to the request', async () => {
	expect(await checkRoamingOfSignedIn(camara(), undefined, send)).toMatchObject(atHome);
	expect(operator.received).toMatchObject([{ body: '{}' }]);
	expect(operator.received[0]?.headers).not.toHaveProperty('authorization');
	expect(operator.received[0]?.headers['x-correlator']).toMatch(/^[\da-f-]{36}$/);
});

describe('the probe', () => {
	test('asks the authorization server where that shows enough', async () => {
		await probe(application(), host);
		expect(operator.received.map(({ path }) => path)).toEqual(['/bc-authorize']);
	});

	test('asks the API about nobody otherwise', async () => {
		await probe(camara({ authorizationGrant: 'accessToken', accessToken: 'made-up' }), host);
		expect(operator.received).toMatchObject([
			{
				headers: { authorization: 'Bearer made-up' },
				body: expect.stringContaining('"publicAddress":"192.0.2.1"'),
			},
		]);
	});

	test.each([
		[404, 'IDENTIFIER_NOT_FOUND', true],
		[401, 'UNAUTHENTICATED', false],
		[403, 'PERMISSION_DENIED', false],
	])('that is refused with HTTP %i %s is passed: %p', async (status, code, isPassed) => {
		answers = [{ status, body: { code } }];
		const probed = probe(
			camara({ authorizationGrant: 'accessToken', accessToken: 'made-up' }),
			host,
		);
		if (isPassed) await expect(probed).resolves.toBeUndefined();
		else expect(await failure(probed)).toMatchObject({ code });
	});
});

test('what an operator publishes about itself is read once', async () => {
	const publishing = await startScriptedOperator(({ path }) =>
		path.endsWith('/openid-configuration')
			? { body: { issuer: publishing.baseUrl, token_endpoint: `${operator.baseUrl}/token` } }
			: {},
	);
	const published = camara({
		authorizationGrant: 'clientCredentials',
		discoveryUrl: publishing.baseUrl,
		clientAuthentication: 'clientSecretPost',
	});
	await probe(published, host);
	await probe(published, host);
	await publishing.close();

	expect(publishing.received).toHaveLength(1);
});
