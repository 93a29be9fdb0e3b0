import { setTimeout as sleep } from 'node:timers/promises';
import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { freePort } from '../../localN8n/process/ports';
import { authorizationErrors } from '../../nodes/OpenGateway/authorization/authorizationErrors';
import { ownErrors, type ItemError, type NextMove } from '../../nodes/OpenGateway/errors';
import { operators } from '../../nodes/OpenGateway/operators';
import { openGatewayApi } from '../support/credential';
import { runNode } from '../support/engine';
import {
	startScriptedOperator,
	type ScriptedAnswer,
	type ScriptedOperator,
} from '../support/scriptedOperator';

/**
 * Every error code that an operator's documents or the node have: provoked through the node, and
 * held to what it says, to whom it leaves the next move, and to what it must never show.
 */
const PHONE_NUMBER = '+34600000001';
const MASKED = '+346•••••001';
const ROAMING = /\/(roaming|retrieve)$/;

let operator: ScriptedOperator;
/** What the operator answers, by the end of the path; it grants all else. */
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

/** The error of the one item, after one try. */
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

/** What the operator said, as an error shows it. */
const description = `For ${MASKED}`;
const aCorrelator = expect.stringMatching(/^[\da-f-]{36}$/) as string;

/** The whole error: its message word for word as `words` has it, and nothing that is confidential. */
function expectError(
	error: ItemError,
	expected: Omit<ItemError, 'message' | 'description'> & Partial<Pick<ItemError, 'description'>>,
	words: RegExp,
) {
	const message = expect.stringMatching(words) as string;
	expect(error).toStrictEqual({ description: null, ...expected, message });
	expect(error.message).not.toMatch(/600000001|made-up|undefined|null|\{|\}/);
	expect(error.message).toMatch(/^[A-Z].*\.$/);
	expect(error.message.length).toBeLessThan(450);
}

type Row = [code: string, status: number, nextMove: NextMove, words: RegExp];

const line = `the line \\${MASKED}`;
const say = (happened: string, remedy: string) => new RegExp(`^${happened}.* .*${remedy}`);

const invalidClient: Row = [
	'invalid_client',
	401,
	'you',
	say('The operator does not accept the Client ID, or its secret or key\\.', 'Correct them in the'),
];
const notConsented = say(
	`The owner of ${line} has not consented to this check\\.`,
	'Only the line’s owner.*captures consent outside this flow.*cannot be asked for from here',
);
const malformed = say(
	`The operator found the request to authorize the check of ${line} malformed\\.`,
	'Check the identifier and the URLs in the credential',
);
const notAnswered = say(
	`The operator needs an answer from the owner of ${line}, and was not able to ask\\.`,
	'Send the device to a new authorization URL, on mobile data',
);
const notOffered = say('The operator does not offer this grant type', 'Grant Type.*URLs');
const fault = say(
	`The operator had a fault of its own while it authorized the check of ${line}\\.`,
	'Try again later; if it stays, give the correlator',
);

/** OpenID CIBA core section 13, RFC 6749 section 5.2, RFC 9449 section 5. */
const backchannelRefusals: Row[] = [
	invalidClient,
	[
		'unauthorized_client',
		400,
		'registration',
		say('The application may not use this grant type\\.', 'developer portal, or choose another'),
	],
	[
		'invalid_scope',
		400,
		'registration',
		say(
			'The application is not registered for Device Status with this purpose\\.',
			'developer portal, or choose the registered Purpose',
		),
	],
	[
		'unknown_user_id',
		400,
		'you',
		say(
			`The owner of ${line} is not a customer of any operator reached\\.`,
			'Check the identifier',
		),
	],
	['access_denied', 403, 'lineOwner', notConsented],
	['consent_required', 403, 'lineOwner', notConsented],
	['invalid_request', 400, 'you', malformed],
	['invalid_request_object', 400, 'you', malformed],
	['invalid_binding_message', 400, 'you', malformed],
	['missing_user_code', 400, 'you', malformed],
	['invalid_user_code', 400, 'you', malformed],
	['expired_login_hint_token', 400, 'you', malformed],
	[
		'invalid_dpop_proof',
		400,
		'operator',
		say('The operator insists on tokens that are bound to a key', 'use bearer tokens'),
	],
	['server_error', 500, 'operator', fault],
	[
		'temporarily_unavailable',
		503,
		'operator',
		say(`The operator cannot authorize the check of ${line} at the moment\\.`, 'Try again later'),
	],
];

/** OpenID CIBA core section 11, RFC 6749 section 5.2. */
const pollRefusals: Row[] = [
	invalidClient,
	['access_denied', 400, 'lineOwner', notConsented],
	[
		'expired_token',
		400,
		'operator',
		say(`The authorization for ${line} expired before the operator decided`, 'Try again later'),
	],
	[
		'invalid_grant',
		400,
		'you',
		say(
			`The operator does not take this authorization for ${line}: it is used up, expired`,
			'used only once.*give the correlator',
		),
	],
	['unsupported_grant_type', 400, 'you', notOffered],
	['server_error', 500, 'operator', fault],
];

describe.each([
	['the authorization of a line', /\/bc-authorize$/, backchannelRefusals],
	['the poll for its outcome', /\/token$/, pollRefusals],
])('%s is refused with', (_what, path, rows) => {
	test.each(rows)('%s', async (error, status, nextMove, words) => {
		script = [[path, { status, body: { error, error_description: `For ${PHONE_NUMBER}` } }]];

		expectError(
			await errorOf(credential()),
			{ code: error, description, nextMove, status, correlator: aCorrelator },
			words,
		);
		expect(operator.received.filter(({ path: asked }) => ROAMING.test(asked))).toEqual([]);
	});
});

test.each(['authorization_pending', 'slow_down'])(
	'%s is waited for, until the authorization expires',
	async (error) => {
		script = [
			[/bc-authorize$/, { body: { auth_req_id: 'made-up', expires_in: 1.5, interval: 1 } }],
			[/token$/, { status: 400, body: { error } }],
		];

		expectError(
			await errorOf(credential()),
			{ code: 'expired_token', nextMove: 'operator', status: 400, correlator: aCorrelator },
			say(`The authorization for ${line} expired before the operator decided`, 'Try again later'),
		);
		const polls = operator.received.filter(({ path }) => path === '/token');
		expect(polls).toHaveLength(error === 'slow_down' ? 1 : 2);
	},
);

/** RFC 6749 section 4.1.2.1, OpenID Connect Core section 3.1.2.6. */
const callbackRefusals: [code: string, nextMove: NextMove, words: RegExp][] = [
	['access_denied', 'lineOwner', notConsented],
	['consent_required', 'lineOwner', notConsented],
	['login_required', 'lineOwner', notAnswered],
	['interaction_required', 'lineOwner', notAnswered],
	['account_selection_required', 'lineOwner', notAnswered],
	['invalid_request', 'you', malformed],
	[
		'unauthorized_client',
		'registration',
		say('The application may not use this grant type\\.', 'developer portal'),
	],
	['unsupported_response_type', 'you', notOffered],
	['invalid_scope', 'registration', say('The application is not registered', 'Purpose')],
	['server_error', 'operator', fault],
	[
		'temporarily_unavailable',
		'operator',
		say(`The operator cannot authorize the check of ${line} at the moment\\.`, 'Try again later'),
	],
];

const frontend = { authorizationGrant: 'authorizationCode' };
const fromCallback: INodeParameters = {
	identifierType: 'authorizationCallback',
	callbackQuery:
		'={{ ({ code: $vars.code, state: $vars.state, error: $vars.error, error_description: $vars.error_description }) }}',
};
const toSignIn: INodeParameters = {
	resource: 'authorization',
	operation: 'createUrl',
	redirectUri: 'https://n8n.example.com/webhook/back',
	identifierType: 'phoneNumber',
	phoneNumber: PHONE_NUMBER,
};

/** The state that a device takes to the operator, and brings back from there. */
async function stateFor(asking: Credential, options: IDataObject = {}): Promise<string> {
	const { outputs } = await runNode([{}], {
		credential: asking,
		parameters: { ...toSignIn, options } as INodeParameters,
	});
	return new URL(String(outputs[0]?.[0]?.json.url)).searchParams.get('state') ?? '';
}

describe('a device comes back from the operator with', () => {
	test.each(callbackRefusals)('%s', async (code, nextMove, words) => {
		const asking = credential(frontend);
		const variables = { state: await stateFor(asking), error: code, error_description: 'No' };

		expectError(
			await errorOf(asking, fromCallback, variables),
			{ code, description: 'No', nextMove, status: null, correlator: null },
			words,
		);
		expect(operator.received).toEqual([]);
	});

	test('a refusal that stops the node, which says it in the operator’s words, too', async () => {
		const asking = credential(frontend);
		const variables = {
			state: await stateFor(asking),
			error: 'access_denied',
			error_description: `Not for ${PHONE_NUMBER}`,
		};
		const { error } = await runNode([{}], {
			credential: asking,
			parameters: fromCallback,
			variables,
		});

		expect(error?.message).toBe(`The owner of the line ${MASKED} has not consented to this check.`);
		expect(error?.description).toMatch(
			/error code: access_denied\. In its words: “Not for \+346•••••001”\.$/,
		);
	});

	test('a code that it used already', async () => {
		script = [[/token$/, { status: 400, body: { error: 'invalid_grant' } }]];
		const asking = credential(frontend);
		const variables = { state: await stateFor(asking), code: 'made-up-code' };

		expectError(
			await errorOf(asking, fromCallback, variables),
			{ code: 'invalid_grant', nextMove: 'you', status: 400, correlator: aCorrelator },
			say(`The operator does not take this authorization for ${line}: it is used up`, 'only once'),
		);
	});
});

const unreadable = say(
	`The operator cannot read the identifier of ${line}\\.`,
	'Check the device; if it is right, give the correlator',
);
const tokenRefused = say(
	`The operator did not accept the access token for ${line}\\.`,
	'a fixed access token may have expired.*give the correlator',
);
const mayNotAsk = say(
	`The application may not ask about ${line}\\.`,
	'developer portal.*registered for Device (Roaming )?Status with this purpose',
);
const unknownLine = say(
	`The operator does not know ${line}\\.`,
	'Check the identifier\\. Lines of other operators cannot be asked about',
);
const internalError = say(
	`The operator had a fault of its own while it looked up ${line}\\.`,
	'Try again later; if it stays, give the correlator',
);
const unavailable = say(`The operator cannot look up ${line} at the moment\\.`, 'Try again later');

/** Telefónica Device Status v0.4. */
const telefonicaRefusals: Row[] = [
	['INVALID_INPUT', 400, 'you', unreadable],
	['UNAUTHORIZED', 401, 'operator', tokenRefused],
	['FORBIDDEN', 403, 'registration', mayNotAsk],
	['NOT_FOUND', 404, 'you', unknownLine],
	['INTERNAL_SERVER_ERROR', 500, 'operator', internalError],
	['SERVICE_UNAVAILABLE', 503, 'operator', unavailable],
];

describe('Telefónica refuses the question with', () => {
	test.each(telefonicaRefusals)('%s', async (code, status, nextMove, words) => {
		script = [[ROAMING, { status, body: { code, message: `For ${PHONE_NUMBER}` } }]];

		expectError(
			await errorOf(credential()),
			{ code, description, nextMove, status, correlator: aCorrelator },
			words,
		);
	});
});

const quotaExceeded = say('The application has used up what its contract', 'quota raised');
const tooManyRequests = say(
	'The operator was asked too many questions at once\\.',
	'fewer devices',
);

/** CAMARA Device Roaming Status v1.0 and v1.1. */
const camaraRefusals: Row[] = [
	['INVALID_ARGUMENT', 400, 'you', unreadable],
	['UNAUTHENTICATED', 401, 'operator', tokenRefused],
	['PERMISSION_DENIED', 403, 'registration', mayNotAsk],
	['NOT_FOUND', 404, 'you', unknownLine],
	['IDENTIFIER_NOT_FOUND', 404, 'you', unknownLine],
	[
		'SERVICE_NOT_APPLICABLE',
		422,
		'operator',
		say(`The operator does not offer this check for ${line}\\.`, 'Ask the operator which lines'),
	],
	[
		'MISSING_IDENTIFIER',
		422,
		'operator',
		say('The operator cannot tell from the access token which line is meant\\.', 'Client Credent'),
	],
	[
		'UNSUPPORTED_IDENTIFIER',
		422,
		'you',
		say('The operator does not know devices by this kind of identifier\\.', 'by its phone number'),
	],
	[
		'UNNECESSARY_IDENTIFIER',
		422,
		'you',
		say('The access token is for one line already', 'choose another Grant Type.*OAuth2 credential'),
	],
	['QUOTA_EXCEEDED', 429, 'registration', quotaExceeded],
	['TOO_MANY_REQUESTS', 429, 'you', tooManyRequests],
	['INTERNAL', 500, 'operator', internalError],
	['UNAVAILABLE', 503, 'operator', unavailable],
];

describe('an operator of CAMARA refuses the question with', () => {
	test.each(camaraRefusals)('%s', async (code, status, nextMove, words) => {
		script = [[ROAMING, { status, body: { status, code, message: `For ${PHONE_NUMBER}` } }]];
		// Only beside a token for one line can an identifier be missing.
		const authorizationGrant = code === 'MISSING_IDENTIFIER' ? 'ciba' : 'clientCredentials';

		expectError(
			await errorOf(camara({ authorizationGrant })),
			{ code, description, nextMove, status, correlator: aCorrelator },
			words,
		);
	});
});

/** RapidAPI's own refusals have no code; the API behind it has CAMARA's. */
const rapidApiRefusals: Row[] = [
	['UNAUTHENTICATED', 401, 'you', say('The operator does not accept the API Key\\.', 'RapidAPI')],
	[
		'PERMISSION_DENIED',
		403,
		'registration',
		say(`The application may not ask about ${line}\\.`, 'Subscribe it to Network as Code'),
	],
	['TOO_MANY_REQUESTS', 429, 'you', tooManyRequests],
];

describe('Nokia refuses the question with', () => {
	const nokia = () => credential({ operator: 'nokia', apiKey: 'made-up-api-key' });

	test.each(rapidApiRefusals)('%s, in the words of RapidAPI', async (code, status, move, words) => {
		script = [[ROAMING, { status, body: { message: 'You may not do this.' } }]];

		expectError(
			await errorOf(nokia()),
			{
				code,
				description: 'You may not do this.',
				nextMove: move,
				status,
				correlator: aCorrelator,
			},
			words,
		);
	});

	const own = rapidApiRefusals.map(([code]) => code);
	test.each(camaraRefusals.filter(([code]) => !own.includes(code)))(
		'%s',
		async (code, status, nextMove, words) => {
			script = [[ROAMING, { status, body: { status, code, message: 'No' } }]];

			expectError(
				await errorOf(nokia()),
				{ code, description: 'No', nextMove, status, correlator: aCorrelator },
				words,
			);
		},
	);
});

/** The node's own codes, and what provokes each. */
const ownRefusals: {
	code: keyof typeof ownErrors;
	nextMove: NextMove;
	words: RegExp;
	status?: number;
	provoke: () => Promise<ItemError>;
}[] = [
	{
		code: 'INVALID_CREDENTIAL',
		nextMove: 'you',
		words: say('The Client ID is missing\\.', 'Enter it in the credential'),
		provoke: async () => await errorOf(credential({ clientId: '' })),
	},
	{
		code: 'INVALID_DEVICE',
		nextMove: 'you',
		words: say('The phone number is empty\\.', 'like \\+34600123456'),
		provoke: async () => await errorOf(credential(), { phoneNumber: '={{ " " }}' }),
	},
	{
		code: 'UNSUPPORTED_DEVICE',
		nextMove: 'you',
		words: say(
			'The operator does not know a device by its IPv4 address alone\\.',
			'Fill in its Port',
		),
		provoke: async () =>
			await errorOf(camara({ authorizationGrant: 'clientCredentials' }), {
				identifierType: 'ipv4Address',
				ipv4Address: '80.90.34.2',
			}),
	},
	{
		code: 'UNSUPPORTED_DEVICE',
		nextMove: 'you',
		words: say('Telefónica has to be told which line is meant', 'Identify the device'),
		provoke: async () =>
			await errorOf(credential(frontend), { ...toSignIn, identifierType: 'nothing' }),
	},
	{
		code: 'INVALID_OPTION',
		nextMove: 'you',
		words: say('The option Retries is not a whole number\\.', 'there is a good default'),
		provoke: async () =>
			await errorOf(credential(), { phoneNumber: PHONE_NUMBER, options: { retries: 0.5 } }),
	},
	{
		code: 'INVALID_REDIRECT',
		nextMove: 'you',
		words: say('The redirect URI is not a web address\\.', 'production URL of the webhook'),
		provoke: async () =>
			await errorOf(credential(frontend), { ...toSignIn, redirectUri: '/webhook/back' }),
	},
	{
		code: 'INVALID_CALLBACK',
		nextMove: 'you',
		words: say('The state of this callback was altered', 'somebody may have forged the callback'),
		provoke: async () => {
			const state = await stateFor(credential(frontend));
			const altered = (state.startsWith('A') ? 'B' : 'A') + state.slice(1);
			const variables = { state: altered, code: 'made-up-code' };
			return await errorOf(credential(frontend), fromCallback, variables);
		},
	},
	{
		code: 'EXPIRED_CALLBACK',
		nextMove: 'lineOwner',
		words: say('The authorization URL of this callback has expired\\.', 'option Expires After'),
		provoke: async () => {
			const variables = {
				state: await stateFor(credential(frontend), { expiresIn: 1 }),
				code: 'made-up-code',
			};
			await sleep(1100);
			return await errorOf(credential(frontend), fromCallback, variables);
		},
	},
	{
		code: 'NOT_SIGNED_IN',
		nextMove: 'lineOwner',
		words: say('The owner of the line is not signed in', 'connect it again, from the line’s own'),
		provoke: async () =>
			await errorOf(
				{ operator: 'camara', baseUrl: operator.baseUrl, oauthTokenData: '' },
				{ identifierType: 'signedInPhone' },
			),
	},
	{
		code: 'UNREACHABLE',
		nextMove: 'you',
		words: say(
			'The operator at 127\\.0\\.0\\.1:\\d+ cannot be reached \\(ECONNREFUSED\\)\\.',
			'URLs',
		),
		provoke: async () =>
			await errorOf(credential({ baseUrl: `http://127.0.0.1:${await freePort(0)}` })),
	},
	{
		code: 'UNEXPECTED_ANSWER',
		nextMove: 'operator',
		status: 200,
		words: say('The operator’s answer cannot be read: it is not JSON\\.', 'Check the Base URL'),
		provoke: async () => {
			script = [[ROAMING, { body: '<html>Welcome</html>' }]];
			return await errorOf(credential());
		},
	},
];

describe('the node itself says', () => {
	test.each(ownRefusals)('$code', async ({ code, nextMove, status, words, provoke }) => {
		const error = await provoke();
		const asked = code === 'UNREACHABLE' || status !== undefined;
		expectError(
			error,
			{ code, nextMove, status: status ?? null, correlator: asked ? aCorrelator : null },
			words,
		);
	});

	test('TIMEOUT where the operator says nothing', async () => {
		script = [[/bc-authorize$/, 'silence']];

		expectError(
			await errorOf(credential()),
			{ code: 'TIMEOUT', nextMove: 'operator', status: null, correlator: aCorrelator },
			say('The operator at 127\\.0\\.0\\.1:\\d+ did not respond within 1 s\\.', 'Try again later'),
		);
	});

	test.each(['unheard_of', 'constructor', '__proto__'])(
		'what it can where nobody told it the code: %s',
		async (code) => {
			script = [[ROAMING, { status: 400, body: { code, message: 'No' } }]];
			expectError(
				await errorOf(credential()),
				{ code, description: 'No', nextMove: 'operator', status: 400, correlator: aCorrelator },
				say(`The operator refused to answer about ${line}\\.`, 'Look its error code up'),
			);

			script = [[/bc-authorize$/, { status: 400, body: { error: code } }]];
			expectError(
				await errorOf(credential()),
				{ code, nextMove: 'operator', status: 400, correlator: aCorrelator },
				say(`The operator refused to authorize the check of ${line}\\.`, 'Look its error code up'),
			);
		},
	);
});

test('no code that the node has words for is left out above', () => {
	const codesOf = (rows: readonly (readonly [string, ...unknown[]])[]) =>
		[...new Set(rows.map(([code]) => code))].sort();
	const keysOf = (table: object) => Object.keys(table).sort();

	expect(codesOf([...backchannelRefusals, ...pollRefusals, ...callbackRefusals])).toEqual(
		keysOf(authorizationErrors),
	);
	expect(codesOf(telefonicaRefusals)).toEqual(keysOf(operators.telefonica.errors));
	expect(codesOf(camaraRefusals)).toEqual(keysOf(operators.camara.errors));
	expect(codesOf([...rapidApiRefusals, ...camaraRefusals])).toEqual(keysOf(operators.nokia.errors));
	expect([...new Set(ownRefusals.map(({ code }) => code)), 'TIMEOUT'].sort()).toEqual(
		keysOf(ownErrors),
	);
});
