import { generateKeyPairSync } from 'node:crypto';
import type { IDataObject } from 'n8n-workflow';
import { clientAuthentications, grantTypes } from '../../nodes/OpenGateway/authorization';
import { OpenGatewayError } from '../../nodes/OpenGateway/errors';
import { parseApplication } from '../../nodes/OpenGateway/credential/application';
import { operators } from '../../nodes/OpenGateway/operators';
import { camara } from '../../nodes/OpenGateway/operators/camara';
import { nokia } from '../../nodes/OpenGateway/operators/nokia';
import { telefonica } from '../../nodes/OpenGateway/operators/telefonica';
import { combinations } from '../support/combinations';
import * as credentials from '../support/credential';

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
	tokenUrl: 'https://login.example.com/token',
} as const satisfies IDataObject;

const camaraWith = (changes: IDataObject = {}) =>
	parseApplication({ ...complete, operator: 'camara', ...changes });

test('a credential works as it opens', () => {
	expect(parseApplication(asItOpens)).toMatchObject({
		operator: telefonica,
		baseUrl: 'https://sandbox.opengateway.telefonica.com/apigateway',
		grant: { flow: 'backend' },
		endpoints: {
			authorization: 'https://sandbox.opengateway.telefonica.com/apigateway/authorize',
			backchannelAuthentication:
				'https://sandbox.opengateway.telefonica.com/apigateway/bc-authorize',
			token: 'https://sandbox.opengateway.telefonica.com/apigateway/token',
		},
		scope: 'dpv:FraudPreventionAndDetection#device-status-roaming-read',
	});
});

describe('the mock application', () => {
	const authorizationFor = (changes: IDataObject) => {
		const { grant } = parseApplication({ ...asItOpens, ...changes });
		if (grant.flow !== 'backend') throw new Error('The form opens with another grant.');
		return grant;
	};

	test.each([
		['', ''],
		[undefined, undefined],
		[null, ''],
	])('is taken if Client ID and Client Secret are %j and %j', (clientId, clientSecret) => {
		const { clientId: id, clientSecret: secret } = telefonica.mock!;
		expect(() => authorizationFor({ clientId, clientSecret })).not.toThrow();
		expect(
			clientAuthentications.clientSecretBasic
				.parse({ clientId, clientSecret }, telefonica.mock)
				.authenticate().headers.authorization,
		).toBe(`Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`);
	});

	test.each([
		[{ clientId: 'made-up' }, /The Client Secret is missing/],
		[{ clientSecret: 'made-up' }, /The Client ID is missing/],
		[{ clientAuthentication: 'privateKeyJwt' }, /The Client ID is missing/],
		[{ authorizationGrant: 'jwtBearer' }, /The Client ID is missing/],
		[{ operator: 'camara', baseUrl: 'https://api.example.com' }, /The Client ID is missing/],
	])('is not taken for %j', (changes, words) => {
		expect(refusal({ ...asItOpens, ...changes })).toMatch(words);
	});
});

describe('ways in', () => {
	test('are these, and no others', () => {
		const supported = Object.entries(operators).flatMap(([operator, { grants }]) =>
			Object.entries(grants).flatMap(([authorizationGrant, methods]: [string, readonly string[]]) =>
				(methods.length > 0 ? methods : [undefined]).map((clientAuthentication) =>
					[operator, authorizationGrant, clientAuthentication].filter(Boolean).join(' '),
				),
			),
		);
		expect(supported.sort()).toEqual(combinations.map(({ name }) => name).sort());
	});

	test.each(combinations)('are taken: $name', ({ operator, ...choices }) => {
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
	test.each(unsupported)('are refused where the operator has none such: $name', ({ choices }) => {
		expect(refusal({ ...complete, ...choices })).toMatch(
			/The (Grant Type|Client Authentication) is not one of: \w.*Choose it anew/,
		);
	});

	test.each(Object.keys(grantTypes))(
		'are not mistaken at an operator with one only, where another is still saved: %s',
		async (authorizationGrant) => {
			const { grant } = parseApplication({ ...complete, operator: 'nokia', authorizationGrant });
			expect(grant.flow).toBe('backend');
			expect(grant).not.toHaveProperty('probe');
		},
	);
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

	test('of another operator are discovered where it publishes them', () => {
		const { endpoints } = camaraWith({
			discoveryUrl: ' https://login.example.com ',
			backchannelAuthorizationUrl: '',
			tokenUrl: '',
		});
		expect(endpoints).toEqual({ discoveryUrl: 'https://login.example.com/' });
	});

	test('are not discovered where none is needed', () => {
		const changes = { authorizationGrant: 'accessToken', discoveryUrl: 'no address' };
		expect(camaraWith(changes).endpoints).toEqual({});
	});

	test('of another operator may have a query', () => {
		const tokenUrl = 'https://login.example.com/token?tenant=1';
		expect(camaraWith({ tokenUrl }).endpoints).toMatchObject({ token: tokenUrl });
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
		['telefonica', 'jwtBearer', 'dpv:Marketing#device-status-roaming-read'],
		['telefonica', 'authorizationCode', 'dpv:Marketing#device-status-roaming-read'],
		['telefonica', 'accessToken', ''],
		['camara', 'ciba', 'openid dpv:Marketing device-roaming-status:read'],
		['camara', 'authorizationCode', 'openid dpv:Marketing device-roaming-status:read'],
		['camara', 'jwtBearer', 'dpv:Marketing device-roaming-status:read'],
		['camara', 'clientCredentials', 'dpv:Marketing device-roaming-status:read'],
		['camara', 'accessToken', ''],
		['nokia', 'apiKey', ''],
	])('follows from operator, grant and purpose: %s %s', (operator, authorizationGrant, scope) => {
		const credential = { ...complete, operator, authorizationGrant, purpose: 'Marketing' };
		expect(parseApplication(credential).scope).toBe(scope);
	});

	test.each([
		['openid a:b#c', 'openid a:b#c'],
		['  one  two\n', 'one  two'],
	])('of the credential replaces it: %j', (scope, sent) => {
		expect(camaraWith({ scope, purpose: 'none' }).scope).toBe(sent);
	});

	test.each([[''], ['  '], [null], [undefined]])('is the usual one where it is %j', (scope) => {
		expect(camaraWith({ scope }).scope).toMatch(/^openid dpv:Fraud/);
	});

	test.each([['a "b"'], ['a\\b'], ['a\nb'], ['ä'], ['a\0'], [1], [['a']], [{}]])(
		'is refused where it is %j',
		(scope) => {
			expect(refusal({ ...complete, operator: 'camara', scope })).toMatch(
				/The Scope holds characters that no scope has.*leave the field empty/,
			);
		},
	);
});

test.each([
	['telefonica', telefonica.defaultBaseUrl],
	['nokia', nokia.defaultBaseUrl],
])('a base URL that is left empty is that of the operator: %s', (operator, baseUrl) => {
	for (const empty of ['', '  ', null, undefined]) {
		expect(parseApplication({ ...complete, operator, baseUrl: empty }).baseUrl).toBe(baseUrl);
	}
	expect(baseUrl).toMatch(/^https:\/\/[\w.-]+/);
});

test('another operator has no base URL of its own', () => {
	expect(camara.defaultBaseUrl).toBeUndefined();
	for (const empty of ['', '  ', null, undefined]) {
		expect(refusal({ ...complete, operator: 'camara', baseUrl: empty })).toMatch(/Base URL is not/);
	}
});

test.each([
	['https://api.example.com', 'https://api.example.com'],
	['https://api.example.com/', 'https://api.example.com'],
	['https://api.example.com/apigateway//', 'https://api.example.com/apigateway'],
	['  https://api.example.com/apigateway\n', 'https://api.example.com/apigateway'],
	['HTTPS://API.Example.COM/ApiGateway', 'https://api.example.com/ApiGateway'],
	['https://api.example.com:8443/v1', 'https://api.example.com:8443/v1'],
	['https://api.example.com/apigateway?', 'https://api.example.com/apigateway'],
	['https://api.example.com/apigateway#', 'https://api.example.com/apigateway'],
	['http://localhost:8480/apigateway', 'http://localhost:8480/apigateway'],
	['http://127.0.0.1:8480/apigateway', 'http://127.0.0.1:8480/apigateway'],
	['http://127.0.0.53', 'http://127.0.0.53'],
	['http://[::1]:8480/', 'http://[::1]:8480'],
])('the base URL %j is taken as %s', (written, baseUrl) => {
	expect(parseApplication({ ...complete, baseUrl: written }).baseUrl).toBe(baseUrl);
});

const urlFields = [
	['baseUrl', 'Base URL', {}],
	['discoveryUrl', 'Discovery URL', {}],
	['backchannelAuthorizationUrl', 'Backchannel Authorization URL', {}],
	['tokenUrl', 'Token URL', {}],
	['authorizationUrl', 'Authorization URL', { authorizationGrant: 'authorizationCode' }],
] as const;

const notAWebAddress = /is not a web address.*like https:\/\/api\.example\.com/;
const notEncrypted = /is not encrypted.*Begin it with https:/;
const more = /holds more than host and path.*like https:\/\/api\.example\.com/;

describe.each(urlFields)('the field %s', (field, name, changes) => {
	test.each([
		['api.example.com', notAWebAddress],
		['https://', notAWebAddress],
		['https:/ /x', notAWebAddress],
		['ftp://api.example.com', notAWebAddress],
		['file:///etc', notAWebAddress],
		['javascript:1', notAWebAddress],
		['localhost:8480', notAWebAddress],
		[8480, notAWebAddress],
		[{}, notAWebAddress],
		['http://api.example.com', notEncrypted],
		['http://127.0.0.1.example.com', notEncrypted],
		['http://localhost.example.com', notEncrypted],
		['http://10.0.0.1', notEncrypted],
		['http://0.0.0.0', notEncrypted],
		['http://[::2]', notEncrypted],
		['https://someone@api.example.com', more],
		['https://:word@api.example.com', more],
		['https://api.example.com#top', more],
	])('is refused where it is %j', (url, words) => {
		const message = refusal({ ...complete, operator: 'camara', ...changes, [field]: url });
		expect(message).toMatch(words);
		expect(message).toMatch(new RegExp(`^The ${name} `));
		expect(message).not.toMatch(/someone|word/);
	});
});

test('a base URL with a query is refused', () => {
	const baseUrl = 'https://api.example.com?key=1';
	expect(refusal({ ...complete, baseUrl })).toMatch(/Base URL holds more than host and path/);
});

test.each([
	['clientId', '', /The Client ID is missing/],
	['clientId', undefined, /The Client ID is missing/],
	['clientId', 1, /The Client ID is missing/],
	['clientSecret', '', /The Client Secret is missing.*developer portal/],
	['clientSecret', null, /The Client Secret is missing/],
	['operator', '', /The Operator is not one of: telefonica/],
	['operator', 'Telefonica', /The Operator is not one of/],
	['operator', 'constructor', /The Operator is not one of/],
	['operator', '__proto__', /The Operator is not one of/],
	['authorizationGrant', 'toString', /The Grant Type is not one of: ciba/],
	['authorizationGrant', undefined, /The Grant Type is not one of/],
	['clientAuthentication', 'toString', /The Client Authentication is not one of: clientSecretB/],
	['clientAuthentication', undefined, /The Client Authentication is not one of/],
	['purpose', 'Fun', /The Purpose is not a known one.*Choose it anew/],
	['purpose', undefined, /The Purpose is not a known one/],
])('a credential whose %s is %j is refused', (field, value, words) => {
	const entered = { clientId: 'made-up', clientSecret: 'made-up' };
	expect(refusal({ ...asItOpens, ...entered, [field]: value })).toMatch(words);
});

test.each([
	['accessToken', '', /The Access Token is missing/],
	['accessToken', undefined, /The Access Token is missing/],
	['accessToken', 'Bearer made-up', /The Access Token holds characters.*without the word Bearer/],
	['accessToken', '"made-up"', /The Access Token holds characters.*without quotes/],
	['accessToken', 'mäde-up', /The Access Token holds characters/],
	['apiKey', '', /The API Key is missing/],
	['apiKey', 'made up', /The API Key holds characters.*without quotes/],
	['apiKey', 'made-up\r\nx-evil: 1', /The API Key holds characters/],
])('a credential whose %s is %j is refused', (field, value, words) => {
	const ways = {
		accessToken: { authorizationGrant: 'accessToken' },
		apiKey: { operator: 'nokia' },
	};
	const way = ways[field as keyof typeof ways];
	const message = refusal({ ...complete, ...way, [field]: value });
	expect(message).toMatch(words);
	expect(message).not.toMatch(/m[aä]de.up|evil/);
});

function refusal(credential: Record<string, unknown>): string {
	try {
		parseApplication(credential);
	} catch (error) {
		if (!(error instanceof OpenGatewayError)) throw error;
		expect(error.context.code).toBe('INVALID_CREDENTIAL');
		return `${error.message} ${error.context.remedy}`;
	}
	return 'It was taken.';
}
