import type { ICredentialDataDecryptedObject, IDataObject, INodeParameters } from 'n8n-workflow';
import { runNode } from '../support/engine';
import {
	startScriptedOperator,
	type ScriptedAnswer,
	type ScriptedOperator,
} from '../support/scriptedOperator';

/** A line whose owner signed in: n8n keeps its tokens, and brings them to the operator. */
let operator: ScriptedOperator;
/** To the token that is kept, and to the refresh token. */
let toKept: ScriptedAnswer;
let toRefresh: ScriptedAnswer;

beforeEach(async () => {
	toKept = { body: { roaming: false } };
	toRefresh = { body: { access_token: 'renewed', token_type: 'Bearer' } };
	operator = await startScriptedOperator(({ path, headers }) => {
		if (path === '/token') return toRefresh;
		return headers.authorization === 'Bearer kept' ? toKept : { body: { roaming: true } };
	});
});
afterEach(async () => await operator.close());

const credential = (changes: IDataObject = {}) =>
	({
		operator: 'camara',
		baseUrl: operator.baseUrl,
		grantType: 'pkce',
		authentication: 'header',
		clientId: 'made-up-id',
		clientSecret: 'made-up-secret',
		accessTokenUrl: `${operator.baseUrl}/token`,
		oauthTokenData: { access_token: 'kept', refresh_token: 'refresh', token_type: 'Bearer' },
		...changes,
	}) as ICredentialDataDecryptedObject;

const run = async (
	changes: IDataObject = {},
	parameters: INodeParameters = { identifierType: 'signedInPhone' },
	items: IDataObject[] = [{}],
) => {
	const { outputs } = await runNode(items, {
		credential: credential(changes),
		parameters: { ...parameters, options: { retries: 0 } },
		onError: 'continueRegularOutput',
	});
	return outputs[0]?.map(({ json }) => json) ?? [];
};

const isRefused = (code: string, message: RegExp) => [
	{
		error: expect.objectContaining({
			code,
			message: expect.stringMatching(message) as string,
		}) as object,
	},
];

test('is asked about with its token alone, and no answer names it', async () => {
	expect(await run()).toMatchObject([{ device: null, roaming: false }]);
	expect(operator.received).toMatchObject([
		{
			method: 'POST',
			path: '/device-roaming-status/v1/retrieve',
			headers: { authorization: 'Bearer kept', 'content-type': 'application/json' },
			body: '{}',
		},
	]);
});

test('is asked about once, for however many items', async () => {
	expect(await run({}, { identifierType: 'signedInPhone' }, [{}, {}, {}])).toHaveLength(3);
	expect(operator.received).toHaveLength(1);
});

test('is named where the operator compares it with the token', async () => {
	const named = { phoneNumber: '+34600000001' };
	expect(await run({ operator: 'telefonica' }, named)).toMatchObject([
		{ device: { phoneNumber: '+34600000001' }, roaming: false },
	]);
	expect(operator.received).toMatchObject([{ body: '{"ueId":{"msisdn":"+34600000001"}}' }]);
});

test('may not be named where the operator would not compare it', async () => {
	const named = { phoneNumber: '+34600000001' };
	expect(await run({}, named)).toEqual(
		isRefused('UNSUPPORTED_DEVICE', /is for one phone.*Signed-In Phone/),
	);
	expect(operator.received).toEqual([]);
});

test('stays signed in where its token has expired', async () => {
	toKept = { status: 401, body: { code: 'UNAUTHENTICATED' } };
	expect(await run()).toMatchObject([{ roaming: true }]);
	const refreshed = operator.received.filter(({ path }) => path === '/token');
	expect(refreshed.map(({ body }) => new URLSearchParams(body).get('refresh_token'))).toEqual([
		'refresh',
	]);
	expect(operator.received.at(-1)?.headers.authorization).toBe('Bearer renewed');
});

test('has to sign in again where its token cannot be renewed', async () => {
	toKept = { status: 401, body: { code: 'UNAUTHENTICATED' } };
	toRefresh = { status: 400, body: { error: 'invalid_grant' } };
	expect(await run()).toEqual(isRefused('NOT_SIGNED_IN', /connect it again/));
});

test('has to sign in where nobody has yet', async () => {
	expect(await run({ oauthTokenData: '' })).toEqual(isRefused('NOT_SIGNED_IN', /connect it again/));
	expect(operator.received).toEqual([]);
});

test.each([
	[403, 'PERMISSION_DENIED', /may not ask about the line that signed in/],
	[404, 'IDENTIFIER_NOT_FOUND', /does not know the line that signed in/],
	[503, 'UNAVAILABLE', /cannot look up the line that signed in/],
])('is told of a refusal in a person’s words: HTTP %i %s', async (status, code, words) => {
	toKept = { status, body: { code } };
	expect(await run()).toEqual(isRefused(code, words));
	expect(operator.received).toHaveLength(1);
});

test('is not asked about where a redirect points: its token would go there', async () => {
	const elsewhere = await startScriptedOperator(() => ({ body: { roaming: true } }));
	const headers = { location: `${elsewhere.baseUrl}/device-roaming-status/v1/retrieve` };
	toKept = { status: 307, headers, body: '' };
	expect(await run()).toEqual(isRefused('UNEXPECTED_ANSWER', /HTTP 307 without an error code/));
	await elsewhere.close();
	expect(elsewhere.received).toEqual([]);
});

test('is told where nothing answers', async () => {
	expect(await run({ baseUrl: 'http://127.0.0.1:1' })).toEqual(
		isRefused('UNREACHABLE', /127\.0\.0\.1:1 cannot be reached/),
	);
});
