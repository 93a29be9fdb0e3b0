import { createHash } from 'node:crypto';
import { authorizationCode } from '../../nodes/OpenGateway/authorization/authorizationCode';
import {
	authorizationErrors,
	type AuthorizationErrorText,
} from '../../nodes/OpenGateway/authorization/authorizationErrors';
import { clientAuthentications } from '../../nodes/OpenGateway/authorization/client';
import type { Device } from '../../nodes/OpenGateway/device';
import { authorizationServerForSuite } from '../support/authorizationServer';
import { ipv4AndPort, nai, phone } from '../support/identifiers';
import { failure, refusedWith, textOf } from '../support/refusal';

const SCOPE = 'openid dpv:FraudPreventionAndDetection device-roaming-status:read';
const REDIRECT_URI = 'https://n8n.example.com/webhook/back?a=1&b=ä';
const clientWith = (changes: object = {}) =>
	authorizationCode(
		clientAuthentications.clientSecretPost.parse({
			clientId: 'made-up id',
			clientSecret: 'made-up-secret',
			...changes,
		}),
	);
const flow = clientWith();

const operator = authorizationServerForSuite();
afterEach(() => jest.restoreAllMocks());

const request = { redirectUri: REDIRECT_URI, expiresIn: 600 };
const authorizationUrl = (changes: object = {}, to = operator.server()) =>
	new URL(flow.authorizationUrl({ ...request, ...changes }, SCOPE, to).url);
const stateOf = (url: URL) => url.searchParams.get('state');
const redeem = async (callback: object, grant = flow) =>
	await grant.redeem({ ...callback }, operator.server());

describe('the authorization URL', () => {
	test('has exactly these parameters', () => {
		const url = authorizationUrl();

		expect(url.origin + url.pathname).toBe(operator.server().endpoint('authorization'));
		expect(Object.fromEntries(url.searchParams)).toEqual({
			response_type: 'code',
			client_id: 'made-up id',
			scope: SCOPE,
			redirect_uri: REDIRECT_URI,
			state: expect.stringMatching(/^[\w-]{100,}$/),
			code_challenge: expect.stringMatching(/^[\w-]{43}$/),
			code_challenge_method: 'S256',
			nonce: expect.stringMatching(/^[\w-]{22}$/),
		});
		expect([...url.searchParams.keys()]).toHaveLength(8);
		expect(url.hash).toBe('');
	});

	test('has a nonce of its own, but none without OpenID Connect', () => {
		const nonceOf = (scope: string) =>
			new URL(flow.authorizationUrl(request, scope, operator.server()).url).searchParams.get(
				'nonce',
			);
		expect(nonceOf(SCOPE)).not.toBe(nonceOf(SCOPE));
		expect(nonceOf('device-status-roaming-read')).toBeNull();
	});

	test.each<[hint: string | null, device: Device]>([
		['tel:+34600000001', phone],
		['ipport:80.90.34.2:16790', ipv4AndPort],
		[null, nai],
	])('has the login hint %s for an expected device', (hint, device) => {
		expect(authorizationUrl({ device }).searchParams.get('login_hint')).toBe(hint);
	});

	test('keeps the query of the endpoint, except parameters of its own', () => {
		const endpoint = () => 'https://api.example.com/authorize?tenant=a%20b&scope=none';
		const url = authorizationUrl({}, { ...operator.server(), endpoint });

		expect(url.searchParams.getAll('tenant')).toEqual(['a b']);
		expect(url.searchParams.getAll('scope')).toEqual([SCOPE]);
	});

	test('has a state and a challenge of its own each time', () => {
		const urls = Array.from({ length: 50 }, () => authorizationUrl());
		for (const name of ['state', 'code_challenge']) {
			expect(new Set(urls.map((url) => url.searchParams.get(name))).size).toBe(50);
		}
	});

	test('comes with the time until which its callback is accepted', () => {
		jest.spyOn(Date, 'now').mockReturnValue(Date.parse('2024-02-29T23:59:00Z'));
		const { expiresAt } = flow.authorizationUrl(request, SCOPE, operator.server());
		expect(expiresAt).toBe('2024-03-01T00:09:00.000Z');
	});

	test('reveals neither reference nor secret', () => {
		const { href } = authorizationUrl({ reference: 'customer-7' });
		expect(href).not.toMatch(/customer|secret/);
	});
});

describe('a callback', () => {
	test('is exchanged for access, with the code verifier of the challenge', async () => {
		const url = authorizationUrl({ device: phone, reference: 'customer 7' });
		expect(await redeem({ code: 'made-up+code/=', state: stateOf(url) })).toMatchObject({
			access: { headers: { authorization: 'Bearer made-up-token' }, subject: 'subscriber' },
			device: phone,
			reference: 'customer 7',
		});

		expect(operator.received.map(({ method, path }) => `${method} ${path}`)).toEqual([
			'POST /token',
		]);
		const [{ code_verifier: verifier = '', ...form } = {}] = operator.forms;
		expect(form).toEqual({
			grant_type: 'authorization_code',
			code: 'made-up+code/=',
			redirect_uri: REDIRECT_URI,
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

	test('returns no device and no reference if none was named', async () => {
		expect(await redeem({ code: 'c', state: stateOf(authorizationUrl()) })).toMatchObject({
			device: undefined,
			reference: undefined,
		});
	});

	test.each(['access_denied', 'server_error'])(
		'with the error %s is refused in the words of the table, without a request',
		async (error) => {
			const state = stateOf(authorizationUrl({ device: phone }));
			const error_description = 'Not for +34 600 000 001';

			expect(await failure(redeem({ state, error, error_description, code: 'c' }))).toMatchObject({
				code: error,
				serverMessage: 'Not for +346•••••001',
				words: textOf(authorizationErrors[error] as AuthorizationErrorText, '+346•••••001'),
			});
			expect(operator.received).toEqual([]);
		},
	);

	test('with an error calls a device that was not named the signed-in phone', async () => {
		const state = stateOf(authorizationUrl());
		expect((await failure(redeem({ state, error: 'access_denied' }))).words).toContain(
			'The owner of the signed-in phone',
		);
	});

	test('with a forged state is refused without the words of its error', async () => {
		const forged = redeem({ state: 'forged', error: 'access_denied', error_description: 'Evil' });
		const { code, words, serverMessage } = await failure(forged);
		expect(code).toBe('INVALID_CALLBACK');
		expect(serverMessage).toBeUndefined();
		expect(words).not.toMatch(/Evil|access_denied/);
	});

	test.each([[undefined], [null], [''], [1], [['a']], [{}]])(
		'without text as state or code is refused, and the field is named: %j',
		async (value) => {
			const state = stateOf(authorizationUrl());
			for (const [missing, callback] of [
				['state', { code: 'c', state: value }],
				['code', { code: value, state }],
			] as const) {
				const words = new RegExp(`has no ${missing}.*'Callback Query'`);
				expect(await failure(redeem(callback))).toEqual(refusedWith('INVALID_CALLBACK', words));
			}
			expect(operator.received).toEqual([]);
		},
	);

	test('that comes too late is refused, without a request', async () => {
		const state = stateOf(authorizationUrl());
		jest.spyOn(Date, 'now').mockReturnValue(Date.now() + 600_000);

		expect((await failure(redeem({ code: 'c', state }))).code).toBe('EXPIRED_CALLBACK');
		expect(operator.received).toEqual([]);
	});
});
