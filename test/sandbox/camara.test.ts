import { applications } from '../../sandbox/applications';
import { camara } from '../../sandbox/operators/camara';
import { telefonica } from '../../sandbox/operators/telefonica';
import { sandboxUnderTest } from '../support/suite';
import { CAMARA_SCOPE, clientOf } from '../support/sandboxClient';

const ownScope = CAMARA_SCOPE.replace('openid ', '');
const RFC_3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z$/;

const sandbox = sandboxUnderTest();
let client: ReturnType<typeof clientOf>;
let ofSubscriber1: string;
let own: string;

beforeAll(async () => {
	client = clientOf(sandbox.baseUrls.camara, applications.roaming, CAMARA_SCOPE);
	ofSubscriber1 = await client.token('tel:+34600000001');
	own = await client.ownToken();
});

const nai = { networkAccessIdentifier: 'someone@example.com' };
const phone = (ending: string) => ({ device: { phoneNumber: `+3460000000${ending}` } });

describe('Discovery', () => {
	test('names the issuer and every endpoint', async () => {
		const url = `${sandbox.baseUrls.camara}/.well-known/openid-configuration`;
		const { status, data } = await client.request({ url });
		expect([status, data]).toEqual([
			200,
			expect.objectContaining({
				issuer: sandbox.baseUrls.camara,
				authorization_endpoint: `${sandbox.baseUrls.camara}/authorize`,
				backchannel_authentication_endpoint: `${sandbox.baseUrls.camara}/bc-authorize`,
				token_endpoint: `${sandbox.baseUrls.camara}/token`,
				jwks_uri: `${sandbox.baseUrls.camara}/jwks`,
				backchannel_token_delivery_modes_supported: ['poll'],
			}),
		]);
		const jwks = await client.request({ url: `${sandbox.baseUrls.camara}/jwks` });
		expect(jwks.data.keys).toEqual([expect.objectContaining({ kty: 'EC', use: 'sig' })]);
		expect(JSON.stringify(jwks.data)).not.toContain('"d"');
	});
});

test('A 3-legged token asks about its own subscriber', async () => {
	const { status, data } = await client.retrieve(ofSubscriber1, {});
	expect([status, data]).toEqual([
		200,
		{
			roaming: true,
			countryCode: 262,
			countryName: ['DE'],
			lastStatusTime: expect.stringMatching(RFC_3339),
		},
	]);
});

test('An ID token comes with the access token, and does not tell the number', async () => {
	const { data } = await client.authorize('tel:+34600000001');
	const answer = await client.poll(data.auth_req_id);
	expect(answer.data).toEqual({
		access_token: expect.any(String),
		token_type: 'Bearer',
		expires_in: 3600,
		scope: CAMARA_SCOPE,
		id_token: expect.any(String),
	});
	const claims = Buffer.from(String(answer.data.id_token).split('.')[1]!, 'base64url').toString();
	expect(JSON.parse(claims)).toMatchObject({
		iss: sandbox.baseUrls.camara,
		sub: expect.any(String),
	});
	expect(claims).not.toContain('34600000001');
});

describe('A scope is refused that has', () => {
	test.each([
		['no purpose', 'openid device-roaming-status:read'],
		['two purposes', `${CAMARA_SCOPE} dpv:Marketing`],
		['an unknown purpose', CAMARA_SCOPE.replace('FraudPreventionAndDetection', 'Curiosity')],
		[
			'its purpose joined to it',
			'openid dpv:FraudPreventionAndDetection#device-status-roaming-read',
		],
		['an unknown API', CAMARA_SCOPE.replace('status:read', 'status:write')],
	])('%s', async (_what, scope) => {
		const asked = await client.authorize('tel:+34600000001', { scope });
		expect([asked.status, asked.data.error]).toEqual([400, 'invalid_scope']);
		const granted = await client.form('/token', { grant_type: 'client_credentials', scope });
		expect([granted.status, granted.data.error]).toEqual([400, 'invalid_scope']);
	});
});

describe('Client credentials', () => {
	test.each([ownScope, CAMARA_SCOPE])('give a token with the scope %s', async (scope) => {
		const { data } = await client.form('/token', { grant_type: 'client_credentials', scope });
		expect(data).toEqual({
			access_token: expect.any(String),
			token_type: 'Bearer',
			expires_in: 3600,
			scope,
		});
	});

	test('need a scope', async () => {
		const { status, data } = await client.form('/token', { grant_type: 'client_credentials' });
		expect([status, data.error]).toEqual([400, 'invalid_scope']);
	});

	test('of an application registered for another API are refused', async () => {
		const other = clientOf(sandbox.baseUrls.camara, applications.otherApi);
		const { data } = await other.form('/token', {
			grant_type: 'client_credentials',
			scope: ownScope,
		});
		expect(data.error).toBe('invalid_scope');
	});

	test('are not for Telefónica, whose tokens are always of one subscriber', async () => {
		const { data } = await clientOf(sandbox.baseUrls.telefonica).form('/token', {
			grant_type: 'client_credentials',
			scope: telefonica.apis.roamingStatus.scopes[0]!,
		});
		expect(data.error).toBe('unsupported_grant_type');
	});
});

describe('A 2-legged token', () => {
	test.each<[string, object, number, string]>([
		['whose owner refuses', phone('7'), 403, 'PERMISSION_DENIED'],
		['unknown', phone('9'), 404, 'IDENTIFIER_NOT_FOUND'],
		['unreachable', phone('0'), 503, 'UNAVAILABLE'],
		['on a landline', { device: { phoneNumber: '+34910000001' } }, 422, 'SERVICE_NOT_APPLICABLE'],
		['left out', {}, 422, 'MISSING_IDENTIFIER'],
		['named by its NAI alone', { device: nai }, 422, 'UNSUPPORTED_IDENTIFIER'],
	])('is no use for a device that is %s', async (_what, body, expected, code) => {
		const { status, data } = await client.retrieve(own, body);
		expect([status, data.status, data.code]).toEqual([expected, expected, code]);
	});

	test.each([
		[
			'an IPv4 address and port',
			{ ipv4Address: { publicAddress: '84.125.93.1', publicPort: 59765 } },
		],
		[
			'an IPv4 address and a private one',
			{ ipv4Address: { publicAddress: '84.125.93.1', privateAddress: '10.0.0.7' } },
		],
		['an IPv6 address', { ipv6Address: '2001:DB8::1' }],
	])('asks about a device named by %s', async (_what, device) => {
		const { status, data } = await client.retrieve(own, { device });
		expect([status, data.countryName]).toEqual([200, ['DE']]);
		expect(data).not.toHaveProperty('device');
	});

	test('asks about a device named by several identifiers, and the one that was used is told', async () => {
		const device = {
			...nai,
			phoneNumber: '+34600000001',
			ipv6Address: '2001:db8::2',
		};
		const { data } = await client.retrieve(own, { device });
		expect(data).toMatchObject({ device: { phoneNumber: '+34600000001' }, roaming: true });
		expect(Object.keys(data.device as object)).toHaveLength(1);
	});
});

test('A 3-legged token asks about its own device, which the body must not name', async () => {
	const { status, data } = await client.retrieve(ofSubscriber1, phone('1'));
	expect([status, data.code]).toEqual([422, 'UNNECESSARY_IDENTIFIER']);
});

test.each([
	['no token', ''],
	['a token nobody was given', 'made-up'],
	["Telefónica's token", telefonica.authorization.fixedToken],
])('A request with %s is refused', async (_what, token) => {
	const { status, data, headers } = await client.retrieve(token, {});
	expect([status, data.status, data.code]).toEqual([401, 401, 'UNAUTHENTICATED']);
	expect(headers['www-authenticate']).toBe('Bearer');
});

test('A token for another API is refused', async () => {
	const other = clientOf(sandbox.baseUrls.camara, applications.otherApi);
	const token = await other.ownToken('dpv:FraudPreventionAndDetection sim-swap:check');
	const { status, data } = await client.retrieve(token, phone('1'));
	expect([status, data.code]).toEqual([403, 'PERMISSION_DENIED']);
});

test('The public token asks about any subscriber', async () => {
	const { data } = await client.retrieve(camara.authorization.fixedToken, phone('2'));
	expect(data).toMatchObject({ roaming: false });
	const missing = await client.retrieve(camara.authorization.fixedToken, {});
	expect(missing.data.code).toBe('MISSING_IDENTIFIER');
});

describe('A body is refused that', () => {
	test.each<[string, unknown]>([
		['is empty', ''],
		['is not JSON', '{"device":'],
		['is an array', []],
		['has an unknown property', { ...phone('1'), ueId: {} }],
		['has an empty device', { device: {} }],
		['has a device that is null', { device: null }],
		['has an unknown identifier', { device: { msisdn: '+34600000001' } }],
		['has a number without a plus', { device: { phoneNumber: '34600000001' } }],
		['has a number for a number', { device: { phoneNumber: 34600000001 } }],
		['has an IPv4 address alone', { device: { ipv4Address: { publicAddress: '84.125.93.1' } } }],
		[
			'has a private IPv4 address alone',
			{ device: { ipv4Address: { privateAddress: '84.125.93.1', publicPort: 1 } } },
		],
		[
			'has a port out of range',
			{ device: { ipv4Address: { publicAddress: '84.125.93.1', publicPort: 65536 } } },
		],
		['has an IPv4 address for an object', { device: { ipv4Address: '84.125.93.1' } }],
		['has a mask', { device: { ipv6Address: '2001:db8::/64' } }],
		['has a network access identifier that is a list', { device: { networkAccessIdentifier: [] } }],
	])('%s', async (_what, body) => {
		const { status, data } = await client.retrieve(own, body);
		expect([status, data.status, data.code]).toEqual([400, 400, 'INVALID_ARGUMENT']);
	});
});

test('A correlator of the wrong form is refused', async () => {
	const { status, data } = await client.retrieve(own, phone('1'), { 'x-correlator': 'a b' });
	expect([status, data.code]).toEqual([400, 'INVALID_ARGUMENT']);
});

describe('An earlier version', () => {
	const DEVICE_STATUS = 'dpv:FraudPreventionAndDetection device-status:roaming:read';
	const v05 = '/device-status/v0/roaming';
	const v06 = '/device-roaming-status/v0.6/retrieve';
	const ask = async (path: string, token: string, data: object) => {
		const url = sandbox.baseUrls.camara + path;
		const headers = { authorization: `Bearer ${token}` };
		const answer = await client.request({ method: 'POST', url, data, headers });
		return [answer.status, (answer.data as Record<string, unknown>).code];
	};

	test('v0.6 takes the device of the token named once more, and no other', async () => {
		expect(await ask(v06, ofSubscriber1, {})).toEqual([200, undefined]);
		expect(await ask(v06, ofSubscriber1, phone('1'))).toEqual([200, undefined]);
		expect(await ask(v06, ofSubscriber1, phone('2'))).toEqual([403, 'INVALID_TOKEN_CONTEXT']);
		expect(await ask(v06, own, {})).toEqual([422, 'UNIDENTIFIABLE_DEVICE']);
		expect(await ask(v06, own, phone('9'))).toEqual([404, 'DEVICE_NOT_FOUND']);
	});

	test('v0.5 has the device named always, and a scope of its own', async () => {
		const token = await client.token('tel:+34600000001', { scope: `openid ${DEVICE_STATUS}` });
		expect(await ask(v05, token, phone('1'))).toEqual([200, undefined]);
		expect(await ask(v05, token, phone('2'))).toEqual([403, 'INVALID_TOKEN_CONTEXT']);
		expect(await ask(v05, token, {})).toEqual([400, 'INVALID_ARGUMENT']);
		expect(await ask(v05, ofSubscriber1, phone('1'))).toEqual([403, 'PERMISSION_DENIED']);
		expect(await ask(v05, await client.ownToken(DEVICE_STATUS), phone('1'))).toEqual([
			200,
			undefined,
		]);
	});
});
