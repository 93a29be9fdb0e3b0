import { generateKeyPairSync } from 'node:crypto';
import { applications, type Credentials, JWT_BEARER } from '../../sandbox/applications';
import { sandboxUnderTest } from '../support/suite';
import { claimsFor, signed } from '../support/assertion';
import { basic, CAMARA_SCOPE, clientOf } from '../support/sandboxClient';

const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
const ownScope = CAMARA_SCOPE.replace('openid ', '');

const sandbox = sandboxUnderTest();
let keys: NonNullable<Credentials['privateKeys']>;
let client: ReturnType<typeof clientOf>;

beforeAll(async () => {
	keys = (await sandbox.applications()).privateKey.privateKeys!;
	client = clientOf(sandbox.baseUrls.camara, applications.roaming, CAMARA_SCOPE);
});

/** A form sent to CAMARA's operator by a client that authenticates in it, if at all. */
const send = (path: string, fields: Record<string, string>, headers = {}) =>
	client.form(path, fields, { authorization: undefined, ...headers });

describe('A client with private_key_jwt', () => {
	const { clientId } = applications.privateKey;
	const tokenUrl = () => `${sandbox.baseUrls.camara}/token`;

	const grantedTo = (claims: object) =>
		send('/token', {
			grant_type: 'client_credentials',
			scope: ownScope,
			client_assertion_type: ASSERTION_TYPE,
			client_assertion: signed(claims, { key: keys.rsa, algorithm: 'RS256', kid: 'rsa' }),
		});

	test('is accepted with the audience that was called, for 300 s', async () => {
		expect((await grantedTo(claimsFor(clientId, tokenUrl()))).status).toBe(200);
	});

	test.each<[string, (claims: ReturnType<typeof claimsFor>) => object]>([
		['the audience of the issuer', (claims) => ({ ...claims, aud: sandbox.baseUrls.camara })],
		[
			'the audience of another endpoint',
			(claims) => ({ ...claims, aud: `${sandbox.baseUrls.camara}/bc-authorize` }),
		],
		['two audiences', (claims) => ({ ...claims, aud: [claims.aud, sandbox.baseUrls.camara] })],
		['a lifetime of 301 s', (claims) => ({ ...claims, exp: claims.exp + 1 })],
		[
			'no time of issue, and an end in 400 s',
			(claims) => ({ ...claims, iat: undefined, exp: claims.exp + 100 }),
		],
		['a time of issue to come', (claims) => ({ ...claims, iat: claims.exp - 100 })],
	])('is refused with %s', async (_what, spoil) => {
		const { status, data } = await grantedTo(spoil(claimsFor(clientId, tokenUrl())));
		expect([status, data.error]).toEqual([401, 'invalid_client']);
	});
});

describe('JWT bearer', () => {
	const { clientId } = applications.jwtBearer;

	/** Claims that bring a token for subscriber 1, for a test to spoil. */
	const right = () => ({
		...claimsFor(clientId, `${sandbox.baseUrls.camara}/token`),
		sub: 'tel:+34600000001',
		scope: ownScope,
	});
	const grant = (claims: object, key = keys.ec) => ({
		grant_type: JWT_BEARER,
		assertion: signed(claims, { key, algorithm: 'ES256', kid: 'ec' }),
	});

	test('gives a token of one subscriber', async () => {
		const { status, data } = await send('/token', grant(right()));
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
	});

	test.each<[string, string, string, (claims: ReturnType<typeof right>) => object]>([
		['invalid_grant', 'no time of issue', 'iat', (c) => ({ ...c, iat: undefined })],
		['invalid_grant', 'no id', 'jti', (c) => ({ ...c, jti: undefined })],
		['invalid_grant', 'no scope', 'scope', (c) => ({ ...c, scope: undefined })],
		['invalid_grant', 'another audience', 'aud', (c) => ({ ...c, aud: sandbox.baseUrls.camara })],
		['invalid_grant', 'a refusal', 'not consented', (c) => ({ ...c, sub: 'tel:+34600000007' })],
		['invalid_grant', 'a stranger', 'no subscriber', (c) => ({ ...c, sub: 'tel:+34600000009' })],
		['invalid_grant', 'an address', 'tel:', (c) => ({ ...c, sub: 'ipport:80.90.34.1:16790' })],
		['invalid_grant', 'a TS.43 token', 'TS.43', (c) => ({ ...c, sub: 'operatortoken:abc' })],
		['invalid_scope', 'no purpose', '', (c) => ({ ...c, scope: 'device-roaming-status:read' })],
		[
			'invalid_client',
			'an issuer with a secret',
			'',
			(c) => ({ ...c, iss: 'mock_sandbox_app_id' }),
		],
		['invalid_client', 'an unknown issuer', '', (c) => ({ ...c, iss: 'unknown' })],
	])('answers %s to %s', async (error, _what, description, spoil) => {
		const { status, data } = await send('/token', grant(spoil(right())));
		expect([status, data.error]).toEqual([error === 'invalid_client' ? 401 : 400, error]);
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
		expect((await send('/token', grant(right(), key))).data.error).toBe('invalid_grant');
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

	test.each<[string, Record<string, string>]>([
		['no assertion', { client_id: clientId }],
		['an assertion that is no JWT', { assertion: 'garbage' }],
	])('does not take %s', async (_what, fields) => {
		const { data } = await send('/token', { grant_type: JWT_BEARER, ...fields });
		expect(data.error).toBe('invalid_request');
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
