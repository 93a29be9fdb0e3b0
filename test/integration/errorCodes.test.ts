import { setTimeout as sleep } from 'node:timers/promises';
import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { freePort } from '../../localN8n/process/ports';
import { authorizationErrors } from '../../nodes/OpenGateway/authorization/authorizationErrors';
import { deviceInWords, parsePhoneNumber } from '../../nodes/OpenGateway/device';
import { ownErrors, type ItemError, type NextMove } from '../../nodes/OpenGateway/errors';
import { operators } from '../../nodes/OpenGateway/operators';
import { fromCallback, REDIRECT_URI, webhookItem } from '../support/callback';
import { openGatewayApi } from '../support/credential';
import { runNode } from '../support/engine';
import { textOf } from '../support/refusal';
import {
	startScriptedOperator,
	type ScriptedAnswer,
	type ScriptedOperator,
} from '../support/scriptedOperator';

/**
 * Every error code that an operator's documents or the node have, provoked through the node. The
 * message has to be the one of the code's table, with the device filled in. The
 * next move is written down here a second time, independently.
 */
const PHONE_NUMBER = '+34600000001';
const MASKED = '+346•••••001';
const DEVICE = deviceInWords({ phoneNumber: parsePhoneNumber(PHONE_NUMBER) });
const ROAMING = /\/(roaming|retrieve)$/;

let operator: ScriptedOperator;
/** The operator's responses, by the end of the path; every other request is granted. */
let script: [path: RegExp, answer: ScriptedAnswer | 'silence'][];

beforeAll(async () => {
	operator = await startScriptedOperator(
		({ path }) => script.find(([end]) => end.test(path))?.[1] ?? granted(path),
	);
});
beforeEach(() => {
	script = [];
	operator.received.length = 0;
});
afterAll(async () => await operator.close());

function granted(path: string): ScriptedAnswer {
	if (path.endsWith('/bc-authorize')) return { body: { auth_req_id: 'made-up-auth-req-id' } };
	if (path.endsWith('/token')) {
		return { body: { access_token: 'made-up-token', token_type: 'Bearer' } };
	}
	return { body: { roaming: false } };
}

type Credential = Parameters<typeof runNode>[1]['credential'];
const credential = (changes: IDataObject = {}) =>
	openGatewayApi({ baseUrl: operator.baseUrl, ...changes });
const camara = (changes: IDataObject = {}) =>
	credential({
		operator: 'camara',
		backchannelAuthorizationUrl: `${operator.baseUrl}/bc-authorize`,
		authorizationUrl: `${operator.baseUrl}/authorize`,
		tokenUrl: `${operator.baseUrl}/token`,
		...changes,
	});

/** The error of the one item, after one attempt. */
async function errorOf(
	asking: Credential,
	parameters: INodeParameters = { phoneNumber: PHONE_NUMBER },
	variables: IDataObject = {},
): Promise<ItemError> {
	const { outputs } = await runNode([{}], {
		credential: asking,
		parameters: { options: { retries: 0, timeout: 1 }, ...parameters },
		variables,
		onError: 'continueRegularOutput',
	});
	expect(outputs[0]).toHaveLength(1);
	return outputs[0]?.[0]?.json.error as unknown as ItemError;
}

const CORRELATOR = expect.stringMatching(/^[\da-f-]{36}$/) as string;

/** The whole error, whose message is a sentence or more, and shows nothing confidential. */
function expectError(error: ItemError, expected: Partial<ItemError> & Pick<ItemError, 'code'>) {
	expect(error).toStrictEqual({
		message: expect.any(String) as string,
		description: null,
		status: null,
		correlator: CORRELATOR,
		...expected,
	});
	expect(error.message).not.toMatch(/600000001|made-up|undefined|null|\{|\}/);
	expect(error.message).toMatch(/^'?\p{Lu}.*\. '?\p{Lu}.*\.$/u);
	expect(error.message.length).toBeLessThan(450);
}

type ErrorTexts = Readonly<Record<string, { happened: string; remedy: string }>>;
/** The text of the table. Here, each address is that of the last request, and made of the Base URL. */
const messageOf = (errors: ErrorTexts, code: string) =>
	textOf(errors[code]!, DEVICE)
		.replaceAll('{address}', operator.baseUrl + operator.received.at(-1)?.path)
		.replaceAll('{field}', "'Base URL'");
/** What a body holds in place of the code of a status. */
const codeIn = (code: string) => (code.startsWith('HTTP_') ? undefined : code);

type Row = [code: string, status: number, nextMove: NextMove];

/** OpenID CIBA core section 13, RFC 6749 section 5.2, RFC 9449 section 5. */
const backchannelRefusals: Row[] = [
	['invalid_client', 401, 'you'],
	['unauthorized_client', 400, 'registration'],
	['invalid_scope', 400, 'registration'],
	['unknown_user_id', 400, 'you'],
	['access_denied', 403, 'lineOwner'],
	['consent_required', 403, 'lineOwner'],
	['invalid_request', 400, 'you'],
	['invalid_request_object', 400, 'you'],
	['invalid_binding_message', 400, 'you'],
	['missing_user_code', 400, 'you'],
	['invalid_user_code', 400, 'you'],
	['expired_login_hint_token', 400, 'you'],
	['invalid_dpop_proof', 400, 'operator'],
	['server_error', 500, 'operator'],
	['temporarily_unavailable', 503, 'operator'],
];

/** RFC 9110 section 15: the status is all that a response without a code says. */
const statusesOfAuthorization: Row[] = [
	['HTTP_400', 400, 'you'],
	['HTTP_401', 401, 'you'],
	['HTTP_402', 402, 'registration'],
	['HTTP_403', 403, 'you'],
	['HTTP_404', 404, 'you'],
	['HTTP_405', 405, 'you'],
	['HTTP_408', 408, 'operator'],
	['HTTP_410', 410, 'you'],
	['HTTP_429', 429, 'you'],
	['HTTP_500', 500, 'operator'],
	['HTTP_502', 502, 'operator'],
	['HTTP_503', 503, 'operator'],
	['HTTP_504', 504, 'operator'],
];

/** OpenID CIBA core section 11, RFC 6749 section 5.2. */
const pollRefusals: Row[] = [
	['invalid_client', 401, 'you'],
	['access_denied', 400, 'lineOwner'],
	['expired_token', 400, 'operator'],
	['invalid_grant', 400, 'you'],
	['unsupported_grant_type', 400, 'you'],
	['server_error', 500, 'operator'],
];

/** Codes of one server alone; `glewlwyd.test.ts` provokes them there. */
const glewlwydRefusals: Row[] = [
	['authorization_type_invalid', 400, 'registration'],
	['scope_invalid', 400, 'registration'],
];

describe.each([
	['the authorization of a device', /\/bc-authorize$/, backchannelRefusals],
	['the poll for its outcome', /\/token$/, [...pollRefusals, ...glewlwydRefusals]],
])('%s is refused with', (_what, path, rows) => {
	test.each([...rows, ...statusesOfAuthorization])('%s', async (code, status, nextMove) => {
		const error_description = `For ${PHONE_NUMBER}`;
		script = [[path, { status, body: { error: codeIn(code), error_description } }]];

		const error = await errorOf(credential());
		const message = messageOf(authorizationErrors, code);
		const description = `For ${MASKED}`;
		expectError(error, { message, code, description, nextMove, status });
		expect(operator.received.some((request) => ROAMING.test(request.path))).toBe(false);
	});
});

test.each([
	['authorization_pending', 2],
	['slow_down', 1],
])('%s is waited for, until the authorization expires', async (error, polls) => {
	script = [
		[/bc-authorize$/, { body: { auth_req_id: 'made-up', expires_in: 1.5, interval: 1 } }],
		[/token$/, { status: 400, body: { error } }],
	];

	expectError(await errorOf(credential()), {
		message: messageOf(authorizationErrors, 'expired_token'),
		code: 'expired_token',
		nextMove: 'operator',
		status: 400,
	});
	expect(operator.received.filter(({ path }) => path === '/token')).toHaveLength(polls);
});

/** RFC 6749 section 4.1.2.1, OpenID Connect Core section 3.1.2.6. */
const callbackRefusals: [code: string, nextMove: NextMove][] = [
	['access_denied', 'lineOwner'],
	['consent_required', 'lineOwner'],
	['login_required', 'lineOwner'],
	['interaction_required', 'lineOwner'],
	['account_selection_required', 'lineOwner'],
	['invalid_request', 'you'],
	['unauthorized_client', 'registration'],
	['unsupported_response_type', 'you'],
	['invalid_scope', 'registration'],
	['server_error', 'operator'],
	['temporarily_unavailable', 'operator'],
];

const frontend = { authorizationGrant: 'authorizationCode' };
const toSignIn: INodeParameters = {
	resource: 'authorization',
	operation: 'createUrl',
	redirectUri: REDIRECT_URI,
	identifierType: 'phoneNumber',
	phoneNumber: PHONE_NUMBER,
};

/** How a phone comes back with this query, and with the state that it took to the operator. */
async function comingBack(
	asking: Credential,
	query: IDataObject,
	options: IDataObject = {},
): Promise<IDataObject & { query: { state: string } }> {
	const { outputs } = await runNode([{}], {
		credential: asking,
		parameters: { ...toSignIn, options } as INodeParameters,
	});
	const { url, setCookie } = outputs[0]?.[0]?.json ?? {};
	const state = new URL(String(url)).searchParams.get('state') ?? '';
	return { ...webhookItem({}, setCookie), query: { state, ...query } };
}

describe('a phone comes back from the operator with', () => {
	test.each(callbackRefusals)('%s', async (code, nextMove) => {
		const asking = credential(frontend);
		const variables = await comingBack(asking, { error: code, error_description: 'No' });

		const message = messageOf(authorizationErrors, code);
		const expected = { message, code, description: 'No', nextMove, correlator: null };
		expectError(await errorOf(asking, fromCallback, variables), expected);
		expect(operator.received).toEqual([]);
	});

	test('a code that was used already', async () => {
		const code = 'invalid_grant';
		script = [[/token$/, { status: 400, body: { error: code } }]];
		const asking = credential(frontend);
		const variables = await comingBack(asking, { code: 'made-up-code' });

		const message = messageOf(authorizationErrors, code);
		const expected = { message, code, nextMove: 'you', status: 400 } as const;
		expectError(await errorOf(asking, fromCallback, variables), expected);
	});
});

/** Device Status 0.4 and 0.5, Device Roaming Status 0.6 to 1.2, and statuses without a code. */
const apiRefusals: Row[] = [
	['INVALID_INPUT', 400, 'you'],
	['INVALID_ARGUMENT', 400, 'you'],
	['BAD_REQUEST', 400, 'you'],
	['OUT_OF_RANGE', 400, 'you'],
	['UNAUTHORIZED', 401, 'operator'],
	['UNAUTHENTICATED', 401, 'operator'],
	['AUTHENTICATION_REQUIRED', 401, 'operator'],
	['invalid_token', 401, 'operator'],
	['FORBIDDEN', 403, 'registration'],
	['insufficient_scope', 403, 'registration'],
	['PERMISSION_DENIED', 403, 'registration'],
	['INVALID_TOKEN_CONTEXT', 403, 'you'],
	['IDENTIFIER_MISMATCH', 422, 'you'],
	['DEVICE_IDENTIFIERS_MISMATCH', 422, 'you'],
	['NOT_FOUND', 404, 'you'],
	['IDENTIFIER_NOT_FOUND', 404, 'you'],
	['DEVICE_NOT_FOUND', 404, 'you'],
	['ABORTED', 409, 'operator'],
	['INCOMPATIBLE_STATE', 409, 'operator'],
	['SERVICE_NOT_APPLICABLE', 422, 'operator'],
	['DEVICE_NOT_APPLICABLE', 422, 'operator'],
	['UNABLE_TO_PROVIDE_ROAMING_STATUS', 422, 'operator'],
	['MISSING_IDENTIFIER', 422, 'operator'],
	['UNIDENTIFIABLE_DEVICE', 422, 'operator'],
	['UNSUPPORTED_IDENTIFIER', 422, 'you'],
	['UNSUPPORTED_DEVICE_IDENTIFIERS', 422, 'you'],
	['UNNECESSARY_IDENTIFIER', 422, 'you'],
	['QUOTA_EXCEEDED', 429, 'registration'],
	['TOO_MANY_REQUESTS', 429, 'you'],
	['INTERNAL_SERVER_ERROR', 500, 'operator'],
	['INTERNAL', 500, 'operator'],
	['NOT_IMPLEMENTED', 501, 'operator'],
	['BAD_GATEWAY', 502, 'operator'],
	['SERVICE_UNAVAILABLE', 503, 'operator'],
	['UNAVAILABLE', 503, 'operator'],
	['TIMEOUT', 504, 'operator'],
	['HTTP_400', 400, 'you'],
	['HTTP_401', 401, 'operator'],
	['HTTP_402', 402, 'registration'],
	['HTTP_403', 403, 'registration'],
	['HTTP_404', 404, 'you'],
	['HTTP_405', 405, 'you'],
	['HTTP_408', 408, 'operator'],
	['HTTP_409', 409, 'operator'],
	['HTTP_410', 410, 'you'],
	['HTTP_422', 422, 'you'],
	['HTTP_425', 425, 'operator'],
	['HTTP_429', 429, 'you'],
	['HTTP_500', 500, 'operator'],
	['HTTP_502', 502, 'operator'],
	['HTTP_503', 503, 'operator'],
	['HTTP_504', 504, 'operator'],
];

/** The key is typed into the credential, so a person can mend it. */
const OF_THE_KEY = ['UNAUTHENTICATED', 'UNAUTHORIZED', 'invalid_token', 'HTTP_401'];

describe.each([
	{ asked: 'telefonica', rows: apiRefusals, credentialFor: () => credential() },
	{
		asked: 'camara',
		rows: apiRefusals,
		credentialFor: (code: string) =>
			// An identifier can be missing only with a token for one subscriber.
			camara({ authorizationGrant: code === 'MISSING_IDENTIFIER' ? 'ciba' : 'clientCredentials' }),
	},
	{
		asked: 'nokia',
		rows: apiRefusals.map(([code, status, nextMove]): Row => [
			code,
			status,
			OF_THE_KEY.includes(code) ? 'you' : nextMove,
		]),
		credentialFor: () => credential({ operator: 'nokia', apiKey: 'made-up-api-key' }),
	},
] as const)('the operator $asked refuses the API request with', (operatorAsked) => {
	const { asked, rows, credentialFor } = operatorAsked;
	test.each(rows)('%s', async (code, status, nextMove) => {
		const body = { status, code: codeIn(code), message: `For ${PHONE_NUMBER}` };
		script = [[ROAMING, { status, body }]];

		const error = await errorOf(credentialFor(code));
		const message = messageOf(operators[asked].errors, code);
		expectError(error, { message, code, description: `For ${MASKED}`, nextMove, status });
	});
});

const comingBackWithCode = async (options?: IDataObject) =>
	await comingBack(credential(frontend), { code: 'made-up-code' }, options);

type Provoked = Promise<ItemError>;
/** The node's own codes, what the message has to name, and what provokes each. */
const ownRefusals: [keyof typeof ownErrors, NextMove, names: RegExp, provoke: () => Provoked][] = [
	['INVALID_CREDENTIAL', 'you', /Client Secret/, () => errorOf(camara({ clientSecret: '' }))],
	[
		'INVALID_DEVICE',
		'you',
		/phone number.*\+34600123456/i,
		() => errorOf(credential(), { phoneNumber: '={{ " " }}' }),
	],
	[
		'UNSUPPORTED_DEVICE',
		'you',
		/IPv4 address.*Port/i,
		() =>
			errorOf(camara({ authorizationGrant: 'clientCredentials' }), {
				identifierType: 'ipv4Address',
				ipv4Address: '80.90.34.2',
			}),
	],
	[
		'UNSUPPORTED_DEVICE',
		'you',
		/Telefónica/,
		() => errorOf(credential(frontend), { ...toSignIn, identifierType: 'nothing' }),
	],
	[
		'INVALID_OPTION',
		'you',
		/Retries/,
		() => errorOf(credential(), { phoneNumber: PHONE_NUMBER, options: { retries: 0.5 } }),
	],
	[
		'INVALID_REDIRECT',
		'you',
		/redirect URI/i,
		() => errorOf(credential(frontend), { ...toSignIn, redirectUri: '/webhook/back' }),
	],
	[
		'INVALID_CALLBACK',
		'you',
		/callback/,
		async () => {
			const { query, ...others } = await comingBackWithCode();
			const state = query.state.replace(/^./, (a) => (a === 'A' ? 'B' : 'A'));
			const altered = { ...others, query: { ...query, state } };
			return await errorOf(credential(frontend), fromCallback, altered);
		},
	],
	[
		'INVALID_CALLBACK',
		'you',
		/another redirect URI.*'Callback Address'/,
		async () => {
			const webhookUrl = `${REDIRECT_URI}-of-another-workflow`;
			const elsewhere = { ...(await comingBackWithCode()), webhookUrl };
			return await errorOf(credential(frontend), fromCallback, elsewhere);
		},
	],
	[
		'OTHER_BROWSER',
		'lineOwner',
		/another browser.*Set-Cookie/,
		async () => {
			const withoutCookie = { ...(await comingBackWithCode()), headers: {} };
			return await errorOf(credential(frontend), fromCallback, withoutCookie);
		},
	],
	[
		'USED_CALLBACK',
		'lineOwner',
		/used before.*new authorization URL/,
		async () => {
			const again = await comingBackWithCode();
			await errorOf(credential(frontend), fromCallback, again);
			return await errorOf(credential(frontend), fromCallback, again);
		},
	],
	[
		'EXPIRED_CALLBACK',
		'lineOwner',
		/Expires After/,
		async () => {
			const expired = await comingBackWithCode({ expiresIn: 1 });
			await sleep(1100);
			return await errorOf(credential(frontend), fromCallback, expired);
		},
	],
	[
		'NOT_SIGNED_IN',
		'lineOwner',
		/OAuth2 credential/,
		() =>
			errorOf(
				{ operator: 'camara', baseUrl: operator.baseUrl, oauthTokenData: '' },
				{ identifierType: 'signedInPhone' },
			),
	],
	[
		'UNREACHABLE',
		'you',
		/127\.0\.0\.1:\d+.*ECONNREFUSED/,
		async () => errorOf(credential({ baseUrl: `http://127.0.0.1:${await freePort(0)}` })),
	],
	[
		'TIMEOUT',
		'operator',
		/127\.0\.0\.1:\d+.* 1 s/,
		() => {
			script = [[/bc-authorize$/, 'silence']];
			return errorOf(credential());
		},
	],
	[
		'UNEXPECTED_ANSWER',
		'operator',
		/JSON.*Base URL/,
		() => {
			script = [[ROAMING, { body: '<html>Welcome</html>' }]];
			return errorOf(credential());
		},
	],
];

test.each(ownRefusals)('the node itself says %s', async (code, nextMove, names, provoke) => {
	const isSent = ['UNREACHABLE', 'TIMEOUT', 'UNEXPECTED_ANSWER'].includes(code);
	expectError(await provoke(), {
		message: expect.stringMatching(names) as string,
		code,
		nextMove,
		status: code === 'UNEXPECTED_ANSWER' ? 200 : null,
		correlator: isSent ? CORRELATOR : null,
	});
});

test.each(['unheard_of', 'constructor', '__proto__'])(
	'a code that is in no table is shown, and the status says what it means: %s',
	async (code) => {
		const expected = { code, nextMove: 'you', status: 400 } as const;

		script = [[ROAMING, { status: 400, body: { code, message: 'No' } }]];
		const refused = await errorOf(credential());
		const message = messageOf(operators.telefonica.errors, 'HTTP_400');
		expectError(refused, { ...expected, message, description: 'No' });

		script = [[/bc-authorize$/, { status: 400, body: { error: code } }]];
		const unauthorized = await errorOf(credential());
		expectError(unauthorized, { ...expected, message: messageOf(authorizationErrors, 'HTTP_400') });
	},
);

test('no code that the node has a text for is left out above', () => {
	const codesOf = (rows: readonly (readonly [string, ...unknown[]])[]) =>
		[...new Set(rows.map(([code]) => code))].sort();
	const keysOf = (table: object) => Object.keys(table).sort();

	const ofAuthorization = [
		...[...backchannelRefusals, ...pollRefusals, ...glewlwydRefusals, ...callbackRefusals],
		...statusesOfAuthorization,
	];
	expect(codesOf(ofAuthorization)).toEqual(keysOf(authorizationErrors));
	// `identityInsights.test.ts` has the statuses of insights.
	const { telefonica, nokia, orange, camara } = operators;
	for (const { errors } of [telefonica, nokia, orange, camara]) {
		expect(codesOf(apiRefusals)).toEqual(keysOf(errors));
	}
	// Each operator offers the only API: `gateway.test.ts` has one that does not. A webhook's address
	// is the trigger's: `triggerSubscriptions.test.ts`.
	const elsewhere = ['UNSUPPORTED_API', 'INVALID_WEBHOOK_URL'];
	expect([...codesOf(ownRefusals), ...elsewhere].sort()).toEqual(keysOf(ownErrors));
});
