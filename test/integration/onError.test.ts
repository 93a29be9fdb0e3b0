import { setTimeout as sleep } from 'node:timers/promises';
import { authorizationErrors } from '../../nodes/OpenGateway/authorization/authorizationErrors';
import { deviceInWords, parsePhoneNumber } from '../../nodes/OpenGateway/device';
import { openGatewayApi } from '../support/credential';
import { runNode } from '../support/engine';
import { textOf } from '../support/refusal';
import { sandboxForSuite } from '../support/suite';

const sandbox = sandboxForSuite();
const credential = () => openGatewayApi({ baseUrl: sandbox.baseUrls.telefonica });
const parameters = { options: { retries: 0 } };

test.each([
	{
		why: 'the phone’s owner has not consented',
		phoneNumber: '+34600000007',
		error: { code: 'access_denied', nextMove: 'lineOwner', status: 400 },
	},
	{
		why: 'the operator does not know the device',
		phoneNumber: '+34600000009',
		error: { code: 'unknown_user_id', nextMove: 'you', status: 400 },
	},
	{
		why: 'the network is unavailable',
		phoneNumber: '+34600000000',
		error: { code: 'SERVICE_UNAVAILABLE', nextMove: 'operator', status: 503 },
	},
])('"Continue" gives the item an error if $why', async ({ phoneNumber, error }) => {
	const { outputs } = await runNode([{ phoneNumber }], {
		credential: credential(),
		parameters,
		onError: 'continueRegularOutput',
	});

	const message = expect.stringContaining(phoneNumber.slice(-3)) as string;
	const description = await refusalOf('description');
	const correlator = await refusalOf('correlator');
	expect(outputs[0]).toEqual([
		{
			json: { phoneNumber, error: { ...error, message, description, correlator } },
			pairedItem: { item: 0 },
		},
	]);
});

/** What the operator said of the first request that it refused. */
async function refusalOf(what: 'description' | 'correlator'): Promise<string> {
	const refused = (await sandbox.exchanges()).find(({ status }) => status >= 400)!;
	if (what === 'correlator') return String(refused.answerHeaders['x-correlator']);
	const { error_description, message } = JSON.parse(refused.answer) as Record<string, string>;
	return String(error_description ?? message);
}

test('"Continue" keeps what came in with a failed item', async () => {
	const customer = { name: 'Ana', error: 'of an earlier node' };
	const { outputs } = await runNode([{ phoneNumber: '+34600000007', customer, error: 'before' }], {
		credential: credential(),
		parameters,
		onError: 'continueRegularOutput',
	});

	const error = expect.objectContaining({ code: 'access_denied' }) as object;
	expect(outputs[0]?.map(({ json }) => json)).toEqual([
		{ phoneNumber: '+34600000007', customer, error },
	]);
});

test('"Continue" answers all other items', async () => {
	const items = ['1', '7', '2', '9'].map((ending) => ({ phoneNumber: `+3460000000${ending}` }));
	const { outputs } = await runNode(items, {
		credential: credential(),
		parameters,
		onError: 'continueRegularOutput',
	});

	expect(outputs[0]?.map(({ json, pairedItem }) => ['error' in json, pairedItem])).toEqual(
		[false, true, false, true].map((isError, item) => [isError, { item }]),
	);
});

test('"Continue (using error output)" sends failed items there, with what came in', async () => {
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
		{ ...items[1], error: expect.objectContaining({ code: 'access_denied' }) as object },
	]);
});

test('otherwise the node stops at the first error, and shows all that is known of it', async () => {
	const items = ['7', ...Array<string>(50).fill('1')].map((ending, index) => ({
		phoneNumber: `+34600000${String(index).padStart(2, '0')}${ending}`,
	}));
	const { error, status } = await runNode(items, { credential: credential(), parameters });

	expect(status).toBe('error');
	expect(error?.httpCode).toBe('400');
	const device = deviceInWords({ phoneNumber: parsePhoneNumber(items[0]!.phoneNumber) });
	const shown = `${error?.message} ${error?.description}`;
	expect(shown).toContain(textOf(authorizationErrors.access_denied!, device));
	const told = [await refusalOf('description'), await refusalOf('correlator')];
	for (const known of ['HTTP 400', 'access_denied', ...told]) {
		expect(error?.description).toContain(known);
	}
	// Requests in flight when it stopped may still arrive.
	await sleep(200);
	const asked = (await sandbox.exchanges()).length;
	expect(asked).toBeLessThan(50);
	await sleep(200);
	expect(await sandbox.exchanges()).toHaveLength(asked);
});
