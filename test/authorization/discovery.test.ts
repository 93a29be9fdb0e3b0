import { discover } from '../../nodes/OpenGateway/authorization';
import { OpenGatewayError } from '../../nodes/OpenGateway/errors';
import { parseApplication } from '../../nodes/OpenGateway/credential/application';
import { checkRoaming } from '../../nodes/OpenGateway/gateway';
import { parsePhoneNumber } from '../../nodes/OpenGateway/device';
import { send } from '../support/authorizationServer';
import {
	startScriptedOperator,
	type ScriptedAnswer,
	type ScriptedOperator,
} from '../support/scriptedOperator';

const WELL_KNOWN = '/.well-known/openid-configuration';

let operator: ScriptedOperator;
let published: object;
let answer: (path: string) => ScriptedAnswer;

beforeEach(async () => {
	operator = await startScriptedOperator(({ path }) => answer(path));
	published = {
		issuer: operator.baseUrl,
		token_endpoint: `${operator.baseUrl}/oauth/token`,
		authorization_endpoint: `${operator.baseUrl}/oauth/authorize?tenant=1`,
		backchannel_authentication_endpoint: `${operator.baseUrl}/oauth/bc`,
	};
	answer = (path) =>
		path.endsWith(WELL_KNOWN) ? { body: published } : { status: 404, body: 'Not found' };
});
afterEach(async () => await operator.close());

const discovered = async (url: string) => await discover(url, send, 'made-up-correlator');
async function failure(asked: Promise<unknown>) {
	const error: unknown = await asked.catch((reason: unknown) => reason);
	if (!(error instanceof OpenGatewayError)) throw new Error('It did not fail', { cause: error });
	return { ...error.context, words: `${error.message} ${error.context.remedy}` };
}

test.each(['', '/', '//', WELL_KNOWN])('is found where the URL ends in "%s"', async (ending) => {
	expect(await discovered(operator.baseUrl + ending)).toEqual({
		token: `${operator.baseUrl}/oauth/token`,
		authorization: `${operator.baseUrl}/oauth/authorize?tenant=1`,
		backchannelAuthentication: `${operator.baseUrl}/oauth/bc`,
	});
	expect(operator.received).toMatchObject([
		{
			method: 'GET',
			path: WELL_KNOWN,
			headers: { accept: 'application/json', 'x-correlator': 'made-up-correlator' },
		},
	]);
});

test.each(['', '/', WELL_KNOWN])('is found under an issuer with a path: "%s"', async (ending) => {
	published = { ...published, issuer: `${operator.baseUrl}/oauth/v3` };
	expect(await discovered(`${operator.baseUrl}/oauth/v3${ending}`)).toMatchObject({
		token: `${operator.baseUrl}/oauth/token`,
	});
	expect(operator.received[0]?.path).toBe(`/oauth/v3${WELL_KNOWN}`);
});

test('may have an issuer with a slash at its end', async () => {
	published = { ...published, issuer: `${operator.baseUrl}/` };
	await expect(discovered(operator.baseUrl)).resolves.toHaveProperty('token');
});

test.each([
	['another host', 'https://login.example.com'],
	['another path', '/oauth/v3'],
	['a host that begins alike', '.example.com'],
	['a million slashes behind the host', `${'/'.repeat(1_000_000)}x`],
])('of %s than the URL says is refused', async (_what, issuer) => {
	published = {
		...published,
		issuer: issuer.startsWith('https:') ? issuer : operator.baseUrl + issuer,
	};
	expect(await failure(discovered(operator.baseUrl))).toMatchObject({
		code: 'UNEXPECTED_ANSWER',
		words: expect.stringMatching(/issuer is another than the Discovery URL says/),
	});
});

test.each<[what: string, answer: ScriptedAnswer]>([
	['nothing there', { status: 404, body: { code: 'NOT_FOUND' } }],
	['a page', { body: '<html>Welcome</html>', headers: { 'content-type': 'text/html' } }],
	['half of it', { body: '{"issuer":"https:' }],
	['null', { body: null }],
	['a list', { body: [] }],
	['no issuer', { body: { token_endpoint: 'https://api.example.com/token' } }],
	['an issuer that is no text', { body: { issuer: 1 } }],
	['a redirect', { status: 302, headers: { location: '/elsewhere' }, body: '' }],
	['a fault', { status: 500, body: { error: 'server_error' } }],
])('cannot be read where there is %s', async (_what, given) => {
	answer = () => given;
	expect(await failure(discovered(operator.baseUrl))).toMatchObject({
		code: 'UNEXPECTED_ANSWER',
		status: given.status ?? 200,
		words: expect.stringMatching(/it is no OpenID configuration/),
	});
	expect(operator.received).toHaveLength(1);
});

test.each([
	['token_endpoint', 'http://api.example.com/token', /token_endpoint that the operator publishes/],
	['authorization_endpoint', '/authorize', /authorization_endpoint that the operator publishes/],
	['backchannel_authentication_endpoint', 1, /backchannel_\w+ that the operator publishes/],
	[
		'token_endpoint',
		'https://me@api.example.com/token',
		/token_endpoint that.*Leave the Discovery URL empty/,
	],
])('with a %s that secrets may not go to is refused: %j', async (name, url, words) => {
	published = { ...published, [name]: url };
	expect(await failure(discovered(operator.baseUrl))).toMatchObject({
		code: 'INVALID_CREDENTIAL',
		words: expect.stringMatching(words),
	});
});

describe('an endpoint that is not published', () => {
	const device = { phoneNumber: parsePhoneNumber('+34600000001') };
	const application = (authorizationGrant: string) =>
		parseApplication({
			operator: 'camara',
			baseUrl: operator.baseUrl,
			authorizationGrant,
			clientAuthentication: 'clientSecretBasic',
			clientId: 'made-up-id',
			clientSecret: 'made-up-secret',
			discoveryUrl: operator.baseUrl,
			purpose: 'FraudPreventionAndDetection',
		});
	const host = { send, wait: async () => {}, backoff: () => ({ next: async () => false }) };

	beforeEach(() => {
		published = { issuer: operator.baseUrl, token_endpoint: `${operator.baseUrl}/oauth/token` };
		answer = (path) => {
			if (path === WELL_KNOWN) return { body: published };
			if (path === '/oauth/token') return { body: { access_token: 't', token_type: 'Bearer' } };
			return { body: { roaming: false } };
		};
	});

	test('is not missed by a grant that has no use for it', async () => {
		expect(await checkRoaming(application('clientCredentials'), device, host)).toMatchObject({
			roaming: false,
		});
		expect(operator.received.map(({ path }) => path)).toEqual([
			WELL_KNOWN,
			'/oauth/token',
			'/device-roaming-status/v1/retrieve',
		]);
	});

	test('is named by a grant that needs it, and what to do instead', async () => {
		expect(await failure(checkRoaming(application('ciba'), device, host))).toMatchObject({
			code: 'INVALID_CREDENTIAL',
			words: expect.stringMatching(
				/publishes no Backchannel Authorization URL at the Discovery URL.*another Grant Type/,
			),
		});
		expect(operator.received).toHaveLength(1);
	});
});
