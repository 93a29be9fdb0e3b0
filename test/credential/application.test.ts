import { generateKeyPairSync } from 'node:crypto';
import type { IDataObject } from 'n8n-workflow';
import { clientAuthentications, grantTypes } from '../../nodes/OpenGateway/authorization';
import { parseApplication } from '../../nodes/OpenGateway/credential/application';
import { operators } from '../../nodes/OpenGateway/operators';
import { camara } from '../../nodes/OpenGateway/operators/camara';
import { nokia } from '../../nodes/OpenGateway/operators/nokia';
import { telefonica } from '../../nodes/OpenGateway/operators/telefonica';
import { combinations } from '../support/combinations';
import * as credentials from '../support/credential';
import { refusal, refusedWith } from '../support/refusal';

const asItOpens = credentials.asItOpens();

/** Every field filled in with something that can be right. */
const complete = {
	...asItOpens,
	baseUrl: 'https://api.example.com/base',
	clientId: 'made-up-client-id',
	clientSecret: 'made-up-secret',
	privateKey: generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({
		format: 'pem',
		type: 'pkcs8',
	}),
	keyId: 'made-up-key-id',
	signingAlgorithm: 'ES256',
	accessToken: 'made-up-access-token',
	apiKey: 'made-up-api-key',
	backchannelAuthorizationUrl: 'https://login.example.com/bc-authorize',
	authorizationUrl: 'https://login.example.com/authorize',
	tokenUrl: 'https://login.example.com/token?tenant=1',
} as const satisfies IDataObject;

const camaraWith = (changes: IDataObject = {}) =>
	parseApplication({ ...complete, operator: 'camara', ...changes });

const expectRefusal = (credential: IDataObject, words: RegExp) =>
	expect(refusal(() => parseApplication(credential))).toEqual(
		refusedWith('INVALID_CREDENTIAL', words),
	);

/** The scope that access to the API Roaming Status needs. */
function scopeOf(credential: IDataObject): string {
	const { scope, operator } = parseApplication(credential);
	return scope(operator.apis.roamingStatus!);
}

test('a credential works as it opens', () => {
	expect(parseApplication(asItOpens)).toMatchObject({
		operator: telefonica,
		baseUrl: 'https://sandbox.opengateway.telefonica.com/apigateway',
		grant: { flow: 'backend' },
	});
	expect(scopeOf(asItOpens)).toBe('dpv:FraudPreventionAndDetection#device-status-roaming-read');
});

test('the fingerprint depends on the credential’s id and content', () => {
	const fingerprints = [
		parseApplication(asItOpens, 'a'),
		parseApplication(asItOpens, 'b'),
		parseApplication({ ...asItOpens, purpose: 'Marketing' }, 'a'),
	].map(({ fingerprint }) => fingerprint);
	expect(new Set(fingerprints).size).toBe(3);
	expect(parseApplication({ ...asItOpens }, 'a').fingerprint).toBe(fingerprints[0]);
});

describe('the mock application', () => {
	test.each([
		['', ''],
		[undefined, null],
	])('is used if Client ID and Client Secret are %j and %j', (clientId, clientSecret) => {
		const { clientId: id, clientSecret: secret } = telefonica.mock!;
		expect(() => parseApplication({ ...asItOpens, clientId, clientSecret })).not.toThrow();
		expect(
			clientAuthentications.clientSecretBasic
				.parse({ clientId, clientSecret }, telefonica)
				.authenticate().headers.authorization,
		).toBe(`Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`);
	});

	test.each([
		[{ clientId: 'made-up' }, /^'Client Secret' is missing.*developer portal/],
		[{ clientSecret: 'made-up' }, /^'Client ID' is missing.*developer portal/],
		[{ clientId: 1, clientSecret: 'made-up' }, /^'Client ID' is missing/],
		[{ clientAuthentication: 'privateKeyJwt' }, /^'Client ID' is missing/],
		[{ authorizationGrant: 'jwtBearer' }, /^'Client ID' is missing/],
		[{ operator: 'camara', baseUrl: 'https://api.example.com' }, /^'Client ID' is missing/],
	])('is not used for %j', (changes, words) => {
		expectRefusal({ ...asItOpens, ...changes }, words);
	});
});

describe('ways of access', () => {
	test.each(combinations)('are accepted: $name', ({ operator, ...choices }) => {
		const application = parseApplication({ ...complete, operator, ...choices });

		expect(application.operator).toBe(operators[operator]);
		expect(application.grant.flow).toBe(
			choices.authorizationGrant === 'authorizationCode' ? 'frontend' : 'backend',
		);
		// The parsed application may be logged; what is secret stays in its closures.
		expect(JSON.stringify(application)).not.toMatch(/made-up|PRIVATE KEY/);
	});

	const supported = new Set(combinations.map(({ name }) => name));
	const unsupported = (['telefonica', 'camara'] as const)
		.flatMap((operator) =>
			Object.entries(grantTypes).flatMap(([authorizationGrant, { create }]) =>
				('forClient' in create ? Object.keys(clientAuthentications) : ['']).map(
					(clientAuthentication) => ({
						name: `${operator} ${authorizationGrant} ${clientAuthentication}`.trim(),
						choices: { operator, authorizationGrant, clientAuthentication },
					}),
				),
			),
		)
		.filter(({ name }) => !supported.has(name));
	test.each(unsupported)('are refused if the operator lacks them: $name', ({ choices }) => {
		expectRefusal(
			{ ...complete, ...choices },
			/^'(Grant Type|Client Authentication)' .*Select it again.*: \w/,
		);
	});

	test('do not depend on a grant that was saved before, if the operator has only one', () => {
		const { grant } = parseApplication({ ...complete, operator: 'nokia' });
		expect(grant.flow).toBe('backend');
		expect(grant).not.toHaveProperty('probe');
	});
});

describe('the endpoints', () => {
	test.each([
		['ciba', ['backchannelAuthentication', 'token']],
		['jwtBearer', ['token']],
		['authorizationCode', ['authorization', 'token']],
		['clientCredentials', ['token']],
		['accessToken', []],
	])('of another operator come from the fields that %s needs', (authorizationGrant, names) => {
		const all = {
			backchannelAuthentication: complete.backchannelAuthorizationUrl,
			authorization: complete.authorizationUrl,
			token: complete.tokenUrl,
		};
		expect(camaraWith({ authorizationGrant }).endpoints).toEqual(
			Object.fromEntries(Object.entries(all).filter(([name]) => names.includes(name))),
		);
	});

	test('of another operator are discovered if it publishes them', () => {
		const { endpoints } = camaraWith({
			discoveryUrl: ' https://login.example.com ',
			backchannelAuthorizationUrl: '',
			tokenUrl: '',
		});
		expect(endpoints).toEqual({ discoveryUrl: 'https://login.example.com/' });
	});

	test('are not discovered if none is needed', () => {
		const changes = { authorizationGrant: 'accessToken', discoveryUrl: 'no address' };
		expect(camaraWith(changes).endpoints).toEqual({});
	});

	test('of Telefónica are under its base URL, whatever other URLs are saved', () => {
		const changes = { discoveryUrl: 'https://other.example.com', tokenUrl: 'no address' };
		expect(parseApplication({ ...complete, ...changes }).endpoints).toEqual({
			authorization: 'https://api.example.com/base/authorize',
			backchannelAuthentication: 'https://api.example.com/base/bc-authorize',
			token: 'https://api.example.com/base/token',
		});
	});
});

describe('the scope', () => {
	test.each([
		['telefonica', 'ciba', 'dpv:Marketing#device-status-roaming-read'],
		['telefonica', 'accessToken', ''],
		['camara', 'ciba', 'openid dpv:Marketing device-roaming-status:read'],
		['camara', 'authorizationCode', 'openid dpv:Marketing device-roaming-status:read'],
		['camara', 'jwtBearer', 'dpv:Marketing device-roaming-status:read'],
		['camara', 'clientCredentials', 'dpv:Marketing device-roaming-status:read'],
		['nokia', 'apiKey', ''],
	])('follows from operator, grant and purpose: %s %s', (operator, authorizationGrant, scope) => {
		const credential = { ...complete, operator, authorizationGrant, purpose: 'Marketing' };
		expect(scopeOf(credential)).toBe(scope);
	});

	test('is that of the credential, if it has one', () => {
		const changes = { scope: '  openid  a:b#c !]~\n', purpose: 'none' };
		expect(scopeOf({ ...complete, ...changes })).toBe('openid  a:b#c !]~');
	});

	test.each([['a "b"'], ['a\\b'], ['a\nb'], ['ä'], [['a']]])('is refused if it is %j', (scope) => {
		expectRefusal({ ...complete, scope }, /^'Scope' .*leave the field empty/);
	});
});

const BLANK = ['', '  ', null, undefined];

test.each([
	['telefonica', telefonica.defaultBaseUrl],
	['nokia', nokia.defaultBaseUrl],
])('without a base URL, the one of the operator is used: %s', (operator, baseUrl) => {
	for (const blank of BLANK) {
		expect(parseApplication({ ...complete, operator, baseUrl: blank }).baseUrl).toBe(baseUrl);
	}
	expect(baseUrl).toMatch(/^https:\/\/[\w.-]+/);
});

test.each(BLANK)('another operator has no base URL of its own: %j is refused', (baseUrl) => {
	expect(camara.defaultBaseUrl).toBeUndefined();
	expectRefusal({ ...complete, operator: 'camara', baseUrl }, /^'Base URL' is not a web address/);
});

test.each([
	['https://api.example.com/', 'https://api.example.com'],
	['\u00A0HTTPS://API.Example.COM:8443/ApiGateway//\n', 'https://api.example.com:8443/ApiGateway'],
	['https://api.example.com/apigateway?#', 'https://api.example.com/apigateway'],
	['http://localhost:8480/apigateway', 'http://localhost:8480/apigateway'],
	['http://127.10.20.53', 'http://127.10.20.53'],
	['http://[::1]:8480/', 'http://[::1]:8480'],
])('the base URL %j is read as %s', (written, baseUrl) => {
	expect(parseApplication({ ...complete, baseUrl: written }).baseUrl).toBe(baseUrl);
});

const NOT_A_WEB_ADDRESS = /is not a web address.*like https:\/\/api\.example\.com/;
const NOT_ENCRYPTED = /is not encrypted.*https:\/\//;
const MORE = /only host and path.*like https:\/\/api\.example\.com/;

test.each([
	['https:/ /x', NOT_A_WEB_ADDRESS],
	['ftp://api.example.com', NOT_A_WEB_ADDRESS],
	['localhost:8480', NOT_A_WEB_ADDRESS],
	[8480, NOT_A_WEB_ADDRESS],
	['http://api.localhost', NOT_ENCRYPTED],
	['http://127.0.0.1.example.com', NOT_ENCRYPTED],
	['http://localhost.example.com', NOT_ENCRYPTED],
	['http://10.0.0.1', NOT_ENCRYPTED],
	['http://[::2]', NOT_ENCRYPTED],
	['https://made-up@api.example.com', MORE],
	['https://:made-up@api.example.com', MORE],
	['https://api.example.com?key=made-up', MORE],
])('the base URL %j is refused, and not repeated', (baseUrl, words) => {
	expectRefusal({ ...complete, baseUrl }, words);
	expectRefusal({ ...complete, baseUrl }, /^'Base URL' (?!.*made-up)/);
});

test.each([
	['baseUrl', 'Base URL'],
	['discoveryUrl', 'Discovery URL'],
	['backchannelAuthorizationUrl', 'Backchannel Authorization URL'],
	['tokenUrl', 'Token URL'],
	['authorizationUrl', 'Authorization URL', 'authorizationCode'],
])(
	'%s must be an encrypted web address, and no more',
	(field, name, authorizationGrant = 'ciba') => {
		for (const [url, words] of [
			['api.example.com', NOT_A_WEB_ADDRESS],
			['http://api.example.com', NOT_ENCRYPTED],
			['https://api.example.com#top', MORE],
		] as const) {
			const credential = { ...complete, operator: 'camara', authorizationGrant, [field]: url };
			expectRefusal(credential, words);
			expectRefusal(credential, new RegExp(`^'${name}' `));
		}
	},
);

test.each([
	['operator', 'Telefonica', /^'Operator' .*Select it again.*Nokia Network as Code/],
	['operator', 'constructor', /^'Operator' /],
	['operator', ['telefonica'], /^'Operator' /],
	['authorizationGrant', 'toString', /^'Grant Type' .*: Backend Flow \(CIBA\), (?!.*API Key)/],
	['authorizationGrant', undefined, /^'Grant Type' /],
	['clientAuthentication', 'toString', /^'Client Authentication' .*: Client Secret \(Basic\), /],
	['purpose', 'Fun', /^'Purpose' .*Select it again/],
])('a credential whose %s is %j is refused', (field, value, words) => {
	expectRefusal({ ...complete, [field]: value }, words);
});
