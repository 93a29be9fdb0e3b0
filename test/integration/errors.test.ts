import { setTimeout as sleep } from 'node:timers/promises';
import { openGatewayApi } from '../support/credential';
import { runNode } from '../support/engine';
import { startScriptedOperator } from '../support/scriptedOperator';
import { sandboxForSuite } from '../support/suite';

const sandbox = sandboxForSuite();
const credential = (changes = {}) =>
	openGatewayApi({ baseUrl: sandbox.baseUrls.telefonica, ...changes });
const parameters = { phoneNumber: '={{ $json.phoneNumber }}' };
const aCorrelator = expect.stringMatching(/^[\da-f-]{36}$/);

const refusals = [
	{
		why: 'the owner has not consented',
		phoneNumber: '+34600000007',
		error: {
			code: 'access_denied',
			description: "the phone's owner has not consented",
			nextMove: 'lineOwner',
			status: 400,
			message: /owner of the line \+346•••••007.*consent/,
		},
	},
	{
		why: 'the line is unknown',
		phoneNumber: '+34600000009',
		error: {
			code: 'unknown_user_id',
			description: 'could not identify end-user',
			nextMove: 'you',
			status: 400,
			message: /\+346•••••009 is not a customer/,
		},
	},
	{
		why: 'the network is unavailable',
		phoneNumber: '+34600000000',
		error: {
			code: 'SERVICE_UNAVAILABLE',
			description: 'The network is unavailable',
			nextMove: 'operator',
			status: 503,
			message: /Try again later/,
		},
	},
];

test.each(refusals)('says so where $why', async ({ phoneNumber, error }) => {
	const { outputs } = await runNode([{ phoneNumber }], {
		credential: credential(),
		parameters: { ...parameters, options: { retries: 0 } },
		onError: 'continueRegularOutput',
	});

	expect(outputs[0]).toEqual([
		{
			json: {
				error: {
					...error,
					message: expect.stringMatching(error.message),
					correlator: aCorrelator,
				},
			},
			pairedItem: { item: 0 },
		},
	]);
});

test('answers all other items where "On Error" is "Continue"', async () => {
	const items = ['1', '7', '2', '9'].map((ending) => ({ phoneNumber: `+3460000000${ending}` }));
	const { outputs } = await runNode(items, {
		credential: credential(),
		parameters,
		onError: 'continueRegularOutput',
	});

	expect(outputs[0]?.map(({ json }) => Object.hasOwn(json, 'error'))).toEqual([
		false,
		true,
		false,
		true,
	]);
	expect(outputs[0]?.map(({ pairedItem }) => pairedItem)).toEqual(
		[0, 1, 2, 3].map((item) => ({ item })),
	);
});

test('sends failed items to the error output, with what came in', async () => {
	const items = ['1', '7'].map((ending) => ({
		phoneNumber: `+3460000000${ending}`,
		customer: ending,
	}));
	const { outputs } = await runNode(items, {
		credential: credential(),
		parameters,
		onError: 'continueErrorOutput',
	});

	const [answers, errors] = outputs;
	expect(answers?.map(({ json }) => json.roaming)).toEqual([true]);
	expect(errors?.map(({ json }) => json)).toEqual([
		{ ...items[1], error: expect.objectContaining({ code: 'access_denied' }) },
	]);
});

test('stops at the first failure otherwise, and says what happened and what to do', async () => {
	const items = ['7', ...Array<string>(50).fill('1')].map((ending, index) => ({
		phoneNumber: `+34600000${String(index).padStart(2, '0')}${ending}`,
	}));
	const { error, status } = await runNode(items, { credential: credential(), parameters });

	expect(status).toBe('error');
	expect(error).toMatchObject({
		message: 'The owner of the line +346•••••007 has not consented to this check.',
		description: expect.stringMatching(
			/captures consent outside this flow.*\. Next move: the line’s owner\. The operator answered HTTP 400 access_denied\. In its words: “the phone's owner has not consented”\. Correlator: [\da-f-]{36}\.$/,
		),
		httpCode: '400',
	});
	// What was on its way when it stopped may still arrive.
	await sleep(200);
	const asked = (await sandbox.exchanges()).length;
	expect(asked).toBeLessThan(50);
	await sleep(200);
	expect(await sandbox.exchanges()).toHaveLength(asked);
});

test('refuses a network access identifier before any request, and names what works', async () => {
	const { error } = await runNode([{}], {
		credential: credential(),
		parameters: {
			identifierType: 'networkAccessIdentifier',
			networkAccessIdentifier: '123456781@domain.com',
		},
	});

	expect(error?.description).toMatch(/phone number, IPv4 address or IPv6 address/);
	expect(await sandbox.exchanges()).toEqual([]);
});

test.each([
	['Base URL', { baseUrl: 'api.example.com' }, /Base URL is not a web address/],
	['Base URL', { baseUrl: 'http://api.example.com' }, /Base URL is not encrypted/],
	['Base URL', { baseUrl: 'https://id:word@api.example.com' }, /more than host and path/],
	['Client ID', { clientId: '' }, /Client ID is missing/],
	['Client Secret', { clientSecret: '' }, /Client Secret is missing/],
	['Operator', { operator: 'toString' }, /Operator is not one of/],
	['Purpose', { purpose: 'Fun' }, /Purpose is not a known one/],
])('refuses a credential whose %s cannot be right', async (_field, changes, message) => {
	const { error } = await runNode([{ phoneNumber: '+34600000001' }], {
		credential: credential(changes),
		parameters,
	});

	expect(error?.message).toMatch(message);
	expect(await sandbox.exchanges()).toEqual([]);
});

test('takes a Base URL with trailing slashes and spaces around it', async () => {
	const { outputs } = await runNode([{ phoneNumber: '+34600000001' }], {
		credential: credential({ baseUrl: ` ${sandbox.baseUrls.telefonica}// ` }),
		parameters,
	});

	expect(outputs[0]?.[0]?.json.roaming).toBe(true);
});

test('a cancelled execution stops polling', async () => {
	const cancelWhen = (async () => {
		while ((await sandbox.exchanges()).length < 2) await sleep(20);
	})();
	await runNode([{ phoneNumber: '+34600000008' }, { phoneNumber: '+34600000001' }], {
		credential: credential(),
		parameters,
		onError: 'continueRegularOutput',
		cancelWhen,
	});

	await sleep(200);
	const seen = (await sandbox.exchanges()).length;
	// Longer than the polling interval of the sandbox, after which the next poll would come.
	await sleep(1500);
	expect(await sandbox.exchanges()).toHaveLength(seen);
});

test('no secret goes where a redirect points', async () => {
	const elsewhere = await startScriptedOperator(() => ({ body: { auth_req_id: 'made-up' } }));
	const headers = { location: `${elsewhere.baseUrl}/bc-authorize` };
	const operator = await startScriptedOperator(() => ({ status: 307, headers, body: '' }));
	const { error } = await runNode([{ phoneNumber: '+34600000001' }], {
		credential: credential({ baseUrl: operator.baseUrl }),
		parameters,
	});
	await Promise.all([operator.close(), elsewhere.close()]);

	expect(error?.message).toMatch(/HTTP 307 without an OAuth error code/);
	expect(operator.received).toHaveLength(1);
	expect(elsewhere.received).toEqual([]);
});
