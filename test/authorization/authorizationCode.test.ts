import { createHash } from 'node:crypto';
import { authorizationCode } from '../../nodes/OpenGateway/authorization/authorizationCode';
import {
	authorizationErrors,
	type AuthorizationErrorText,
} from '../../nodes/OpenGateway/authorization/authorizationErrors';
import { clientAuthentications } from '../../nodes/OpenGateway/authorization/client';
import type { Callback } from '../../nodes/OpenGateway/authorization';
import type { Device } from '../../nodes/OpenGateway/device';
import { authorizationServerForSuite } from '../support/authorizationServer';
import { cookiesOf } from '../support/callback';
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
const create = async (changes: object = {}, to = operator.server()) =>
	await flow.authorizationUrl({ ...request, ...changes }, SCOPE, to);
const authorizationUrl = async (changes: object = {}, to = operator.server()) =>
	new URL((await create(changes, to)).url);
const stateIn = (url: string) => new URL(url).searchParams.get('state');
const redeem = async (query: object, others: Partial<Callback> = {}) =>
	await flow.redeem({ query: { ...query }, ...others }, operator.server());
/** How the browser that opened a new URL comes back with this query. */
async function comeBack(query: object, changes: object = {}, others: Partial<Callback> = {}) {
	const { url, setCookie } = await create(changes);
	const cameBack = { cookies: cookiesOf(setCookie), address: REDIRECT_URI, ...others };
	return await redeem({ state: stateIn(url), ...query }, cameBack);
}

describe('the authorization URL', () => {
	test('has exactly these parameters', async () => {
		const url = await authorizationUrl();

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

	test('has a nonce of its own, but none without OpenID Connect', async () => {
		const nonceOf = async (scope: string) => {
			const { url } = await flow.authorizationUrl(request, scope, operator.server());
			return new URL(url).searchParams.get('nonce');
		};
		expect(await nonceOf(SCOPE)).not.toBe(await nonceOf(SCOPE));
		expect(await nonceOf('device-status-roaming-read')).toBeNull();
	});

	test.each<[hint: string | null, device: Device]>([
		['tel:+34600000001', phone],
		['ipport:80.90.34.2:16790', ipv4AndPort],
		[null, nai],
	])('has the login hint %s for an expected device', async (hint, device) => {
		expect((await authorizationUrl({ device })).searchParams.get('login_hint')).toBe(hint);
	});

	test('keeps the query of the endpoint, except parameters of its own', async () => {
		const endpoint = () => 'https://api.example.com/authorize?tenant=a%20b&scope=none';
		const url = await authorizationUrl({}, { ...operator.server(), endpoint });

		expect(url.searchParams.getAll('tenant')).toEqual(['a b']);
		expect(url.searchParams.getAll('scope')).toEqual([SCOPE]);
	});

	test('has a state and a challenge of its own each time', async () => {
		const urls = await Promise.all(
			Array.from({ length: 50 }, async () => await authorizationUrl()),
		);
		for (const name of ['state', 'code_challenge']) {
			expect(new Set(urls.map((url) => url.searchParams.get(name))).size).toBe(50);
		}
	});

	test('comes with the time until which its callback is accepted', async () => {
		jest.spyOn(Date, 'now').mockReturnValue(Date.parse('2024-02-29T23:59:00Z'));
		const { expiresAt } = await create();
		expect(expiresAt).toBe('2024-03-01T00:09:00.000Z');
	});

	test('comes with a cookie for its browser alone, unless it is for anyone', async () => {
		const { setCookie } = await create();
		expect(setCookie).toMatch(/^__Host-\S+=[\w-]{43}; .*; Max-Age=600$/);
		expect((await create({ forAnyone: true })).setCookie).toBeNull();
	});

	test('reveals neither reference nor secret', async () => {
		const { href } = await authorizationUrl({ reference: 'customer-7' });
		expect(href).not.toMatch(/customer|secret/);
	});
});

describe('a callback', () => {
	test('is exchanged for access, with the code verifier of the challenge', async () => {
		const { url, setCookie } = await create({ device: phone, reference: 'customer 7' });
		const browser = { cookies: cookiesOf(setCookie), address: REDIRECT_URI };
		const query = { code: 'made-up+code/=', state: stateIn(url) };
		expect(await redeem(query, browser)).toMatchObject({
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
			new URL(url).searchParams.get('code_challenge'),
		);
		expect(operator.received[0]?.headers['x-correlator']).toBe('made-up-correlator');
	});

	test('returns no device and no reference if none was named', async () => {
		expect(await comeBack({ code: 'c' })).toMatchObject({
			device: undefined,
			reference: undefined,
		});
	});

	test.each(['access_denied', 'server_error'])(
		'with the error %s is refused in the words of the table, without a request',
		async (error) => {
			const query = { error, error_description: 'Not for +34 600 000 001', code: 'c' };

			expect(await failure(comeBack(query, { device: phone }))).toMatchObject({
				code: error,
				serverMessage: 'Not for +346•••••001',
				words: textOf(authorizationErrors[error] as AuthorizationErrorText, '+346•••••001'),
			});
			expect(operator.received).toEqual([]);
		},
	);

	test('with an error calls a device that was not named the signed-in phone', async () => {
		expect((await failure(comeBack({ error: 'access_denied' }))).words).toContain(
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
			for (const [missing, query] of [
				['state', { code: 'c', state: value }],
				['code', { code: value }],
			] as const) {
				const words = new RegExp(`has no ${missing}.*'Callback Query'`);
				expect(await failure(comeBack(query))).toEqual(refusedWith('INVALID_CALLBACK', words));
			}
			expect(operator.received).toEqual([]);
		},
	);

	test('that comes too late is refused, without a request', async () => {
		const { url } = await create();
		jest.spyOn(Date, 'now').mockReturnValue(Date.now() + 600_000);

		const late = redeem({ code: 'c', state: stateIn(url) });
		expect((await failure(late)).code).toBe('EXPIRED_CALLBACK');
		expect(operator.received).toEqual([]);
	});

	test.each<[who: string, cookies: unknown]>([
		['without cookies', undefined],
		['with other cookies', 'theme=dark; n8n-auth=x'],
		['with several headers', ['a=b']],
	])('of a browser %s is refused, whatever it brings, without a request', async (_who, cookies) => {
		for (const query of [{ code: 'c' }, { error: 'access_denied' }, {}]) {
			expect(await failure(comeBack(query, { device: phone }, { cookies }))).toMatchObject({
				code: 'OTHER_BROWSER',
				nextMove: 'lineOwner',
				words: expect.stringMatching(/another browser.*Respond to Webhook.*Set-Cookie/) as string,
			});
		}
		expect(operator.received).toEqual([]);
	});

	test('that another browser brought first is refused of its own one', async () => {
		const { url, setCookie } = await create();
		const query = { code: 'c', state: stateIn(url) };
		expect((await failure(redeem(query, { address: REDIRECT_URI }))).code).toBe('OTHER_BROWSER');
		const own = redeem(query, { cookies: cookiesOf(setCookie), address: REDIRECT_URI });
		expect((await failure(own)).code).toBe('USED_CALLBACK');
	});

	test('of a browser with the cookie of another URL is refused', async () => {
		const cookies = cookiesOf((await create()).setCookie);
		const refused = await failure(comeBack({ code: 'c' }, {}, { cookies }));
		expect(refused.code).toBe('OTHER_BROWSER');
	});

	test('of a browser on its way with several URLs is accepted, in any order', async () => {
		const urls = await Promise.all([create(), create(), create()]);
		const cookies = cookiesOf('theme=dark', ...urls.map(({ setCookie }) => setCookie));
		for (const { url } of urls.reverse()) {
			const query = { code: 'c', state: stateIn(url) };
			expect(await redeem(query, { cookies, address: REDIRECT_URI })).toHaveProperty('access');
		}
	});

	test('of any browser is accepted if the URL is for anyone, but only at its address', async () => {
		const forAnyone = { forAnyone: true };
		expect(await comeBack({ code: 'c' }, forAnyone, { cookies: undefined })).toHaveProperty(
			'access',
		);
		const elsewhere = comeBack({ code: 'c' }, forAnyone, { address: 'https://n8n.example.com/' });
		expect((await failure(elsewhere)).code).toBe('INVALID_CALLBACK');
	});

	test.each([
		'https://n8n.example.com/webhook/back',
		'https://N8N.example.com:443/webhook/back/',
		'https://n8n.example.com/webhook/other/../back?code=c',
		' https://n8n.example.com/webhook/back\n',
	])('at its redirect URI is accepted, however it is written: %j', async (address) => {
		expect(await comeBack({ code: 'c' }, {}, { address })).toHaveProperty('access');
	});

	test.each([
		undefined,
		null,
		'',
		'back',
		{},
		'https://n8n.example.com/webhook/back-too',
		'https://n8n.example.com/webhook-test/back',
		'https://n8n.example.com/',
		'https://n8n.example.com:8443/webhook/back',
		'https://n8n.example.com.evil.example/webhook/back',
		'http://n8n.example.com/webhook/back',
		'http://localhost:5678/webhook/back',
	])('at another address is refused, without a request: %j', async (address) => {
		expect(await failure(comeBack({ code: 'c' }, {}, { address }))).toMatchObject({
			code: 'INVALID_CALLBACK',
			nextMove: 'you',
			words: expect.stringMatching(/another redirect URI.*'Callback Address'/) as string,
		});
		expect(operator.received).toEqual([]);
	});

	test('is refused a second time, whatever its code, its spelling and the first outcome', async () => {
		const { url, setCookie } = await create();
		const state = stateIn(url) ?? '';
		const browser = { cookies: cookiesOf(setCookie), address: REDIRECT_URI };
		operator.answer = { status: 400, body: { error: 'invalid_grant' } };
		expect((await failure(redeem({ code: 'c', state }, browser))).code).toBe('invalid_grant');
		for (const spelling of [state, `${state}=`, state.replaceAll('-', '+').replaceAll('_', '/')]) {
			const again = redeem({ code: 'other', state: spelling }, browser);
			expect(await failure(again)).toEqual(
				refusedWith('USED_CALLBACK', /used before.*Send the phone to a new authorization URL/),
			);
		}
		expect(operator.forms).toHaveLength(1);
	});
});
