import { createHash } from 'node:crypto';
import { authorizationCode } from '../../nodes/OpenGateway/authorization/authorizationCode';
import { clientAuthentications } from '../../nodes/OpenGateway/authorization/client';
import {
	parseIpv4Address,
	parseNetworkAccessIdentifier,
	parsePhoneNumber,
	parsePort,
	type Device,
} from '../../nodes/OpenGateway/device';
import { OpenGatewayError } from '../../nodes/OpenGateway/errors';
import { authorizationServerAt } from '../support/authorizationServer';
import {
	startScriptedOperator,
	type ScriptedAnswer,
	type ScriptedOperator,
} from '../support/scriptedOperator';

const scope = 'openid dpv:FraudPreventionAndDetection device-roaming-status:read';
const redirectUri = 'https://n8n.example.com/webhook/back?a=1&b=ä';
const phone: Device = { phoneNumber: parsePhoneNumber('+34600000001') };
const clientWith = (changes: object = {}) =>
	authorizationCode(
		clientAuthentications.clientSecretPost.parse({
			clientId: 'made-up id',
			clientSecret: 'made-up-secret',
			...changes,
		}),
	);
const flow = clientWith();

let answer: ScriptedAnswer;
let operator: ScriptedOperator;

beforeEach(async () => {
	answer = { body: { access_token: 'made-up-token', token_type: 'Bearer', expires_in: 60 } };
	operator = await startScriptedOperator(() => answer);
});
afterEach(async () => {
	jest.restoreAllMocks();
	await operator.close();
});

const server = () => authorizationServerAt(operator.baseUrl);
const request = { redirectUri, expiresIn: 600 };
function authorizationUrl(changes: object = {}, endpoints: object = {}): URL {
	const all = { ...server().endpoints, ...endpoints };
	return new URL(flow.authorizationUrl({ ...request, ...changes }, scope, all).url);
}
const stateOf = (url: URL) => url.searchParams.get('state');

const nothing = {
	code: undefined,
	state: undefined,
	error: undefined,
	error_description: undefined,
};
const redeem = async (callback: object, grant = flow) =>
	await grant.redeem({ ...nothing, ...callback }, server());

async function failure(asked: Promise<unknown>) {
	const error: unknown = await asked.catch((reason: unknown) => reason);
	if (!(error instanceof OpenGatewayError)) throw new Error('It did not fail', { cause: error });
	const words = `${error.message} ${error.context.remedy}`;
	return { ...error.context, nextMove: error.nextMove, words };
}

describe('the authorization URL', () => {
	test('has exactly these parameters', () => {
		const url = authorizationUrl();

		expect(url.origin + url.pathname).toBe(`${operator.baseUrl}/authorize`);
		expect(Object.fromEntries(url.searchParams)).toEqual({
			response_type: 'code',
			client_id: 'made-up id',
			scope,
			redirect_uri: redirectUri,
			state: expect.stringMatching(/^[\w-]{100,}$/),
			code_challenge: expect.stringMatching(/^[\w-]{43}$/),
			code_challenge_method: 'S256',
		});
		expect([...url.searchParams.keys()]).toHaveLength(7);
		expect(url.hash).toBe('');
	});

	const publicAddress = parseIpv4Address('80.90.34.2');
	test.each<[hint: string | null, device: Device]>([
		['tel:+34600000001', phone],
		['ipport:80.90.34.2:443', { ipv4Address: { publicAddress, publicPort: parsePort(443) } }],
		[null, { networkAccessIdentifier: parseNetworkAccessIdentifier('1@domain.com') }],
	])('hints at an expected line as %s', (hint, device) => {
		const url = authorizationUrl({ device });
		expect(url.searchParams.get('login_hint')).toBe(hint);
	});

	test('keeps the "+" of a phone number for a server that reads a form', () => {
		expect(authorizationUrl({ device: phone }).search).toContain('login_hint=tel%3A%2B34600000001');
	});

	test('keeps a query that the endpoint has, and goes before it where both name the same', () => {
		const authorization = `${operator.baseUrl}/authorize?tenant=a%20b&scope=none`;
		const url = authorizationUrl({}, { authorization });

		expect(url.searchParams.getAll('tenant')).toEqual(['a b']);
		expect(url.searchParams.getAll('scope')).toEqual([scope]);
	});

	test('has a state and a challenge of its own each time', () => {
		const urls = Array.from({ length: 50 }, () => authorizationUrl());
		for (const name of ['state', 'code_challenge']) {
			expect(new Set(urls.map((url) => url.searchParams.get(name))).size).toBe(50);
		}
	});

	test('says until when its callback is taken', () => {
		jest.spyOn(Date, 'now').mockReturnValue(Date.parse('2024-02-29T23:59:00Z'));
		const { expiresAt } = flow.authorizationUrl(request, scope, server().endpoints);
		expect(expiresAt).toBe('2024-03-01T00:09:00.000Z');
	});

	test('shows neither reference nor secret', () => {
		const { href } = authorizationUrl({ reference: 'customer-7' });
		expect(href).not.toMatch(/customer|secret/);
	});
});

describe('a callback', () => {
	test('is exchanged for access, with the verifier that belongs to the challenge', async () => {
		const url = authorizationUrl({ device: phone, reference: 'customer 7' });
		expect(await redeem({ code: 'made-up+code/=', state: stateOf(url) })).toMatchObject({
			access: { headers: { authorization: 'Bearer made-up-token' }, subject: 'line' },
			device: phone,
			reference: 'customer 7',
		});

		expect(operator.received.map(({ method, path }) => `${method} ${path}`)).toEqual([
			'POST /token',
		]);
		const { code_verifier: verifier = '', ...form } = Object.fromEntries(
			new URLSearchParams(operator.received[0]?.body),
		);
		expect(form).toEqual({
			grant_type: 'authorization_code',
			code: 'made-up+code/=',
			redirect_uri: redirectUri,
			client_id: 'made-up id',
			client_secret: 'made-up-secret',
		});
		// RFC 7636 sections 4.1 and 4.2.
		expect(verifier).toMatch(/^[\w.~-]{43,128}$/);
		expect(createHash('sha256').update(verifier).digest('base64url')).toBe(
			url.searchParams.get('code_challenge'),
		);
		expect(operator.received[0]?.headers['x-correlator']).toBe('made-up-correlator');
	});

	test('of a line that nobody named brings none, and no reference', async () => {
		expect(await redeem({ code: 'c', state: stateOf(authorizationUrl()) })).toMatchObject({
			device: undefined,
			reference: undefined,
		});
	});

	test.each(['access_denied', 'login_required', 'server_error', 'unheard_of'])(
		'with the error %s tells it, and asks nothing',
		async (error) => {
			const state = stateOf(authorizationUrl({ device: phone }));
			const error_description = 'Not for +34 600 000 001';

			expect(await failure(redeem({ state, error, error_description, code: 'c' }))).toMatchObject({
				code: error,
				serverMessage: 'Not for +346•••••001',
				words: expect.stringMatching(/\+346•••••001|DPoP/),
			});
			expect(operator.received).toEqual([]);
		},
	);

	test('names a line that nobody else named as the one that signed in', async () => {
		const state = stateOf(authorizationUrl());
		expect((await failure(redeem({ state, error: 'access_denied' }))).words).toMatch(
			/^The owner of the line that signed in has not consented/,
		);
	});

	test('with an error and a forged state tells nothing of the error', async () => {
		const forged = redeem({ state: 'forged', error: 'access_denied', error_description: 'Evil' });
		const { code, words, serverMessage } = await failure(forged);
		expect(code).toBe('INVALID_CALLBACK');
		expect(serverMessage).toBeUndefined();
		expect(words).not.toMatch(/Evil|access_denied/);
	});

	test.each([[undefined], [null], [''], [1], [['a']], [{}]])(
		'whose state is %j is refused, and where it comes from is named',
		async (state) => {
			expect(await failure(redeem({ code: 'c', state }))).toMatchObject({
				code: 'INVALID_CALLBACK',
				nextMove: 'you',
				words: expect.stringMatching(/has no state.*Callback Query/),
			});
			expect(operator.received).toEqual([]);
		},
	);

	test.each([[undefined], [null], [''], [1], [['a']], [{}]])(
		'whose code is %j is refused, and where it comes from is named',
		async (code) => {
			const state = stateOf(authorizationUrl());
			expect(await failure(redeem({ code, state }))).toMatchObject({
				code: 'INVALID_CALLBACK',
				words: expect.stringMatching(/has no code.*Callback Query/),
			});
			expect(operator.received).toEqual([]);
		},
	);

	test.each([
		['of another client', { clientId: 'other' }],
		['with another secret', { clientSecret: 'other' }],
	])('is refused by the credential %s', async (_what, changes) => {
		const state = stateOf(authorizationUrl());
		expect((await failure(redeem({ code: 'c', state }, clientWith(changes)))).code).toBe(
			'INVALID_CALLBACK',
		);
		expect(operator.received).toEqual([]);
	});

	test('that comes too late is refused, and nothing is asked', async () => {
		const state = stateOf(authorizationUrl());
		jest.spyOn(Date, 'now').mockReturnValue(Date.now() + 600_000);

		expect((await failure(redeem({ code: 'c', state }))).code).toBe('EXPIRED_CALLBACK');
		expect(operator.received).toEqual([]);
	});

	test('whose code is used up is told so', async () => {
		answer = { status: 400, body: { error: 'invalid_grant' } };
		const state = stateOf(authorizationUrl({ device: phone }));

		expect(await failure(redeem({ code: 'made-up-code', state }))).toMatchObject({
			code: 'invalid_grant',
			status: 400,
			words: expect.stringMatching(/used up, expired.*can be used only once/),
		});
	});
});

describe('the probe of a credential', () => {
	test('tries a code that was never given', async () => {
		answer = { status: 400, body: { error: 'invalid_grant' } };
		await expect(flow.probe(scope, server())).resolves.toBeUndefined();

		const [form] = operator.received.map(({ body }) =>
			Object.fromEntries(new URLSearchParams(body)),
		);
		expect(form).toMatchObject({
			grant_type: 'authorization_code',
			code: expect.stringMatching(/^[\w-]{20,}$/),
			code_verifier: expect.stringMatching(/^[\w-]{43}$/),
			client_id: 'made-up id',
		});
	});

	test.each(['invalid_client', 'unauthorized_client', 'unsupported_grant_type'])(
		'is failed by a client that is refused itself: %s',
		async (error) => {
			answer = { status: 400, body: { error } };
			expect((await failure(flow.probe(scope, server()))).code).toBe(error);
		},
	);
});
