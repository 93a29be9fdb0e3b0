import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { freePort } from '../../localN8n/process/ports';
import { deviceInWords } from '../../nodes/OpenGateway/device';
import { operators } from '../../nodes/OpenGateway/operators';
import { KEPT_TOKEN, signedIn } from '../support/credential';
import { runNode } from '../support/engine';
import { textOf } from '../support/refusal';
import {
	startScriptedOperator,
	type ScriptedAnswer,
	type ScriptedOperator,
} from '../support/scriptedOperator';

/** A phone whose owner connected the OAuth2 credential: n8n keeps its tokens, and sends them. */
let operator: ScriptedOperator;
/** The responses to the kept token, and to the refresh token. */
let toKept: ScriptedAnswer;
let toRefresh: ScriptedAnswer;

beforeEach(async () => {
	toKept = { body: { roaming: false } };
	toRefresh = { body: { access_token: 'renewed', token_type: 'Bearer' } };
	operator = await startScriptedOperator(({ path, headers }) => {
		if (path === '/token') return toRefresh;
		return headers.authorization === `Bearer ${KEPT_TOKEN}` ? toKept : { body: { roaming: true } };
	});
});
afterEach(async () => await operator.close());

const run = async (
	changes: IDataObject = {},
	parameters: INodeParameters = { identifierType: 'signedInPhone' },
	items: IDataObject[] = [{}],
) => {
	const { outputs } = await runNode(items, {
		credential: signedIn(operator.baseUrl, changes),
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

test('a signed-in phone is asked about with its token alone, and is not named in the output', async () => {
	expect(await run()).toMatchObject([{ device: null, roaming: false }]);
	expect(operator.received).toMatchObject([
		{
			method: 'POST',
			path: '/device-roaming-status/v1/retrieve',
			headers: { authorization: `Bearer ${KEPT_TOKEN}`, 'content-type': 'application/json' },
			body: '{}',
		},
	]);
});

test('a signed-in phone is asked about once, however many items there are', async () => {
	expect(await run({}, { identifierType: 'signedInPhone' }, [{}, {}, {}])).toHaveLength(3);
	expect(operator.received).toHaveLength(1);
});

test('a signed-in phone is named if the operator compares it with the token', async () => {
	const named = { phoneNumber: '+34600000001' };
	expect(await run({ operator: 'telefonica' }, named)).toMatchObject([
		{ device: { phoneNumber: '+34600000001' }, roaming: false },
	]);
	expect(operator.received).toMatchObject([{ body: '{"ueId":{"msisdn":"+34600000001"}}' }]);
});

test('a signed-in phone may not be named if the operator would not compare it', async () => {
	const named = { phoneNumber: '+34600000001' };
	expect(await run({}, named)).toEqual(isRefused('UNSUPPORTED_DEVICE', /Signed-In Phone/));
	expect(operator.received).toEqual([]);
});

test.each([
	['camara', { apiVersion: 'v0.6' }, '/device-roaming-status/v0.6/retrieve'],
	['camara', { apiVersion: 'v0' }, '/device-roaming-status/v0/retrieve'],
	['orange', {}, '/device-roaming-status/v0.6/retrieve'],
])('a signed-in phone is asked about in the version of %s %j', async (name, choice, path) => {
	const baseUrl = operator.baseUrl + path;
	expect(await run({ operator: name, ...choice, baseUrl })).toMatchObject([{ roaming: false }]);
	expect(operator.received).toMatchObject([{ path, body: '{}' }]);
});

test('a signed-in phone is named in v0.5, whose requests always name it', async () => {
	const v05 = { apiVersion: 'v0.5' };
	expect(await run(v05)).toEqual(isRefused('UNSUPPORTED_DEVICE', /Identify Device By/));
	const device = { phoneNumber: '+34600000001' };
	expect(await run(v05, device)).toMatchObject([{ device, roaming: false }]);
	expect(operator.received).toMatchObject([
		{ path: '/device-status/v0/roaming', body: JSON.stringify({ device }) },
	]);
});

test.each([401, 403])(
	'a signed-in phone stays signed in if its token is refused with HTTP %i',
	async (status) => {
		toKept = { status, body: { code: 'UNAUTHENTICATED' } };
		expect(await run()).toMatchObject([{ roaming: true }]);
		const refreshed = operator.received.filter(({ path }) => path === '/token');
		expect(refreshed.map(({ body }) => new URLSearchParams(body).get('refresh_token'))).toEqual([
			'refresh',
		]);
		expect(operator.received.at(-1)?.headers.authorization).toBe('Bearer renewed');
	},
);

test('a signed-in phone has to sign in again if its token cannot be renewed', async () => {
	toKept = { status: 401, body: { code: 'UNAUTHENTICATED' } };
	toRefresh = { status: 400, body: { error: 'invalid_grant' } };
	expect(await run()).toEqual(isRefused('NOT_SIGNED_IN', /OAuth2 credential/));
});

test('a signed-in phone whose token is refused with HTTP 403, and cannot be renewed, has that refusal', async () => {
	toKept = { status: 403, body: { code: 'PERMISSION_DENIED' } };
	toRefresh = { status: 400, body: { error: 'invalid_grant' } };
	expect(await run()).toEqual(isRefused('PERMISSION_DENIED', /may not ask/));
	expect(operator.received.map(({ path }) => path.split('/').at(-1))).toEqual([
		'retrieve',
		'token',
	]);
});

test('a signed-in phone has to sign in first', async () => {
	expect(await run({ oauthTokenData: '' })).toEqual(
		isRefused('NOT_SIGNED_IN', /OAuth2 credential/),
	);
	expect(operator.received).toEqual([]);
});

test.each([
	[404, 'IDENTIFIER_NOT_FOUND'],
	[503, 'UNAVAILABLE'],
])(
	'a refusal of a signed-in phone is told in the words of the operator’s table: HTTP %i %s',
	async (status, code) => {
		toKept = { status, body: { code } };
		expect(await run()).toMatchObject([
			{
				error: { code, message: textOf(operators.camara.errors[code]!, deviceInWords(undefined)) },
			},
		]);
		expect(operator.received).toHaveLength(1);
	},
);

test('an operator that cannot be reached is named', async () => {
	const baseUrl = `http://127.0.0.1:${await freePort(0)}`;
	expect(await run({ baseUrl })).toEqual(isRefused('UNREACHABLE', /127\.0\.0\.1/));
});
