import { roamingStatus } from '../../nodes/OpenGateway/apis/roamingStatus';
import { discover, type Endpoints } from '../../nodes/OpenGateway/authorization';
import { parseApplication } from '../../nodes/OpenGateway/credential/application';
import { ask } from '../../nodes/OpenGateway/gateway';
import { authorizationServerAt, send } from '../support/authorizationServer';
import { phone } from '../support/identifiers';
import { failure, refusedWith } from '../support/refusal';
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

const discovered = async (url = operator.baseUrl) =>
	await discover(url, send, 'made-up-correlator');

test.each(
	['', '/oauth/v3'].flatMap((path) => ['', '/', '//', WELL_KNOWN].map((end) => [path, end])),
)('a document is found for an issuer with the path "%s" at "%s"', async (path, end) => {
	published = { ...published, issuer: operator.baseUrl + path };
	expect(await discovered(operator.baseUrl + path + end)).toEqual({
		token: `${operator.baseUrl}/oauth/token`,
		authorization: `${operator.baseUrl}/oauth/authorize?tenant=1`,
		backchannelAuthentication: `${operator.baseUrl}/oauth/bc`,
	});
	expect(operator.received).toMatchObject([
		{
			method: 'GET',
			path: path + WELL_KNOWN,
			headers: { accept: 'application/json', 'x-correlator': 'made-up-correlator' },
		},
	]);
});

test('an issuer may end in a slash', async () => {
	published = { ...published, issuer: `${operator.baseUrl}/` };
	await expect(discovered()).resolves.toHaveProperty('token');
});

test.each([
	['another host', () => 'https://login.example.com'],
	['another path', (baseUrl: string) => `${baseUrl}/oauth/v3`],
	['a host with the same beginning', (baseUrl: string) => `${baseUrl}.example.com`],
	['a million slashes behind the host', (baseUrl: string) => `${baseUrl}${'/'.repeat(1e6)}x`],
])('an issuer with %s is refused', async (_what, issuer) => {
	published = { ...published, issuer: issuer(operator.baseUrl) };
	expect(await failure(discovered())).toEqual(
		refusedWith('UNEXPECTED_ANSWER', /its issuer does not match the Discovery URL/),
	);
});

test.each<[what: string, answer: ScriptedAnswer]>([
	['that is not found', { status: 404, body: { code: 'NOT_FOUND' } }],
	['in HTML', { body: '<html>Welcome</html>', headers: { 'content-type': 'text/html' } }],
	['that is cut off', { body: '{"issuer":"https:' }],
	['that is null', { body: null }],
	['that is a list', { body: [] }],
	['without an issuer', { body: { token_endpoint: 'https://api.example.com/token' } }],
	['with a number for an issuer', { body: { issuer: 1 } }],
	['behind a redirect', { status: 302, headers: { location: '/elsewhere' }, body: '' }],
	['that is an error body', { status: 500, body: { error: 'server_error' } }],
])('a document %s cannot be read', async (_what, given) => {
	answer = () => given;
	const refused = await failure(discovered());
	expect(refused).toEqual(refusedWith('UNEXPECTED_ANSWER', /it is not an OpenID configuration/));
	expect(refused.status).toBe(given.status ?? 200);
	expect(operator.received).toHaveLength(1);
});

test.each([
	['token', 'token_endpoint', 'http://api.example.com/token'],
	['authorization', 'authorization_endpoint', '/authorize'],
	['backchannelAuthentication', 'backchannel_authentication_endpoint', 1],
	['authorization', 'authorization_endpoint', null],
	['token', 'token_endpoint', 'https://me@api.example.com/token'],
])(
	'a %s endpoint to which no secret may be sent counts as not published',
	async (endpoint, name, url) => {
		published = { ...published, [name]: url };
		const { [endpoint as keyof Endpoints]: unusable, ...others } = await discovered();
		expect(unusable).toBeUndefined();
		expect(Object.values(others)).toEqual([expect.any(String), expect.any(String)]);
	},
);

describe('an endpoint on the machine that n8n runs on', () => {
	const ISSUER = 'https://login.example.com';
	/** Brings the requests to the operator's public address to this test's operator. */
	const publicly: typeof send = async (request) =>
		await send(() => {
			const { url, ...rest } = request();
			return { ...rest, url: url.replace(ISSUER, operator.baseUrl) };
		});

	test.each(
		[
			...['http://127.0.0.1:5678', 'http://localhost', 'http://[::1]:9200', 'http://127.1'],
			...['https://127.0.0.1', 'https://localhost.', 'https://n8n.localhost', 'https://0.0.0.0'],
			...['https://[::ffff:127.0.0.1]', 'https://[::ffff:0.0.0.0]', 'https://[::]', 'https://0'],
			...['https://2130706433', 'https://0x7f.0.0.1', 'https://LOCALHOST'],
		].map((origin, index) => {
			const names = [
				'token_endpoint',
				'authorization_endpoint',
				'backchannel_authentication_endpoint',
			];
			return [names[index % 3]!, `${origin}/token`] as const;
		}),
	)('gets no secret because an operator elsewhere publishes it as %s: %s', async (name, url) => {
		published = { issuer: ISSUER, [name]: url };
		const endpoints = await discover(ISSUER, publicly, 'made-up-correlator');
		expect(Object.values(endpoints).filter(Boolean)).toEqual([]);
	});

	test.each(['https://localhost.example.com/', 'https://127.example.com/', 'https://10.127.0.0/'])(
		'is not what %s is',
		async (url) => {
			published = { issuer: ISSUER, token_endpoint: url };
			const { token } = await discover(ISSUER, publicly, 'made-up-correlator');
			expect(token).toBe(url);
		},
	);
});

describe('an endpoint that is not published', () => {
	const asked = async (authorizationGrant: string) =>
		await ask(
			roamingStatus,
			parseApplication({
				operator: 'camara',
				baseUrl: operator.baseUrl,
				authorizationGrant,
				camaraClientAuthentication: 'clientSecretBasic',
				clientId: 'made-up-id',
				clientSecret: 'made-up-secret',
				discoveryUrl: operator.baseUrl,
				purpose: 'FraudPreventionAndDetection',
			}),
			phone,
			authorizationServerAt(operator.baseUrl),
		);

	beforeEach(() => {
		published = { issuer: operator.baseUrl, token_endpoint: `${operator.baseUrl}/oauth/token` };
		answer = (path) => {
			if (path === WELL_KNOWN) return { body: published };
			if (path === '/oauth/token') return { body: { access_token: 't', token_type: 'Bearer' } };
			return { body: { roaming: false } };
		};
	});

	test('does not stop a grant that does not use it', async () => {
		expect(await asked('clientCredentials')).toMatchObject({ roaming: false });
		expect(operator.received.map(({ path }) => path)).toEqual([
			WELL_KNOWN,
			'/oauth/token',
			'/device-roaming-status/v1/retrieve',
		]);
	});

	test('stops a grant that needs it, in words', async () => {
		expect(await failure(asked('ciba'))).toEqual(
			refusedWith(
				'INVALID_CREDENTIAL',
				/publishes no Backchannel Authorization URL at the Discovery URL.*another 'Grant Type'/,
			),
		);
		expect(operator.received).toHaveLength(1);
	});
});
