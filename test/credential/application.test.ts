import { generateKeyPairSync } from 'node:crypto';
import type { IDataObject } from 'n8n-workflow';
import { clientAuthentications } from '../../nodes/OpenGateway/authorization';
import { parseApplication } from '../../nodes/OpenGateway/credential/application';
import { operators } from '../../nodes/OpenGateway/operators';
import { camara } from '../../nodes/OpenGateway/operators/camara';
import { telefonica } from '../../nodes/OpenGateway/operators/telefonica';
import { combinations, operatorOf } from '../support/combinations';
import * as credentials from '../support/credential';
import { refusal, refusedWith } from '../support/refusal';

const asItOpens = credentials.asItOpens();

/** Every field filled in with something that can be right. */
const complete = {
	...asItOpens,
	baseUrl: 'https://api.example.com/base',
	clientId: 'made-up-client-id',
	clientSecret: 'made-up-secret',
	privateKey: generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({
		format: 'pem',
		type: 'pkcs8',
	}),
	keyId: 'made-up-key-id',
	signingAlgorithm: 'PS256',
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
		[{ clientId: 'made-up', clientSecret: 'a'.repeat(20_001) }, /^'Client Secret' is longer than/],
		[{ clientAuthentication: 'privateKeyJwt' }, /^'Client ID' is missing/],
		[{ authorizationGrant: 'jwtBearer' }, /^'Client ID' is missing/],
		[{ operator: 'camara', baseUrl: 'https://api.example.com' }, /^'Client ID' is missing/],
	])('is not used for %j', (changes, words) => {
		expectRefusal({ ...asItOpens, ...changes }, words);
	});
});

describe('ways of access', () => {
	test.each(combinations)('are accepted: $name', (combination) => {
		const { fields, operator } = combination;
		const application = parseApplication({ ...complete, ...fields });

		expect(application.operator).toEqual(operatorOf(combination));
		expect(application.operator.displayName).toBe(operators[operator].displayName);
		expect(application.grant.flow).toBe(
			fields.authorizationGrant === 'authorizationCode' ? 'frontend' : 'backend',
		);
		// The parsed application may be logged; what is secret stays in its closures.
		expect(JSON.stringify(application)).not.toMatch(/made-up|PRIVATE KEY/);
	});

	test('do not depend on a grant that was saved before, if the operator has only one', () => {
		const { grant } = parseApplication({ ...complete, operator: 'nokia' });
		expect(grant.flow).toBe('backend');
		expect(grant.trials).toEqual([]);
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

	test.each([
		['telefonica', undefined, 'https://api.example.com/base'],
		['orange', undefined, 'https://api.orange.com/openidconnect/playground/v1.0'],
		['orange', { orangeEnvironment: 'lab' }, 'https://api.orange.com/oauth/v3'],
	])('of %s are at its second address, by default: %j', (operator, choice, byDefault) => {
		const tokenUrl = (authorizationBaseUrl: string) => {
			const changes = { operator, ...choice, authorizationBaseUrl };
			const { endpoints } = parseApplication({ ...complete, ...changes });
			return 'token' in endpoints && endpoints.token;
		};
		expect(tokenUrl(' ')).toBe(`${byDefault}/token`);
		for (const pasted of ['', '/', '/token', '/bc-authorize/', '/authorize']) {
			expect(tokenUrl(`https://auth.example.com/a${pasted}`)).toBe(
				'https://auth.example.com/a/token',
			);
		}
		const words = /^'Authorization Base URL' is not encrypted/;
		const authorizationBaseUrl = 'http://auth.example.com';
		expectRefusal({ ...complete, operator, ...choice, authorizationBaseUrl }, words);
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
		['orange', 'ciba', 'openid dpv:Marketing device-roaming-status:read'],
		['orange', 'clientCredentials', ''],
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

test.each(combinations.filter(({ operator }) => operator !== 'camara'))(
	'without a base URL, the one of the operator is used: $name',
	(combination) => {
		const { defaultBaseUrl } = operatorOf(combination);
		for (const baseUrl of BLANK) {
			const application = parseApplication({ ...complete, ...combination.fields, baseUrl });
			expect(application.baseUrl).toBe(defaultBaseUrl);
		}
		expect(defaultBaseUrl).toMatch(/^https:\/\/[\w.-]+/);
	},
);

test.each([
	['nokia', { defaultBaseUrl: 'https://network-as-code.p-eu.apihub.nokia.io' }],
	['orange', { defaultBaseUrl: 'https://api.orange.com/camara/playground/api' }],
	['camara', { verifiesDevice: false }],
])('a credential that was stored before %s had a choice gets its default', (operator, traits) => {
	const { fields } = combinations.find((one) => one.operator === operator)!;
	const { choice, ...others } = operators[operator as 'nokia' | 'orange' | 'camara'];
	const stored: IDataObject = { ...complete, ...fields };
	delete stored[choice?.field ?? ''];
	const application = parseApplication(stored);
	expect(application.operator).toMatchObject({ ...others, ...traits });
	expectRefusal(
		{ ...stored, [choice?.field ?? '']: 'constructor' },
		new RegExp(`^'${choice?.displayName}' .*Select it again`),
	);
});

const V1 = '/device-roaming-status/v1';
test.each([
	...[V1, `${V1}/`, `${V1}/retrieve`, `/${V1}//retrieve//`, '/device-roaming-status'].map(
		(pasted) => ['camara', {}, pasted] as const,
	),
	...['v0.6', 'v0', 'vwip', 'v2', 'v1.2rc3'].map(
		(version) => ['camara', {}, `/device-roaming-status/${version}/retrieve`] as const,
	),
	['camara', {}, '/device-status/v0/roaming'],
	['camara', {}, '/device-status/v0/connectivity'],
	['camara', { apiVersion: 'v0.5' }, '/device-status'],
	['camara', { apiVersion: 'v0.5' }, V1],
	['telefonica', {}, '/device-status/v0/roaming'],
	['telefonica', {}, '/device-status/v0.5'],
	['telefonica', {}, '/token'],
	['nokia', {}, `/device-status${V1}/retrieve`],
	['nokia', {}, '/device-status'],
	['orange', {}, '/device-roaming-status/v0.6/retrieve'],
	['orange', { orangeEnvironment: 'lab' }, '/device-roaming-status/v0'],
] as const)('at %s %j, %s is taken off the base URL', (operator, choice, pasted) => {
	const grant = { authorizationGrant: 'clientCredentials' };
	for (const base of ['https://api.example.com', 'https://api.example.com/v1/camara']) {
		const changes = { operator, ...choice, ...(operator === 'telefonica' ? {} : grant) };
		const credential = { ...complete, ...changes, baseUrl: base + pasted };
		expect(parseApplication(credential).baseUrl).toBe(base);
	}
});

test.each(['/v1', '/device-status', '/my-device-roaming-status/v1', '/v1/retrieve', '/token'])(
	'%s may be part of the base URL of another operator',
	(path) => {
		const baseUrl = `https://api.example.com${path}`;
		expect(camaraWith({ baseUrl }).baseUrl).toBe(baseUrl);
	},
);

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

describe('an address', () => {
	const ofLength = (length: number) => 'https://a.example/'.padEnd(length, 'a');
	const ciba = { ...complete, operator: 'camara' };

	test.each([
		['baseUrl', 'Base URL', ciba],
		['tokenUrl', 'Token URL', ciba],
		['backchannelAuthorizationUrl', 'Backchannel Authorization URL', ciba],
		['discoveryUrl', 'Discovery URL', ciba],
		['authorizationUrl', 'Authorization URL', { ...ciba, authorizationGrant: 'authorizationCode' }],
		['authorizationBaseUrl', 'Authorization Base URL', complete],
	])('has at most 2,000 characters: %s', (field, name, credential) => {
		expect(() => parseApplication({ ...credential, [field]: ofLength(2000) })).not.toThrow();
		expectRefusal(
			{ ...credential, [field]: ofLength(2001) },
			new RegExp(`^'${name}' is longer than 2000 characters.*https://api\\.example\\.com`),
		);
	});
});

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
