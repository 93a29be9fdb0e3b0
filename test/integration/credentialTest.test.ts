import { CredentialTestContext } from 'n8n-core';
import type { ICredentialDataDecryptedObject, IDataObject } from 'n8n-workflow';
import { freePort } from '../../localN8n/process/ports';
import { clientAuthentications } from '../../nodes/OpenGateway/authorization';
import { openGatewayApiTest } from '../../nodes/OpenGateway/methods/credentialTest';
import { applications } from '../../sandbox/applications';
import {
	authenticationField,
	combinations,
	operatorOf,
	type Combination,
} from '../support/combinations';
import { openGatewayApi } from '../support/credential';
// Its afterAll stops the timer that n8n-core starts.
import '../support/engine';
import { record } from '../support/recordings';
import { credentialAtRefusing, refusals, startRefusingOperator } from '../support/refusingOperator';
import type { Misbehaviour, ScriptedAnswer, ScriptedOperator } from '../support/scriptedOperator';
import { sandboxForSuite } from '../support/suite';
import {
	credentialsOf,
	fieldGone,
	isFrontend,
	isHarmless,
	pem,
	rsa,
	shownFields,
	UNREADABLE,
	wrongFields,
} from '../support/wrongFields';

const sandbox = sandboxForSuite();

async function testOf(data: ICredentialDataDecryptedObject) {
	const credential = { id: '1', name: 'Operator', type: 'openGatewayApi', data };
	const result = await openGatewayApiTest.call(new CredentialTestContext(), credential);
	record({ kind: 'credentialTest', result });
	expect(result.message).not.toMatch(UNREADABLE);
	return result;
}

const testAtTelefonica = async (changes: IDataObject = {}) =>
	await testOf(openGatewayApi({ baseUrl: sandbox.baseUrls.telefonica, ...changes }));

const words = (pattern: RegExp) => expect.stringMatching(pattern) as string;
const green = (untried: RegExp = /^The operator accepted the application\.$/) => ({
	status: 'OK',
	message: words(untried),
});
const red = (pattern: RegExp) => ({ status: 'Error', message: words(pattern) });

const counts = { good: 0, wrong: 0, gone: 0, refused: 0 };
/** What a person opens a URL for is not tried without one. */
const goodOf = (combination: Combination) =>
	isFrontend(combination) ? green(/Not tried: the scope and the redirect URI, [^;]*\.$/) : green();

describe.each(combinations)('$name', (combination) => {
	test('is green if all is right, and red for each wrong field, which is named', async () => {
		for (const [name, data] of await credentialsOf(sandbox, combination)) {
			expect([name, await testOf(data)]).toEqual([name, goodOf(combination)]);
			counts.good++;
			const shown = shownFields(data);
			for (const [field, value] of Object.entries(wrongFields(data, combination))) {
				const displayName = shown[field];
				if (displayName === undefined) continue;
				const result = await testOf({ ...data, [field]: value });
				const expected = isHarmless(field, combination)
					? goodOf(combination)
					: red(new RegExp(`'${displayName}'`));
				expect([name, field, result]).toEqual([name, field, expected]);
				counts.wrong++;
			}
		}
	});

	test('is red with another client authentication than the registered', async () => {
		const { clientAuthentication, operator } = combination;
		const { grants } = operatorOf(combination);
		const [other] = (grants[combination.authorizationGrant] ?? []).filter(
			(method) => method !== clientAuthentication && method !== 'privateKeyJwt',
		);
		if (!clientAuthentication || !other) return;
		const [[, data] = ['', {}]] = await credentialsOf(sandbox, combination);
		const changes = { [authenticationField(operator)]: other, clientSecret: 'wrong' };
		expect(clientAuthentications).toHaveProperty(other);
		expect(await testOf({ ...data, ...changes })).toEqual(red(/'Client Authentication'/));
		counts.wrong++;
	});

	test('is red if no server is at an address, which is named', async () => {
		const gone = `http://127.0.0.1:${await freePort(0)}`;
		for (const [, data] of await credentialsOf(sandbox, combination)) {
			for (const [field, displayName] of Object.entries(shownFields(data))) {
				if (!/Url$/.test(field)) continue;
				const moved = fieldGone(data, field, gone);
				expect([field, await testOf({ ...data, ...moved })]).toEqual([
					field,
					red(new RegExp(`127\\.0\\.0\\.1.*ECONNREFUSED.*'${displayName}'`)),
				]);
				counts.gone++;
			}
		}
	});
});

afterAll(() => {
	process.stdout.write(
		`The credential's test, over ${combinations.length} combinations: ${JSON.stringify(counts)}\n`,
	);
});

describe('a scripted operator', () => {
	let operator: ScriptedOperator;
	/** In place of the answer that a good operator gives about nobody. */
	let aboutDevice: ScriptedAnswer = {};
	let byNumber: ScriptedAnswer | undefined;
	/** In place of any answer at the path that ends so. */
	let answers: Record<string, ScriptedAnswer | Misbehaviour> = {};

	beforeAll(async () => {
		operator = await startRefusingOperator(sandbox, () => ({ aboutDevice, byNumber, answers }));
	});
	beforeEach(() => {
		operator.received.length = 0;
		aboutDevice = refusals['by a code of the specification'];
		byNumber = undefined;
		answers = {};
	});
	afterAll(async () => await operator.close());

	const credential = async (combination: Combination) =>
		await credentialAtRefusing(operator, sandbox, combination);

	test.each(combinations)(
		'$name: a device that is refused is none of the credential’s',
		async (combination) => {
			for (const [way, refusal] of Object.entries(refusals)) {
				aboutDevice = refusal;
				const result = await testOf(await credential(combination));
				expect([way, result]).toEqual([way, goodOf(combination)]);
				counts.refused++;
			}
		},
	);

	const named = (name: string) => combinations.find((one) => one.name === name)!;
	const ciba = named('telefonica ciba clientSecretBasic');
	const jwt = named('telefonica jwtBearer');
	const token = named('telefonica accessToken');
	const clientCredentials = named('camara v1 clientCredentials clientSecretPost');
	const frontend = named('camara v1 authorizationCode clientSecretPost');
	const result = async (combination: Combination) => await testOf(await credential(combination));

	test('a server that knows devices by numbers alone is asked by a number, too', async () => {
		aboutDevice = refusals['as malformed, in words alone'];
		await result(ciba);
		const asked = operator.received.filter(({ path }) => path.endsWith('/bc-authorize'));
		const hints = asked.map(({ body }) => new URLSearchParams(body).get('login_hint'));
		expect(hints).toEqual(['ipport:192.0.2.1:443', 'tel:+99999999999']);
	});

	test('what a server says of a number counts more than that it takes no address', async () => {
		aboutDevice = refusals['as malformed, in words alone'];
		byNumber = { status: 400, body: { error: 'invalid_scope' } };
		expect(await result(ciba)).toEqual(red(/'Scope'.*'Purpose'/));
		byNumber = { status: 500, body: '' };
		expect(await result(ciba)).toEqual(green());
	});

	test('a code that is not clear is read by its words', async () => {
		const about = (words: string) => ({
			status: 400,
			body: { error: 'invalid_request', error_description: words },
		});
		aboutDevice = about('The scope is unknown');
		expect(await result(ciba)).toEqual(red(/'Scope'/));
		answers = { token: about('client_secret is missing') };
		expect(await result(ciba)).toEqual(red(/'Client Secret'/));
	});

	test('a client that was let in may be forbidden the made-up device without a reason', async () => {
		aboutDevice = { status: 403, body: { code: 'FORBIDDEN', message: 'Not allowed' } };
		const noted = green(/Not tried: an answer, [^;]*\(HTTP 403\)\.$/);
		expect(await result(ciba)).toEqual(noted);
		expect(await result(clientCredentials)).toEqual(noted);
		expect(await result(token)).toEqual(red(/'Access Token'.*Not allowed/));
	});

	test.each<[string, ScriptedAnswer, RegExp]>([
		[
			'401 without a body',
			{ status: 401, body: '' },
			/'Client ID', 'Client Secret' and 'Client Authentication'/,
		],
		['403 without a body', { status: 403, body: '' }, /'Client ID', 'Client Secret'/],
		[
			'invalid_client in another spelling',
			{ status: 400, body: { ErrorCode: 'invalid_client', Error: 'ClientId is Invalid' } },
			/'Client ID'/,
		],
		[
			'a grant type that is not enabled',
			{ status: 400, body: { error: 'unauthorized_client' } },
			/'Grant Type'/,
		],
		[
			'a grant type that is not known',
			{ status: 400, body: { error: 'unsupported_grant_type' } },
			/'Grant Type'/,
		],
		['a web page', { body: '<html>Welcome</html>' }, /'Base URL'/],
		['a method that is not allowed', { status: 405, body: '' }, /'Base URL'/],
		['a redirect', { status: 302, headers: { location: 'https://example.com' } }, /'Base URL'/],
	])('the token endpoint answers with %s: red', async (_what, answered, pattern) => {
		answers = { token: answered };
		expect(await result(ciba)).toEqual(red(pattern));
	});

	test.each([429, 500, 503])(
		'HTTP %i at first contact is red, and says nothing about the credential',
		async (status) => {
			const busy = red(
				new RegExp(`HTTP ${status}.*says nothing about the credential.*Try again later`),
			);
			for (const [combination, ends] of [
				[ciba, ['token', 'bc-authorize']],
				[clientCredentials, ['token']],
				[token, ['roaming']],
			] as const) {
				answers = Object.fromEntries(ends.map((end) => [end, { status, body: '' }]));
				expect(await result(combination)).toEqual(busy);
			}
		},
	);

	test.each([
		['telefonica ciba clientSecretBasic', 'roaming'],
		['camara v1 clientCredentials clientSecretPost', 'retrieve'],
	])(
		'%s: a busy API behind an authorization server that lets in is green, with a word',
		async (name, end) => {
			answers = { [end]: { status: 503, body: '' } };
			expect(await result(named(name))).toEqual(
				green(/Not tried: the API, which cannot answer now \(HTTP 503\)\.$/),
			);
		},
	);

	test('a client that is let in at one of two endpoints is let in', async () => {
		aboutDevice = { status: 503, body: '' };
		expect(await result(ciba)).toEqual(
			green(/Not tried: what is behind 'Base URL'.*\(HTTP 503\)\.$/),
		);
	});

	test('an API that refuses a request without a token at any path leaves the Base URL untried', async () => {
		const refused = { status: 401, body: { code: 'UNAUTHENTICATED' } };
		answers = { roaming: refused, 'roaming-unserved': refused };
		expect(await result(ciba)).toEqual(green(/Not tried: 'Base URL'/));
	});

	test.each([
		['not found', { status: 404, body: { message: 'Not Found' } }],
		['a bad request', { status: 400, body: { code: 'BAD_REQUEST', message: 'No resource' } }],
		['a web page', { status: 404, body: '<html>Not found</html>' }],
	])(
		'a path at which an API answers as at any other, with %s, is not the API’s',
		async (_what, refused) => {
			for (const combination of [ciba, token, clientCredentials, frontend, jwt]) {
				answers = Object.fromEntries(
					['roaming', 'retrieve'].flatMap((end) => [
						[end, refused],
						[`${end}-unserved`, refused],
					]),
				);
				expect(await result(combination)).toEqual(red(/'Base URL'/));
			}
		},
	);

	test.each<[string, ScriptedAnswer, RegExp]>([
		[
			'accepts no token',
			{ status: 401, body: { code: 'UNAUTHENTICATED' } },
			/does not accept the token.*'Base URL'/,
		],
		[
			'lacks a permission',
			{
				status: 403,
				body: { code: 'PERMISSION_DENIED', message: 'Client does not have sufficient permissions' },
			},
			/'Client ID'.*permissions/,
		],
		[
			'asks for another scope',
			{
				status: 403,
				headers: { 'www-authenticate': 'Bearer error="insufficient_scope"' },
				body: '',
			},
			/'Scope'/,
		],
	])('the API %s behind client credentials: red', async (_what, answered, pattern) => {
		aboutDevice = answered;
		expect(await result(clientCredentials)).toEqual(red(pattern));
	});

	test.each<[string, ScriptedAnswer]>([
		['401 in another shape', { status: 401, body: { detail: 'Could not validate' } }],
		['400 in words about the token', { status: 400, body: { message: 'Invalid token' } }],
		['403 in words about the caller', { status: 403, body: { message: 'User is not allowed' } }],
		['403 in words about the contract', { status: 403, body: { message: 'App not found' } }],
		['403 without words', { status: 403, body: '' }],
	])(
		'a fixed token that a gateway refuses at every path with %s is named',
		async (_what, refused) => {
			answers = { roaming: refused, 'roaming-unserved': refused };
			expect(await result(token)).toEqual(red(/'Access Token'/));
		},
	);

	test('an assertion that is refused alike whoever signs leaves the key untried', async () => {
		answers = {
			token: { status: 400, body: { error: 'invalid_grant', error_description: 'Not granted' } },
		};
		expect(await result(jwt)).toEqual(green(/Not tried: 'Client ID', 'Private Key' and 'Key ID'/));
	});

	test('an assertion that is refused alike in words about the signature is red', async () => {
		answers = {
			token: { status: 400, body: { error: 'invalid_grant', error_description: 'Bad signature' } },
		};
		expect(await result(jwt)).toEqual(red(/'Private Key' and 'Key ID'.*Bad signature/));
	});

	test('a made-up device that a server repeats is not shown', async () => {
		aboutDevice = {
			status: 403,
			body: { code: 'PERMISSION_DENIED', message: 'Denied for 192.0.2.1' },
		};
		expect(await result(token)).toEqual(red(/'Access Token'.*Denied for the made-up device/));
	});

	test('a Discovery URL whose server is busy says so, and that of another issuer is named', async () => {
		const discoveryUrl = `${operator.baseUrl}/.well-known/openid-configuration`;
		const discovered = { ...(await credential(frontend)), discoveryUrl };
		answers = { 'openid-configuration': { status: 503, body: '' } };
		expect(await testOf(discovered)).toEqual(red(/Try again later.*'Discovery URL'/));
		answers = { 'openid-configuration': { body: { issuer: 'https://example.com' } } };
		expect(await testOf(discovered)).toEqual(red(/issuer.*'Discovery URL'/));
	});

	test.each(['silence', 'drip'] as const)(
		'a server that does not end its answer (%s) is given up in time',
		async (misbehaviour) => {
			answers = { token: misbehaviour };
			const since = Date.now();
			expect(await result(ciba)).toEqual(red(/did not respond within 10 s.*'Base URL'/));
			expect(Date.now() - since).toBeLessThan(15_000);
		},
		20_000,
	);
});

test('a client whose id and secret need encoding is accepted', async () => {
	expect(await testAtTelefonica(applications.encodedCredentials)).toEqual(green());
});

test.each([
	['a client that is not registered for the API', /'Scope'.*'Purpose'/, applications.otherApi],
	['a client that may not use the flow', /'Grant Type'/, applications.noCiba],
	['an API path that nobody serves', /'Base URL'/, { baseUrl: '/nowhere' }],
])('the credential test recognises %s', async (_what, pattern, changes) => {
	const { origin } = sandbox;
	const baseUrl = 'baseUrl' in changes ? { baseUrl: origin + changes.baseUrl } : {};
	expect(await testAtTelefonica({ ...changes, ...baseUrl })).toEqual(red(pattern));
});

test.each([
	['rubbish', 'made up', /PEM/],
	['a public key', rsa.publicKey.export({ format: 'pem', type: 'spki' }), /public key/],
	[
		'an encrypted key',
		rsa.privateKey.export({ ...pem, cipher: 'aes-256-cbc', passphrase: 'made up' }),
		/passphrase.*openssl/,
	],
	['a key of another kind than the algorithm needs', rsa.privateKey.export(pem), /RSA.*ES256/],
])(
	'the credential test recognises %s in place of a private key, and sends nothing',
	async (_name, privateKey, pattern) => {
		const changes = { clientAuthentication: 'privateKeyJwt', signingAlgorithm: 'ES256' };
		expect(await testAtTelefonica({ ...changes, privateKey: String(privateKey) })).toEqual(
			red(pattern),
		);
		expect(await sandbox.exchanges()).toEqual([]);
	},
);
