import { generateKeyPairSync } from 'node:crypto';
import { applications, CIBA, type Credentials, JWT_BEARER } from '../../sandbox/applications';
import { camara } from '../../sandbox/operators/camara';
import { telefonica } from '../../sandbox/operators/telefonica';
import { sandboxUnderTest } from '../support/suite';
import { type Algorithm, claimsFor, signed } from '../support/assertion';
import { basic, camaraScope, clientOf } from '../support/sandboxClient';

const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
const ownScope = camaraScope.replace('openid ', '');
const signings: [Algorithm, 'rsa' | 'ec'][] = [
	['RS256', 'rsa'],
	['PS256', 'rsa'],
	['ES256', 'ec'],
];

const sandbox = sandboxUnderTest();
let keys: NonNullable<Credentials['privateKeys']>;
let client: ReturnType<typeof clientOf>;

beforeAll(async () => {
	keys = (await sandbox.applications()).privateKey.privateKeys!;
	client = clientOf(sandbox.baseUrls.camara, applications.roaming, camaraScope);
});

/** A form sent to CAMARA's operator by a client that authenticates in it, if at all. */
const send = (path: string, fields: Record<string, string>, headers = {}) =>
	client.form(path, fields, { authorization: undefined, ...headers });

describe('A client with client_secret_post', () => {
	const { clientId, clientSecret } = applications.secretPost;
	const secret = { client_id: clientId, client_secret: clientSecret };

	test.each([telefonica, camara])(
		'gets a token at $path',
		async ({ path, authorization, apis }) => {
			const operator = clientOf(sandbox.origin + path);
			const post = (to: string, fields: Record<string, string>) =>
				operator.form(to, { ...fields, ...secret }, { authorization: undefined });
			const scope = authorization.openid ? camaraScope : apis.roamingStatus.scopes[0]!;
			const { data } = await post('/bc-authorize', { login_hint: 'tel:+34600000001', scope });
			const token = await post('/token', {
				grant_type: CIBA,
				auth_req_id: String(data.auth_req_id),
			});
			expect([token.status, token.data.token_type]).toEqual([200, 'Bearer']);
		},
	);

	test.each([
		['a wrong secret', { ...secret, client_secret: 'wrong' }],
		['no secret', { client_id: clientId }],
	])('is refused with %s', async (_what, fields) => {
		const { status, data } = await send('/bc-authorize', fields);
		expect([status, data.error]).toEqual([401, 'invalid_client']);
	});

	test('is refused with its secret twice', async () => {
		const headers = { authorization: basic(clientId, clientSecret) };
		const { status, data } = await send('/bc-authorize', secret, headers);
		expect([status, data.error]).toEqual([400, 'invalid_request']);
	});
});

describe('A client with private_key_jwt', () => {
	const { clientId } = applications.privateKey;
	const asserting = (assertion: string) => ({
		client_assertion_type: ASSERTION_TYPE,
		client_assertion: assertion,
	});
	const tokenUrl = () => `${sandbox.baseUrls.camara}/token`;
	const rsa = () => ({ key: keys.rsa, algorithm: 'RS256' as const, kid: 'rsa' });

	/** What client credentials bring a client with these claims. */
	const withClaims = (claims: object, signing = rsa() as Parameters<typeof signed>[1]) =>
		send('/token', {
			grant_type: 'client_credentials',
			scope: ownScope,
			...asserting(signed(claims, signing)),
		});

	test.each(signings)('gets a token by CIBA with %s', async (algorithm, kid) => {
		const assertion = (path: string) =>
			asserting(
				signed(claimsFor(clientId, sandbox.baseUrls.camara + path), {
					key: keys[kid],
					algorithm,
					kid,
				}),
			);
		const { data } = await send('/bc-authorize', {
			login_hint: 'tel:+34600000001',
			scope: camaraScope,
			...assertion('/bc-authorize'),
		});
		const token = await send('/token', {
			grant_type: CIBA,
			auth_req_id: String(data.auth_req_id),
			...assertion('/token'),
		});
		expect([token.status, token.data.token_type]).toEqual([200, 'Bearer']);
	});

	test('needs no key id', async () => {
		const { status } = await withClaims(claimsFor(clientId, tokenUrl()), {
			...rsa(),
			kid: undefined,
		});
		expect(status).toBe(200);
	});

	test.each<[string, (claims: ReturnType<typeof claimsFor>) => object]>([
		['the audience of the issuer', (claims) => ({ ...claims, aud: sandbox.baseUrls.camara })],
		[
			'the audience of another endpoint',
			(claims) => ({ ...claims, aud: `${sandbox.baseUrls.camara}/bc-authorize` }),
		],
		['two audiences', (claims) => ({ ...claims, aud: [claims.aud, sandbox.baseUrls.camara] })],
		[
			"another operator's audience",
			(claims) => ({ ...claims, aud: `${sandbox.baseUrls.telefonica}/token` }),
		],
		['a lifetime of 301 s', (claims) => ({ ...claims, exp: claims.exp + 1 })],
		[
			'no time of issue, and an end in 400 s',
			(claims) => ({ ...claims, iat: undefined, exp: claims.exp + 100 }),
		],
		['no end', (claims) => ({ ...claims, exp: undefined })],
		['an end that has passed', (claims) => ({ ...claims, iat: 1, exp: 300 })],
		['a time of issue to come', (claims) => ({ ...claims, iat: claims.exp - 100 })],
		['no id', (claims) => ({ ...claims, jti: undefined })],
		['another issuer', (claims) => ({ ...claims, iss: applications.roaming.clientId })],
		['another subject', (claims) => ({ ...claims, sub: applications.roaming.clientId })],
	])('is refused with %s', async (_what, spoil) => {
		const { status, data } = await withClaims(spoil(claimsFor(clientId, tokenUrl())));
		expect([status, data.error]).toEqual([401, 'invalid_client']);
	});

	test('is refused with an assertion that was used before', async () => {
		const claims = claimsFor(clientId, tokenUrl());
		expect((await withClaims(claims)).status).toBe(200);
		const { status, data } = await withClaims(claims);
		expect([status, data.error]).toEqual([401, 'invalid_client']);
	});

	test('is refused with the signature of another', async () => {
		const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
		const key = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
		const { data } = await withClaims(claimsFor(clientId, tokenUrl()), { ...rsa(), key });
		expect(data.error).toBe('invalid_client');
	});

	test('is refused with the id of another key', async () => {
		const { data } = await withClaims(claimsFor(clientId, tokenUrl()), { ...rsa(), kid: 'ec' });
		expect(data.error).toBe('invalid_client');
	});
});

describe('JWT bearer', () => {
	const { clientId } = applications.jwtBearer;

	/** Claims that bring a token for subscriber 1, for a test to spoil. */
	const right = (baseUrl = sandbox.baseUrls.camara, scope = ownScope) => ({
		...claimsFor(clientId, `${baseUrl}/token`),
		sub: 'tel:+34600000001',
		scope,
	});
	const grant = (
		claims: object,
		signing: Parameters<typeof signed>[1] = { key: keys.ec, algorithm: 'ES256', kid: 'ec' },
	) => ({ grant_type: JWT_BEARER, assertion: signed(claims, signing) });

	test.each(signings)(
		'gives a token of one subscriber for an assertion with %s',
		async (algorithm, kid) => {
			const { status, data } = await send(
				'/token',
				grant(right(), { key: keys[kid], algorithm, kid }),
			);
			expect([status, data]).toEqual([
				200,
				{
					access_token: expect.any(String),
					token_type: 'Bearer',
					expires_in: 3600,
					scope: ownScope,
				},
			]);
			const { data: roaming } = await client.retrieve(String(data.access_token), {});
			expect(roaming).toMatchObject({ roaming: true, countryName: ['DE'] });
			const named = await client.retrieve(String(data.access_token), {
				device: { phoneNumber: '+34600000001' },
			});
			expect(named.data.code).toBe('UNNECESSARY_IDENTIFIER');
		},
	);

	test("gives Telefónica's tokens too", async () => {
		const telefonicas = clientOf(sandbox.baseUrls.telefonica);
		const fields = grant(
			right(sandbox.baseUrls.telefonica, telefonica.apis.roamingStatus.scopes[0]),
		);
		const { data } = await telefonicas.form('/token', fields, { authorization: undefined });
		const answer = await telefonicas.roaming(String(data.access_token), {
			ueId: { msisdn: '+34600000001' },
		});
		expect(answer.status).toBe(200);
	});

	test.each<[string, string, (claims: ReturnType<typeof right>) => object]>([
		[
			'invalid_grant',
			'the audience of the issuer',
			(c) => ({ ...c, aud: sandbox.baseUrls.camara }),
		],
		['invalid_grant', 'no time of issue', (c) => ({ ...c, iat: undefined })],
		['invalid_grant', 'no id', (c) => ({ ...c, jti: undefined })],
		['invalid_grant', 'no scope', (c) => ({ ...c, scope: undefined })],
		['invalid_grant', 'a subscriber that refuses', (c) => ({ ...c, sub: 'tel:+34600000007' })],
		['invalid_grant', 'an unknown subscriber', (c) => ({ ...c, sub: 'tel:+34600000009' })],
		['invalid_grant', 'an address', (c) => ({ ...c, sub: 'ipport:80.90.34.1:16790' })],
		['invalid_grant', 'a TS.43 token', (c) => ({ ...c, sub: 'operatortoken:abc' })],
		['invalid_scope', 'no purpose', (c) => ({ ...c, scope: 'device-roaming-status:read' })],
		['invalid_scope', 'two purposes', (c) => ({ ...c, scope: `${c.scope} dpv:Marketing` })],
		['invalid_client', 'an issuer with a secret', (c) => ({ ...c, iss: 'mock_sandbox_app_id' })],
		['invalid_client', 'an unknown issuer', (c) => ({ ...c, iss: 'unknown' })],
	])('answers %s to %s', async (error, _what, spoil) => {
		const { status, data } = await send('/token', grant(spoil(right())));
		expect([status, data.error]).toEqual([error === 'invalid_client' ? 401 : 400, error]);
	});

	test.each([
		['a subscriber that refuses', 'tel:+34600000007', 'has not consented'],
		['a TS.43 token', 'operatortoken:abc', 'takes no TS.43 tokens'],
	])('says what is wrong with %s', async (_what, sub, description) => {
		const { data } = await send('/token', grant({ ...right(), sub }));
		expect(data.error_description).toContain(description);
	});

	test('takes an assertion once', async () => {
		const fields = grant(right());
		expect((await send('/token', fields)).status).toBe(200);
		const { status, data } = await send('/token', fields);
		expect([status, data.error]).toEqual([400, 'invalid_grant']);
	});

	test('does not take the signature of another', async () => {
		const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
		const key = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
		const { data } = await send('/token', grant(right(), { key, algorithm: 'ES256', kid: 'ec' }));
		expect(data.error).toBe('invalid_grant');
	});

	test.each<[string, Record<string, string>, Record<string, string>, string]>([
		['a scope', { scope: ownScope }, {}, 'invalid_request'],
		['a secret', { client_secret: 'x' }, {}, 'invalid_client'],
		['Basic credentials', {}, { authorization: basic(clientId, 'x') }, 'invalid_client'],
		["another client's id", { client_id: 'mock_private_key_app_id' }, {}, 'invalid_client'],
	])('does not take %s beside the assertion', async (_what, fields, headers, error) => {
		const { data } = await send('/token', { ...grant(right()), ...fields }, headers);
		expect(data.error).toBe(error);
	});

	test('needs an assertion', async () => {
		const { data } = await send('/token', { grant_type: JWT_BEARER, client_id: clientId });
		expect(data.error).toBe('invalid_request');
		const garbage = await send('/token', { grant_type: JWT_BEARER, assertion: 'garbage' });
		expect(garbage.data.error).toBe('invalid_request');
	});
});

test('What credentials take is served, and only keys differ from start to start', async () => {
	const served = await sandbox.applications();
	expect(served.roaming).toEqual(applications.roaming);
	expect(Object.keys(served)).toEqual(Object.keys(applications));
	expect(served.jwtBearer.privateKeys?.ec).toMatch(/^-----BEGIN PRIVATE KEY-----\n/);
	const { data } = await client.request({ url: `${sandbox.origin}/sandbox/keys/ec.pem` });
	expect(data).toBe(served.jwtBearer.privateKeys?.ec);
});
