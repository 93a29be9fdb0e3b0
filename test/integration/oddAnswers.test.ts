import { generateKeyPairSync } from 'node:crypto';
import type { IDataObject, INodeParameters } from 'n8n-workflow';
import type { ItemError, NextMove } from '../../nodes/OpenGateway/errors';
import { fromCallback, webhookItem } from '../support/callback';
import { openGatewayApi } from '../support/credential';
import { runNode } from '../support/engine';
import {
	startScriptedOperator,
	type ScriptedAnswer,
	type ScriptedOperator,
} from '../support/scriptedOperator';

/**
 * Responses that no document describes, of the kinds that operators and their gateways were seen to
 * send, through the node in n8n's engine.
 */
let operator: ScriptedOperator;
/** The responses by the end of the path; every other request is granted. */
let script: Record<string, ScriptedAnswer>;
let documents = 0;

const TOKEN = { access_token: 'made-up-token', token_type: 'Bearer', expires_in: 60 };

beforeAll(async () => {
	operator = await startScriptedOperator(({ path }) => {
		const [, scripted] = Object.entries(script).find(([end]) => path.endsWith(end)) ?? [];
		if (scripted) return scripted;
		if (path.endsWith('/bc-authorize')) return { body: { auth_req_id: 'made-up-auth-req-id' } };
		if (path.endsWith('/token')) return { body: TOKEN };
		return { body: { roaming: true } };
	});
});
beforeEach(() => {
	script = {};
	documents++;
	operator.received.length = 0;
});
afterAll(async () => await operator.close());

const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });

const telefonica = (changes: IDataObject = {}) =>
	openGatewayApi({ baseUrl: `${operator.baseUrl}/gateway`, ...changes });
const nokia = () => telefonica({ operator: 'nokia', apiKey: 'made-up-api-key' });
const camara = (changes: IDataObject = {}) =>
	telefonica({
		operator: 'camara',
		authorizationGrant: 'clientCredentials',
		backchannelAuthorizationUrl: `${operator.baseUrl}/oauth/bc-authorize`,
		authorizationUrl: `${operator.baseUrl}/oauth/authorize`,
		tokenUrl: `${operator.baseUrl}/oauth/token`,
		...changes,
	});
/** Another address for each test: documents are cached. */
const issuer = () => `${operator.baseUrl}/issuer-${documents}`;
const discovering = () => camara({ discoveryUrl: issuer(), tokenUrl: '' });
const byCiba = () => camara({ authorizationGrant: 'ciba' });
const byJwtBearer = () =>
	camara({
		authorizationGrant: 'jwtBearer',
		signingAlgorithm: 'ES256',
		privateKey: String(privateKey.export({ format: 'pem', type: 'pkcs8' })),
	});

type Credential = Parameters<typeof runNode>[1]['credential'];

async function itemOf(
	credential: Credential,
	parameters: INodeParameters = {},
	variables: IDataObject = {},
): Promise<IDataObject> {
	const { outputs } = await runNode([{ phoneNumber: '+34600000001' }], {
		credential,
		parameters: { options: { retries: 0, timeout: 1 }, ...parameters },
		variables,
		onError: 'continueRegularOutput',
	});
	return outputs[0]?.[0]?.json ?? {};
}

interface Expected {
	code: string;
	nextMove: NextMove;
	/** The operator's own. */
	words?: string | null;
	/** What the message names: a field, an address. Only a message that should names the Base URL. */
	names?: string[];
}

async function expectRefusal(item: Promise<IDataObject>, expected: Expected): Promise<void> {
	const { code, nextMove, words = null, names = [] } = expected;
	const error = (await item).error as unknown as ItemError;
	expect(error).toMatchObject({ code, nextMove, description: words });
	for (const name of names) expect(error.message).toContain(name);
	if (!names.includes("'Base URL'")) expect(error.message).not.toContain('Base URL');
	expect(error.message).not.toMatch(
		/made-up|600000001|undefined|null|\{(?:device|address|field)\}/,
	);
	expect(error.message.length).toBeLessThan(500);
}

type Row = [what: string, answer: ScriptedAnswer, expected: Expected, by?: () => Credential];

const text = (body: string, type = 'text/plain') => ({ body, headers: { 'content-type': type } });
const page = (title: string) =>
	text(
		`<!DOCTYPE html><html><head><title>${title}</title></head><body>Hi</body></html>`,
		'text/html',
	);
const challenged = (challenge: string) => ({
	headers: { 'www-authenticate': challenge },
	body: '',
});

const INVALID = 'Make sure your API invocation call has a header';
const wso2 = { code: 900901, message: 'Invalid Credentials', description: INVALID };
/** @param wait until the next access (ms) */
const wso2Throttled = (wait: number) => ({
	code: '900802',
	message: 'Message throttled out',
	description: 'You have exceeded your quota',
	nextAccessTime: new Date(Date.now() + wait).toISOString(),
});
const apigee = (faultstring: string, errorcode: string) => ({
	fault: { faultstring, detail: { errorcode } },
});

/** Refusals of an API in another shape than `{code, message}`. */
const refusals: Row[] = [
	[
		'{error, error_description}',
		{ status: 403, body: { error: 'PERMISSION_DENIED', error_description: 'No consent' } },
		{ code: 'PERMISSION_DENIED', nextMove: 'registration', words: 'No consent' },
	],
	[
		'{error: {code, message, status}}',
		{ status: 403, body: { error: { code: 403, message: 'No', status: 'PERMISSION_DENIED' } } },
		{ code: 'PERMISSION_DENIED', nextMove: 'registration', words: 'No' },
	],
	[
		'{detail} in words',
		{ status: 401, body: { detail: 'Not authenticated' } },
		{ code: 'HTTP_401', nextMove: 'you', words: 'Not authenticated', names: ['API Key'] },
		nokia,
	],
	[
		'{detail: {code, message}}',
		{ status: 422, body: { detail: { code: 'UNSUPPORTED_IDENTIFIER', message: 'Only numbers' } } },
		{ code: 'UNSUPPORTED_IDENTIFIER', nextMove: 'you', words: 'Only numbers' },
		nokia,
	],
	[
		'JSON as text in {detail}',
		{ status: 500, body: { detail: '{"code":"NOT_FOUND","message":"No such device"}' } },
		{ code: 'NOT_FOUND', nextMove: 'you', words: 'No such device' },
		nokia,
	],
	[
		'a list of invalid fields',
		{
			status: 422,
			body: { detail: [{ loc: ['body', 'device'], msg: 'field required', type: 'missing' }] },
		},
		{ code: 'HTTP_422', nextMove: 'you', words: 'field required' },
		nokia,
	],
	[
		'{messages} by field',
		{ status: 400, body: { messages: { phoneNumber: ['Missing data', 'Too short'] } } },
		{ code: 'HTTP_400', nextMove: 'you', words: 'phoneNumber: Missing data, Too short' },
		nokia,
	],
	[
		'{messages} in words',
		{ status: 400, body: { messages: 'Not valid' } },
		{ code: 'HTTP_400', nextMove: 'you', words: 'Not valid' },
		nokia,
	],
	[
		'{fault} of WSO2',
		{ status: 401, body: { fault: wso2 } },
		{ code: '900901', nextMove: 'operator', words: `Invalid Credentials; ${INVALID}` },
	],
	[
		'XML of WSO2',
		{
			status: 401,
			...text(
				`<ams:fault xmlns:ams="http://wso2.org"><ams:code>900901</ams:code><ams:message>Invalid Credentials</ams:message></ams:fault>`,
				'application/xml',
			),
		},
		{ code: '900901', nextMove: 'operator', words: 'Invalid Credentials' },
	],
	[
		'{fault} of Apigee',
		{ status: 401, body: apigee('Invalid access token', 'oauth.v2.InvalidAccessToken') },
		{ code: 'oauth.v2.InvalidAccessToken', nextMove: 'operator', words: 'Invalid access token' },
	],
	[
		'{ErrorCode, Error}',
		{ status: 403, body: { ErrorCode: 'insufficient', Error: 'The scope is missing' } },
		{ code: 'insufficient', nextMove: 'registration', words: 'The scope is missing' },
	],
	[
		'a numeric code with message and description',
		{ status: 403, body: { code: 51, message: 'Forbidden requester', description: 'Not yours' } },
		{ code: '51', nextMove: 'registration', words: 'Forbidden requester; Not yours' },
	],
	[
		'a numeric code as text',
		{ status: 503, body: { code: '5', message: 'The service is temporarily unavailable' } },
		{ code: '5', nextMove: 'operator', words: 'The service is temporarily unavailable' },
	],
	[
		'problem+json',
		{
			status: 403,
			body: { type: 'about:blank', title: 'Forbidden', detail: 'You did not pay', status: 403 },
		},
		{ code: 'HTTP_403', nextMove: 'registration', words: 'You did not pay' },
	],
	[
		'problem+json that names a code of the table by its type',
		{
			status: 401,
			body: { type: 'https://developer.example.com/errors#unauthorized', title: 'Unauthorized' },
		},
		{ code: 'UNAUTHORIZED', nextMove: 'operator', words: 'Unauthorized' },
	],
	[
		'{requestError: {serviceException}}',
		{
			status: 400,
			body: { requestError: { serviceException: { messageId: 'SVC0002', text: 'Bad %1' } } },
		},
		{ code: 'SVC0002', nextMove: 'you', words: 'Bad %1' },
	],
	[
		"Spring's status, error and message",
		{
			status: 403,
			body: { status: 403, error: 'Forbidden', message: 'Access Denied', path: '/x' },
		},
		{ code: 'HTTP_403', nextMove: 'registration', words: 'Access Denied' },
	],
	[
		'{errors: [...]}',
		{ status: 409, body: { errors: [{ code: 'INCOMPATIBLE_STATE', detail: 'Detached' }] } },
		{ code: 'INCOMPATIBLE_STATE', nextMove: 'operator', words: 'Detached' },
	],
	[
		'a code with a prefix',
		{
			status: 422,
			body: { code: 'DEVICE_STATUS.UNABLE_TO_PROVIDE_ROAMING_STATUS', message: 'Off' },
		},
		{ code: 'UNABLE_TO_PROVIDE_ROAMING_STATUS', nextMove: 'operator', words: 'Off' },
	],
	[
		'a code in another spelling',
		{ status: 429, body: { code: 'tooManyRequests', message: 'Slow' } },
		{ code: 'TOO_MANY_REQUESTS', nextMove: 'you', words: 'Slow' },
	],
	[
		'a code of its own',
		{ status: 403, body: { code: 'LINE_BARRED', message: 'Barred' } },
		{ code: 'LINE_BARRED', nextMove: 'registration', words: 'Barred' },
	],
	[
		'plain text',
		{ status: 401, ...text('Jwt is expired') },
		{ code: 'HTTP_401', nextMove: 'operator', words: 'Jwt is expired' },
	],
	[
		'a form',
		{ status: 400, ...text('error=INVALID_ARGUMENT&error_description=Bad+number') },
		{ code: 'INVALID_ARGUMENT', nextMove: 'you', words: 'Bad number' },
	],
	[
		'WWW-Authenticate alone',
		{
			status: 401,
			...challenged('Bearer error="invalid_token", error_description="Expired, or so"'),
		},
		{ code: 'invalid_token', nextMove: 'operator', words: 'Expired, or so' },
	],
	[
		'WWW-Authenticate of two schemes',
		{ status: 403, ...challenged('Basic realm="a", Bearer error=insufficient_scope') },
		{ code: 'insufficient_scope', nextMove: 'registration' },
	],
	[
		'the problem details of 3GPP',
		{ status: 403, body: { title: 'No', status: 403, cause: 'REQUEST_NOT_AUTHORIZED' } },
		{ code: 'REQUEST_NOT_AUTHORIZED', nextMove: 'registration', words: 'No' },
	],
	[
		'a bill to pay',
		{ status: 402, body: { message: 'Insufficient credits' } },
		{ code: 'HTTP_402', nextMove: 'registration', words: 'Insufficient credits' },
	],
	['nothing but 403', { status: 403, body: '' }, { code: 'HTTP_403', nextMove: 'registration' }],
	['nothing but 409', { status: 409, body: '' }, { code: 'HTTP_409', nextMove: 'operator' }],
	['nothing but 422', { status: 422, body: {} }, { code: 'HTTP_422', nextMove: 'you' }],
	['nothing but 429', { status: 429, body: null }, { code: 'HTTP_429', nextMove: 'you' }],
	['nothing but 418', { status: 418, body: [] }, { code: 'HTTP_418', nextMove: 'you' }],
	['nothing but 529', { status: 529, body: '' }, { code: 'HTTP_529', nextMove: 'operator' }],
	[
		"a load balancer's page",
		{ status: 503, ...page('503 Service Unavailable') },
		{ code: 'HTTP_503', nextMove: 'operator', words: '503 Service Unavailable' },
	],
];

/** What came back is not an API's, or nobody serves the path. */
const misdirected: Row[] = [
	[
		'an API without this path',
		{ status: 404, body: { message: "Endpoint '/x' does not exist" } },
		{ code: 'HTTP_404', nextMove: 'you', words: "Endpoint '/x' does not exist" },
		nokia,
	],
	['404 alone', { status: 404, body: '' }, { code: 'HTTP_404', nextMove: 'you' }],
	[
		"404 of a framework's own",
		{ status: 404, body: { status: 404, error: 'Not Found', path: '/x' } },
		{ code: 'HTTP_404', nextMove: 'you', words: 'Not Found' },
	],
	[
		'404 with a code about the path',
		{
			status: 404,
			body: apigee('No proxy for url: /device', 'messaging.http.flow.ApplicationNotFound'),
		},
		{
			code: 'messaging.http.flow.ApplicationNotFound',
			nextMove: 'you',
			words: 'No proxy for url: /device',
		},
	],
	[
		"404 with CAMARA's code of a gateway",
		{ status: 404, body: { status: 404, code: 'NOT_FOUND', message: 'No route matches /v9' } },
		{ code: 'NOT_FOUND', nextMove: 'you', words: 'No route matches /v9' },
	],
	[
		'404 of Google',
		{ status: 404, body: { error: { code: 404, message: 'No such method', status: 'NOT_FOUND' } } },
		{ code: 'HTTP_404', nextMove: 'you', words: 'No such method' },
	],
	[
		'404 of FastAPI',
		{ status: 404, body: { detail: 'Not Found' } },
		{ code: 'HTTP_404', nextMove: 'you', words: 'Not Found' },
		nokia,
	],
	[
		'404 with a numeric code',
		{ status: 404, body: { code: 60, message: 'Resource not found' } },
		{ code: '60', nextMove: 'you', words: 'Resource not found' },
	],
	[
		'a version that is gone',
		{ status: 410, body: { message: 'Version 1 was switched off' } },
		{ code: 'HTTP_410', nextMove: 'you', words: 'Version 1 was switched off' },
	],
	[
		'another method',
		{ status: 405, body: { detail: 'Method Not Allowed' } },
		{ code: 'HTTP_405', nextMove: 'you', words: 'Method Not Allowed' },
	],
	[
		'a page that is not found',
		{ status: 404, ...page('Nothing here') },
		{ code: 'HTTP_404', nextMove: 'you', words: 'Nothing here' },
	],
	[
		'a page of a firewall',
		{ status: 403, ...page('Access denied') },
		{ code: 'HTTP_403', nextMove: 'registration', words: 'Access denied' },
	],
	[
		'a page',
		{ status: 200, ...page('Welcome') },
		{ code: 'UNEXPECTED_ANSWER', nextMove: 'operator' },
	],
	[
		'a redirect',
		{ status: 302, headers: { location: 'https://example.com' }, body: { message: 'Moved' } },
		{ code: 'UNEXPECTED_ANSWER', nextMove: 'operator' },
	],
];

/** Devices that the operator does not know: the address is right. */
const unknownDevices: Row[] = [
	[
		'a code that is known',
		{ status: 404, body: { code: 'DEVICE_NOT_FOUND', message: 'No' } },
		{ code: 'DEVICE_NOT_FOUND', nextMove: 'you', words: 'No' },
	],
	[
		'a code of its own',
		{ status: 404, body: { code: 'MSISDN_UNKNOWN', message: 'No' } },
		{ code: 'MSISDN_UNKNOWN', nextMove: 'you', words: 'No' },
	],
	[
		'words alone',
		{ status: 404, body: { detail: 'Device not found' } },
		{ code: 'HTTP_404', nextMove: 'you', words: 'Device not found' },
		nokia,
	],
	[
		'403, as Orange has it',
		{ status: 403, body: { code: 'FORBIDDEN', message: 'The phoneNumber does not exist for you' } },
		{ code: 'FORBIDDEN', nextMove: 'you', words: 'The phoneNumber does not exist for you' },
	],
	[
		'but 403 for an application is another matter',
		{ status: 403, body: { code: 'FORBIDDEN', message: 'The client does not exist' } },
		{ code: 'FORBIDDEN', nextMove: 'registration', words: 'The client does not exist' },
	],
	[
		'a code in the words',
		{ status: 404, body: { detail: 'DEVICE_NOT_FOUND: see the simulator' } },
		{ code: 'DEVICE_NOT_FOUND', nextMove: 'you', words: 'DEVICE_NOT_FOUND: see the simulator' },
		nokia,
	],
	[
		'words and a number',
		{ status: 404, body: { detail: 'No subscriber has +34600000001' } },
		{ code: 'HTTP_404', nextMove: 'you', words: 'No subscriber has +346•••••001' },
		nokia,
	],
];

/** Refusals with a status of success. */
const refusalsInAnswers: Row[] = [
	[
		'{detail: {code, message}}',
		{ body: { detail: { code: 'NOT_FOUND', message: 'No such device' } } },
		{ code: 'NOT_FOUND', nextMove: 'you', words: 'No such device' },
		nokia,
	],
	[
		'{status, code, message}',
		{ body: { status: 403, code: 'PERMISSION_DENIED', message: 'No consent' } },
		{ code: 'PERMISSION_DENIED', nextMove: 'registration', words: 'No consent' },
	],
	[
		'{error: {code}} with a status of its own',
		{ body: { error: { code: 503, message: 'Come back' } } },
		{ code: 'HTTP_503', nextMove: 'operator', words: 'Come back' },
	],
	[
		'words alone',
		{ status: 201, body: { message: 'You are not subscribed' } },
		{ code: 'HTTP_201', nextMove: 'operator', words: 'You are not subscribed' },
		nokia,
	],
	['no content', { status: 204, body: '' }, { code: 'UNEXPECTED_ANSWER', nextMove: 'operator' }],
	[
		'a used-up quota in words',
		{ body: { message: 'You have exceeded the DAILY quota for Requests' } },
		{
			code: 'QUOTA_EXCEEDED',
			nextMove: 'registration',
			words: 'You have exceeded the DAILY quota for Requests',
		},
		nokia,
	],
	[
		'a used-up quota',
		{ body: { message: 'You have exceeded the MONTHLY quota', code: 'QUOTA_EXCEEDED' } },
		{
			code: 'QUOTA_EXCEEDED',
			nextMove: 'registration',
			words: 'You have exceeded the MONTHLY quota',
		},
		nokia,
	],
];

const quota = (words: string | null): Expected => ({
	code: 'QUOTA_EXCEEDED',
	nextMove: 'registration',
	words,
});

/** Used-up quotas, which have one meaning. */
const quotas: Row[] = [
	[
		'the code alone',
		{ status: 429, headers: { 'retry-after': '1' }, body: { code: 'QUOTA_EXCEEDED' } },
		quota(null),
	],
	[
		"RapidAPI's words",
		{ status: 429, body: { message: 'You have exceeded the MONTHLY quota for Requests' } },
		quota('You have exceeded the MONTHLY quota for Requests'),
		nokia,
	],
	[
		'a reset that lies hours ahead',
		{ status: 429, headers: { 'retry-after': '36000' }, body: { message: 'Too many' } },
		quota('Too many'),
	],
	[
		'a limit that is reset in hours',
		{
			status: 429,
			headers: { 'x-ratelimit-requests-remaining': '0', 'x-ratelimit-requests-reset': '90000' },
			body: '',
		},
		quota(null),
		nokia,
	],
	[
		'403 of Azure',
		{ status: 403, body: { statusCode: 403, message: 'Out of call volume quota.' } },
		quota('Out of call volume quota.'),
	],
	[
		'a fault of Apigee',
		{ status: 429, body: apigee('Quota limit exceeded', 'policies.ratelimit.QuotaViolation') },
		quota('Quota limit exceeded'),
	],
	[
		'a time of next access that lies hours ahead',
		{ status: 429, body: wso2Throttled(36_000_000) },
		quota('Message throttled out; You have exceeded your quota'),
	],
	[
		'but none if the next access is within the minute',
		{ status: 429, body: wso2Throttled(10) },
		{
			code: '900802',
			nextMove: 'you',
			words: 'Message throttled out; You have exceeded your quota',
		},
	],
	[
		'but a limit of rate is none',
		{ status: 429, body: { message: 'Quota exceeded: 100 requests per second' } },
		{ code: 'HTTP_429', nextMove: 'you', words: 'Quota exceeded: 100 requests per second' },
	],
];

describe.each([
	['refuses in another shape', refusals],
	['does not know the device', unknownDevices],
	['refuses with a status of success', refusalsInAnswers],
	['says that the quota is used up', quotas],
])('the API %s', (_what, rows) => {
	test.each(rows)('%s', async (_shape, answer, expected, by = camara) => {
		script = { '/retrieve': answer };
		await expectRefusal(itemOf(by()), expected);
	});
});

describe('the address of the API is not the right one', () => {
	test.each(misdirected)('%s', async (_what, answer, expected, by = camara) => {
		script = { '/retrieve': answer };
		const names = ["'Base URL'", `${operator.baseUrl}/gateway/`];
		await expectRefusal(itemOf(by()), { ...expected, names });
	});
});

const UNKNOWN = { country: null, countryCode: null, countryName: [], lastStatusTime: null };
const FRANCE = { country: 'FR', countryCode: 208, countryName: ['FR'] };

test.each<[what: string, body: object, read: object]>([
	['a country in words', { countryCode: 208, countryName: ['France'] }, FRANCE],
	[
		'a dialling code',
		{ countryCode: 36, countryName: ['HU'] },
		{ country: 'HU', countryName: ['HU'] },
	],
	['a code as text', { countryCode: '208', countryName: ['FR'] }, FRANCE],
	['a country in lower case', { countryCode: 208, countryName: 'fr' }, FRANCE],
	['a code without its country', { countryCode: 208 }, FRANCE],
	['an empty time', { ...FRANCE, lastStatusTime: '' }, FRANCE],
	['a time without a zone', { ...FRANCE, lastStatusTime: '2026-11-26T10:20:30' }, FRANCE],
	['null for everything else', { countryCode: null, countryName: null, device: null }, {}],
	['members of a refusal', { code: 'OK', message: 'Done', error: null }, {}],
])('an answer with %s is read as far as it can be', async (_what, body, read) => {
	script = { '/retrieve': { body: { roaming: true, ...body } } };
	const { error, ...answer } = await itemOf(camara());
	expect(error).toBeUndefined();
	expect(answer).toMatchObject({ ...UNKNOWN, roaming: true, ...read });
});

test.each<[what: string, body: unknown]>([
	['roaming in words', { roaming: 'true' }],
	['roaming missing', FRANCE],
	['a list', [{ roaming: true }]],
	['a number', { roaming: 1 }],
])('an answer with %s is not one, and the address is not blamed', async (_what, body) => {
	script = { '/retrieve': { body } };
	await expectRefusal(itemOf(camara()), { code: 'UNEXPECTED_ANSWER', nextMove: 'operator' });
});

describe('a token answer', () => {
	test.each<[what: string, answer: ScriptedAnswer]>([
		['of the type BearerToken', { body: { ...TOKEN, token_type: 'BearerToken' } }],
		['of the type bearer_token', { body: { ...TOKEN, token_type: 'bearer_token' } }],
		['of the type BEARER', { body: { ...TOKEN, token_type: 'BEARER ' } }],
		['without a type', { body: { access_token: 'made-up-token' } }],
		['with null for a type', { body: { ...TOKEN, token_type: null } }],
		['with HTTP 201', { status: 201, body: TOKEN }],
		[
			'with a line break behind the token',
			{ body: { ...TOKEN, access_token: 'made-up-token\r\n' } },
		],
		['with its scheme', { body: { ...TOKEN, access_token: 'Bearer made-up-token' } }],
		['with its lifetime as text', { body: { ...TOKEN, expires_in: '3600' } }],
	])('%s is used', async (_what, answer) => {
		for (const by of [camara(), byCiba(), byJwtBearer()]) {
			script = { '/token': answer };
			expect(await itemOf(by)).toMatchObject({ roaming: true });
			expect(operator.received.at(-1)?.headers.authorization).toBe('Bearer made-up-token');
		}
	});

	test.each<[what: string, answer: ScriptedAnswer, expected: Expected]>([
		...['DPoP', 'mac', 'N_A'].map((token_type): [string, ScriptedAnswer, Expected] => [
			`of the type ${token_type}`,
			{ body: { ...TOKEN, token_type } },
			{ code: 'UNEXPECTED_ANSWER', nextMove: 'operator', names: [`“${token_type}”`, 'use bearer'] },
		]),
		[
			'that is an error with HTTP 200',
			{ body: { error: 'invalid_scope', error_description: 'Not this one' } },
			{
				code: 'invalid_scope',
				nextMove: 'registration',
				words: 'Not this one',
				names: ["'Scope'"],
			},
		],
		[
			'that is an error with HTTP 200 in another shape',
			{ body: { ErrorCode: 'invalid_client', Error: 'Who is this?' } },
			{ code: 'invalid_client', nextMove: 'you', words: 'Who is this?' },
		],
		[
			'that is a page',
			page('Log in'),
			{ code: 'UNEXPECTED_ANSWER', nextMove: 'operator', names: ["'Token URL'", '/oauth/token'] },
		],
		[
			'that holds no token',
			{ body: { token: 'made-up-token' } },
			{ code: 'UNEXPECTED_ANSWER', nextMove: 'operator' },
		],
	])('%s is refused', async (_what, answer, expected) => {
		for (const by of [camara(), byCiba(), byJwtBearer()]) {
			script = { '/token': answer };
			await expectRefusal(itemOf(by), expected);
			expect(operator.received.at(-1)?.path).toBe('/oauth/token');
		}
	});
});

describe('the authorization server refuses', () => {
	const idAndSecret = ['Client ID', 'secret or key'];
	test.each<[what: string, answer: ScriptedAnswer, expected: Expected]>([
		[
			'with 401 alone',
			{ status: 401, body: '' },
			{ code: 'HTTP_401', nextMove: 'you', names: idAndSecret },
		],
		[
			'with 403 alone',
			{ status: 403, body: '' },
			{ code: 'HTTP_403', nextMove: 'you', names: [...idAndSecret, "'Grant Type'"] },
		],
		[
			'with 400 alone',
			{ status: 400, body: '' },
			{ code: 'HTTP_400', nextMove: 'you', names: ["'Scope'"] },
		],
		['with 500 alone', { status: 500, body: '' }, { code: 'HTTP_500', nextMove: 'operator' }],
		['with 429 alone', { status: 429, body: '' }, { code: 'HTTP_429', nextMove: 'you' }],
		[
			'with a challenge',
			{
				status: 401,
				...challenged('Basic error="invalid_client", error_description="Bad secret"'),
			},
			{ code: 'invalid_client', nextMove: 'you', words: 'Bad secret', names: idAndSecret },
		],
		[
			"with an API's code",
			{ status: 401, body: { code: 'UNAUTHENTICATED', message: 'Bad secret' } },
			{ code: 'UNAUTHENTICATED', nextMove: 'you', words: 'Bad secret', names: idAndSecret },
		],
		[
			'with a numeric code',
			{ status: 401, body: { code: 401, message: 'Bad secret' } },
			{ code: 'HTTP_401', nextMove: 'you', words: 'Bad secret', names: idAndSecret },
		],
		[
			'with a fault',
			{
				status: 401,
				body: apigee('Invalid client identifier', 'oauth.v2.InvalidClientIdentifier'),
			},
			{
				code: 'oauth.v2.InvalidClientIdentifier',
				nextMove: 'you',
				words: 'Invalid client identifier',
				names: idAndSecret,
			},
		],
		[
			'because of a quota',
			{ status: 429, body: { error: 'quota_exceeded', error_description: 'Until Monday' } },
			quota('Until Monday'),
		],
		[
			'at an address where there is none',
			{ status: 404, body: { code: 'NOT_FOUND', message: 'No such path' } },
			{ code: 'NOT_FOUND', nextMove: 'you', words: 'No such path', names: ["'Token URL'"] },
		],
		[
			'with the page of another server',
			{ status: 404, ...page('Welcome') },
			{ code: 'HTTP_404', nextMove: 'you', words: 'Welcome', names: ["'Token URL'"] },
		],
	])('%s', async (_what, answer, expected) => {
		script = { '/token': answer };
		await expectRefusal(itemOf(camara()), expected);
		await expectRefusal(itemOf(byCiba()), expected);
	});

	test('at an address that comes from the Base URL', async () => {
		script = { '/bc-authorize': { status: 404, body: '' } };
		const names = ["'Base URL'", `${operator.baseUrl}/gateway/bc-authorize`];
		await expectRefusal(itemOf(telefonica()), { code: 'HTTP_404', nextMove: 'you', names });
	});

	test.each<[what: string, answer: ScriptedAnswer, expected: Expected]>([
		[
			'with 401 alone',
			{ status: 401, body: '' },
			{ code: 'HTTP_401', nextMove: 'you', names: idAndSecret },
		],
		[
			'with 404 alone',
			{ status: 404, body: '' },
			{
				code: 'HTTP_404',
				nextMove: 'you',
				names: ["'Backchannel Authorization URL'", '/oauth/bc-authorize'],
			},
		],
		[
			'with an error and HTTP 200',
			{ body: { error: 'unknown_user_id', error_description: 'Who?' } },
			{ code: 'unknown_user_id', nextMove: 'you', words: 'Who?' },
		],
		[
			'because nobody is known by that number',
			{ status: 404, body: { code: 'USER_NOT_FOUND', message: 'Nobody' } },
			{ code: 'USER_NOT_FOUND', nextMove: 'you', words: 'Nobody', names: ['not a customer'] },
		],
		[
			'in capital letters',
			{ status: 403, body: { code: 'CONSENT_REQUIRED', message: 'Ask first' } },
			{ code: 'consent_required', nextMove: 'lineOwner', words: 'Ask first' },
		],
	])('the authorization of a device %s', async (_what, answer, expected) => {
		script = { '/bc-authorize': answer };
		await expectRefusal(itemOf(byCiba()), expected);
		expect(operator.received).toHaveLength(1);
	});

	test('an assertion in the words of its flow, in which the device and its consent are meant, too', async () => {
		script = { '/token': { status: 400, body: { error: 'invalid_grant' } } };
		const names = ['not consented', 'public key'];
		await expectRefusal(itemOf(byJwtBearer()), { code: 'invalid_grant', nextMove: 'you', names });
	});

	test.each([
		['clientSecretBasic', 'plain-secret', false],
		['clientSecretBasic', 'a+b/c==', true],
		['clientSecretBasic', 'ends with !', true],
		['clientSecretPost', 'a+b/c==', false],
	])('a secret sent with %s: %j', async (camaraClientAuthentication, clientSecret, isAdvised) => {
		for (const body of [{ error: 'invalid_client' }, '']) {
			script = { '/token': { status: 401, body } };
			const item = await itemOf(camara({ camaraClientAuthentication, clientSecret }));
			const { message } = item.error as unknown as ItemError;
			expect(message.includes('Client Secret (Post)')).toBe(isAdvised);
		}
	});

	test('a secret with special characters, at an operator that does not offer Post', async () => {
		script = { '/bc-authorize': { status: 401, body: { error: 'invalid_client' } } };
		const item = await itemOf(telefonica({ clientSecret: 'a+b/c==' }));
		expect((item.error as unknown as ItemError).message).not.toContain('Post');
	});

	test('a client that does not name itself beside its assertion', async () => {
		const key = String(privateKey.export({ format: 'pem', type: 'pkcs8' }));
		const signed = {
			camaraClientAuthentication: 'privateKeyJwt',
			privateKey: key,
			signingAlgorithm: 'ES256',
		};
		for (const by of [camara(signed), { ...byCiba(), ...signed }]) {
			operator.received.length = 0;
			expect(await itemOf(by)).toMatchObject({ roaming: true });
			const forms = operator.received.filter(({ path }) => path.startsWith('/oauth/'));
			for (const { body } of forms) {
				const form = new URLSearchParams(body);
				expect(form.has('client_assertion')).toBe(true);
				expect(form.get('client_id')).toBe(by.clientId);
			}
		}
	});
});

describe('a discovery document', () => {
	const published = (changes: object) => ({
		'/.well-known/openid-configuration': {
			body: {
				issuer: issuer(),
				token_endpoint: `${operator.baseUrl}/oauth/token`,
				...changes,
			},
		},
	});

	test.each([
		['null', null],
		['empty', ''],
		['not encrypted', 'http://api.example.com/authorize'],
		['no address', '/authorize'],
		['a number', 1],
	])('with an endpoint that is not needed, and is %s, is used', async (_what, endpoint) => {
		script = published({
			authorization_endpoint: endpoint,
			backchannel_authentication_endpoint: endpoint,
		});
		expect(await itemOf(discovering())).toMatchObject({ roaming: true });
	});

	test.each([
		['null', null],
		['not encrypted', 'http://api.example.com/token'],
		['no address', 'token'],
		['an address with a password', 'https://me:made-up@api.example.com/token'],
	])('with an endpoint that is needed, and is %s, is refused', async (_what, token_endpoint) => {
		script = published({ token_endpoint });
		await expectRefusal(itemOf(discovering()), {
			code: 'INVALID_CREDENTIAL',
			nextMove: 'you',
			names: ['Token URL', 'Discovery URL'],
		});
		expect(operator.received).toHaveLength(1);
	});

	test.each<[what: string, other: () => unknown]>([
		['that is on another host', () => 'https://login.example.com/tenant/v2.0/'],
		['with another path', () => `${operator.baseUrl}/oauth`],
		['without a scheme', () => issuer().replace('http://', '')],
		['that is no text', () => 1],
		['that is null', () => null],
	])('of an issuer %s is refused', async (_what, other) => {
		script = published({ issuer: other() });
		const { error } = (await itemOf(discovering())) as { error?: ItemError };
		expect(error).toMatchObject({ code: 'UNEXPECTED_ANSWER', nextMove: 'you' });
		expect(error?.message).toMatch(/'Discovery URL'.*leave it empty and enter the addresses/);
		expect(error?.message).not.toContain('Base URL');
	});

	test.each<[what: string, answer: ScriptedAnswer, words: string | null, nextMove: NextMove]>([
		['that is not there', { status: 404, body: { message: 'No route' } }, 'No route', 'you'],
		['that is a page', page('Welcome'), 'Welcome', 'you'],
		['behind a redirect', { status: 301, headers: { location: '/' }, body: '' }, null, 'you'],
		['that is not for everybody', { status: 403, ...text('Go away') }, 'Go away', 'you'],
		['that is not there now', { status: 503, body: { detail: 'Down' } }, 'Down', 'operator'],
	])('%s is refused', async (_what, answer, words, nextMove) => {
		script = { '/.well-known/openid-configuration': answer };
		const names = ["'Discovery URL'", `${issuer()}/.well-known/openid-configuration`];
		await expectRefusal(itemOf(discovering()), {
			code: 'UNEXPECTED_ANSWER',
			nextMove,
			words,
			names,
		});
	});
});

describe('a phone comes back without a state, and with', () => {
	const back = async (query: IDataObject) =>
		await itemOf(
			camara({ authorizationGrant: 'authorizationCode' }),
			fromCallback,
			webhookItem(query, ''),
		);

	test.each<[query: IDataObject, expected: Expected]>([
		[
			{ error: 'access_denied', error_description: 'The owner said no' },
			{ code: 'access_denied', nextMove: 'lineOwner', words: 'The owner said no' },
		],
		[
			{ error: 'unauthorized_client', state: '' },
			{ code: 'unauthorized_client', nextMove: 'registration' },
		],
		[
			{ error: 'invalid_request', error_description: 'redirect_uri of +34600000001' },
			{ code: 'invalid_request', nextMove: 'you', words: 'redirect_uri of +346•••••001' },
		],
		[
			{ error: 'line_not_recognised', error_description: 'Not on mobile data' },
			{ code: 'line_not_recognised', nextMove: 'operator', words: 'Not on mobile data' },
		],
		[{ code: 'made-up' }, { code: 'INVALID_CALLBACK', nextMove: 'you' }],
	])('%j', async (query, expected) => {
		await expectRefusal(back(query), expected);
		expect(operator.received).toEqual([]);
	});
});

test.each([
	[403, { code: 'FORBIDDEN', message: 'Not this line' }, 'Not this line'],
	[403, { detail: 'Not this line' }, 'Not this line'],
	[403, '', null],
	[403, { code: 'INVALID_TOKEN_CONTEXT' }, null],
])('another phone than the one that signed in is named: %i %j', async (status, body, words) => {
	script = { '/roaming': { status, body } };
	const signedIn = {
		operator: 'telefonica',
		baseUrl: operator.baseUrl,
		oauthTokenData: { access_token: 'made-up-token', token_type: 'Bearer' },
	};
	const code = typeof body === 'object' && 'code' in body ? String(body.code) : 'HTTP_403';
	await expectRefusal(itemOf(signedIn, { identifierType: 'phoneNumber' }), {
		code,
		nextMove: 'you',
		words,
		names: ['Name the phone that signed in'],
	});
});
