import { createHash, randomBytes } from 'node:crypto';
import { applications } from '../../sandbox/applications';
import { subscribers } from '../../sandbox/subscribers';
import { camara } from '../../sandbox/operators/camara';
import { telefonica } from '../../sandbox/operators/telefonica';
import { sandboxUnderTest } from '../support/suite';
import { phone } from '../support/phone';
import {
	CAMARA_SCOPE,
	clientOf,
	scope as telefonicaScope,
	seconds,
} from '../support/sandboxClient';

const sandbox = sandboxUnderTest();
let client: ReturnType<typeof clientOf>;
let redirectUri: string;

beforeAll(async () => {
	client = clientOf(sandbox.baseUrls.camara);
	redirectUri = `${sandbox.origin}/callback`;
});

const verifier = randomBytes(32).toString('base64url');
const challenge = createHash('sha256').update(verifier).digest('base64url');
const pkce = { code_challenge: challenge, code_challenge_method: 'S256' };

function authorizeUrl(
	more: Record<string, string | undefined> = {},
	baseUrl = sandbox.baseUrls.camara,
) {
	const query = {
		response_type: 'code',
		client_id: applications.roaming.clientId,
		redirect_uri: redirectUri,
		scope: baseUrl === sandbox.baseUrls.camara ? CAMARA_SCOPE : telefonicaScope,
		state: 'a-state',
		...pkce,
		...more,
	};
	const given = Object.entries(query).filter(
		(one): one is [string, string] => one[1] !== undefined,
	);
	return `${baseUrl}/authorize?${new URLSearchParams(given).toString()}`;
}

/** What the application's redirect URI is called with, once the phone's owner has decided. */
async function decide(
	form: Record<string, string>,
	more: Record<string, string | undefined> = {},
	baseUrl = sandbox.baseUrls.camara,
) {
	const ours = phone();
	const { url } = await ours.open(authorizeUrl(more, baseUrl));
	return called(await ours.submit(url, form));
}
const called = ({ url }: { url: string }) => {
	expect(url.split('?')[0]).toBe(redirectUri);
	return Object.fromEntries(new URL(url).searchParams);
};
const allow = (ending: string) => ({ subscriber: `+3460000000${ending}`, decision: 'allow' });

const exchange = (code = '', more: Record<string, string> = { code_verifier: verifier }) =>
	client.form('/token', {
		grant_type: 'authorization_code',
		code,
		redirect_uri: redirectUri,
		...more,
	});

describe('The page', () => {
	test('says who asks for what, and for which purpose, and offers every subscriber', async () => {
		const { answer } = await phone().open(authorizeUrl());
		expect(answer.status).toBe(200);
		expect(answer.data).toContain(applications.roaming.clientId);
		expect(answer.data).toContain('Fraud Prevention and Detection');
		expect(answer.data).toContain('device-roaming-status:read');
		for (const { description } of subscribers) expect(answer.data).toContain(description);
		expect(answer.data).toMatch(/<button[^>]*>Allow<\/button>\s*<button[^>]*>Refuse<\/button>/);
	});

	test('is neither stored, nor framed, nor open to scripts', async () => {
		const { headers } = (await phone().open(authorizeUrl())).answer;
		expect(headers['content-type']).toBe('text/html; charset=utf-8');
		expect(headers['cache-control']).toBe('no-store');
		expect(headers['content-security-policy']).toContain("default-src 'none'");
		expect(headers['content-security-policy']).toContain("frame-ancestors 'none'");
	});

	test.each([
		['one of the subscribers', 'tel:+34600000003', '+34600000003'],
		['another subscriber', 'tel:+34611111111', '+34611111111'],
		['an address', 'ipport:80.90.34.1:16790', '80.90.34.1 16790'],
	])('has %s selected if the login hint names it', async (_what, hint, selected) => {
		const { answer } = await phone().open(authorizeUrl({ login_hint: hint }));
		const [, chosen, ...others] = answer.data.split(/<option value="([^"]*)" selected>/);
		expect([chosen, others.length]).toEqual([selected, 1]);
	});

	test('passes over a login hint that it cannot read', async () => {
		const { answer } = await phone().open(authorizeUrl({ login_hint: '"><script>' }));
		expect(answer.status).toBe(200);
		expect(answer.data).not.toContain('<script>');
	});

	test('is for the browser that was sent there, and for one answer', async () => {
		const ours = phone();
		const { url } = await ours.open(authorizeUrl());
		const foreign = await phone().open(url);
		expect([foreign.answer.status, foreign.answer.data]).toEqual([
			400,
			expect.stringContaining('There is nothing to decide'),
		]);
		called(await ours.submit(url, allow('1')));
		expect((await ours.submit(url, allow('1'))).answer.status).toBe(400);
	});

	test('comes again with every request: the subscriber is recognised anew', async () => {
		const ours = phone();
		const first = await ours.open(authorizeUrl());
		called(await ours.submit(first.url, allow('1')));
		const second = await ours.open(authorizeUrl());
		expect(second.answer.status).toBe(200);
		const { code } = called(await ours.submit(second.url, allow('2')));
		const { data } = await exchange(code);
		const answer = await client.retrieve(String(data.access_token), {});
		expect(answer.data).toMatchObject({ roaming: false });
	});
});

describe('A code', () => {
	test.each([telefonica, camara])('brings a token of one subscriber at $path', async ({ path }) => {
		const baseUrl = sandbox.origin + path;
		const scope = path === camara.path ? `${CAMARA_SCOPE} offline_access` : telefonicaScope;
		const { code, state, iss } = await decide(allow('1'), { scope }, baseUrl);
		expect([state, iss]).toEqual(['a-state', baseUrl]);
		const operator = clientOf(baseUrl);
		const { data } = await operator.form('/token', {
			grant_type: 'authorization_code',
			code: code!,
			redirect_uri: redirectUri,
			code_verifier: verifier,
		});
		expect(data).toMatchObject({ token_type: 'Bearer', refresh_token: expect.any(String) });
		expect('id_token' in data).toBe(path === camara.path);
		const token = String(data.access_token);
		const answer =
			path === camara.path
				? await operator.retrieve(token, {})
				: await operator.roaming(token, { ueId: { msisdn: '+34600000001' } });
		expect([answer.status, answer.data.countryName]).toEqual([200, ['DE']]);
	});

	test('is given without PKCE too, and with a nonce to Telefónica', async () => {
		const none = { code_challenge: undefined, code_challenge_method: undefined };
		const { code } = await decide(allow('1'), none);
		expect((await exchange(code, {})).status).toBe(200);
		const telefonicas = await decide(allow('1'), { nonce: 'n' }, sandbox.baseUrls.telefonica);
		expect(telefonicas.code).toEqual(expect.any(String));
	});

	test('comes to any address of this machine', async () => {
		const uri = 'http://localhost:5678/rest/oauth2-credential/callback';
		const ours = phone();
		const { url } = await ours.open(authorizeUrl({ redirect_uri: uri }));
		const { answer } = await ours.submit(url, allow('1'));
		expect(answer.headers.location).toMatch(`${uri}?code=`);
	});
});

describe('The application hears', () => {
	test.each<[string, Record<string, string>, string]>([
		['access_denied', { subscriber: '+34600000001', decision: 'refuse' }, 'the user has refused'],
		['access_denied', allow('7'), "the phone's owner has not consented"],
		['access_denied', allow('9'), 'the device is unknown to the operator'],
	])('%s for %j', async (error, form, description) => {
		expect(await decide(form)).toEqual({
			error,
			error_description: description,
			state: 'a-state',
			iss: sandbox.baseUrls.camara,
		});
	});

	test.each<[string, string, Record<string, string | undefined>]>([
		['invalid_scope', 'an unknown scope', { scope: `${CAMARA_SCOPE} more` }],
		['invalid_scope', 'no purpose', { scope: 'openid device-roaming-status:read' }],
		['unsupported_response_type', 'the response type token', { response_type: 'token' }],
		[
			'unauthorized_client',
			'an application without this flow',
			{ client_id: 'mock_no_ciba_app_id' },
		],
	])('%s of %s, without a page', async (error, _what, more) => {
		const { url } = await phone().open(authorizeUrl(more));
		const { searchParams } = new URL(url.replace('#', '?'));
		expect([searchParams.get('error'), searchParams.get('state')]).toEqual([error, 'a-state']);
	});
});

test.each<[string, Record<string, string | undefined>]>([
	['to another machine', { redirect_uri: 'http://example.com/callback' }],
	['to this machine by https', { redirect_uri: 'https://127.0.0.1/callback' }],
	['to no URL', { redirect_uri: 'callback' }],
	['nowhere', { redirect_uri: undefined }],
	['of an unknown application', { client_id: 'unknown' }],
])('A redirect %s is refused on the spot', async (_what, more) => {
	const { answer } = await phone().open(authorizeUrl(more));
	expect(answer.status).toBe(400);
	expect(answer.headers.location).toBeUndefined();
});

describe('Without a page (prompt=none), the login hint', () => {
	const silently = async (hint?: string) =>
		called(await phone().open(authorizeUrl({ prompt: 'none', login_hint: hint })));

	test('brings a code for its subscriber', async () => {
		const { code } = await silently('tel:+34600000001');
		const { data } = await exchange(code);
		const answer = await client.retrieve(String(data.access_token), {});
		expect(answer.data).toMatchObject({ roaming: true, countryName: ['DE'] });
	});

	test.each([
		['consent_required', 'of a subscriber whose owner refuses', 'tel:+34600000007'],
		['login_required', 'of an unknown subscriber', 'tel:+34600000009'],
		['login_required', 'that names no subscriber', 'someone'],
		['login_required', 'that is missing', undefined],
	])('brings %s, %s', async (error, _what, hint) => {
		expect((await silently(hint)).error).toBe(error);
	});
});

describe('A refresh token', () => {
	const offline = { scope: `${CAMARA_SCOPE} offline_access` };
	const refresh = (token: unknown) =>
		client.form('/token', { grant_type: 'refresh_token', refresh_token: String(token) });

	test('brings another access token, when the first has expired', async () => {
		await sandbox.setAccessTokenLifetime(1);
		const { code } = await decide(allow('1'), offline);
		const { data } = await exchange(code);
		await sandbox.setAccessTokenLifetime();
		await seconds(2);
		expect((await client.retrieve(String(data.access_token), {})).status).toBe(401);

		const refreshed = await refresh(data.refresh_token);
		expect([refreshed.status, refreshed.data.expires_in]).toEqual([200, 3600]);
		expect(refreshed.data.refresh_token).not.toBe(data.refresh_token);
		const answer = await client.retrieve(String(refreshed.data.access_token), {});
		expect(answer.data).toMatchObject({ roaming: true, countryName: ['DE'] });
	});

	test('comes only if it is asked for', async () => {
		const { code } = await decide(allow('1'));
		expect((await exchange(code)).data).not.toHaveProperty('refresh_token');
	});

	test('does not come with a token of the backend flow', async () => {
		const backend = clientOf(sandbox.baseUrls.camara, applications.roaming, CAMARA_SCOPE);
		const { data } = await backend.authorize('tel:+34600000001');
		expect((await backend.poll(data.auth_req_id)).data).not.toHaveProperty('refresh_token');
	});
});
