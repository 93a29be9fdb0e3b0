import type { IDataObject } from 'n8n-workflow';
import { subscriberOf } from '../../sandbox/subscribers';
import { openGatewayApi } from '../support/credential';
import { devices } from '../support/devices';
import { runNode } from '../support/engine';
import { pathsAsked, sandboxForSuite } from '../support/suite';

/** A run of several devices, in n8n's engine. */
const sandbox = sandboxForSuite();

const credential = (changes: IDataObject = {}) =>
	openGatewayApi({ baseUrl: sandbox.baseUrls.telefonica, ...changes });
const ON_ERROR = 'continueRegularOutput';
const times = async (path: string) =>
	(await pathsAsked(sandbox)).filter((asked) => asked === path).length;

test('each item gets its own answer, in the order of the items, in whichever order they came', async () => {
	const items = devices(200);
	const { outputs, hints } = await runNode(items, { credential: credential() });

	expect(
		outputs[0]?.map(({ json, pairedItem }) => [json.device, json.roaming, pairedItem]),
	).toEqual(
		items.map(({ phoneNumber }, item) => [
			{ phoneNumber },
			subscriberOf(phoneNumber).status?.roaming,
			{ item },
		]),
	);
	expect(hints).toEqual([]);
});

test('a device is asked about once, and each of its items gets the answer', async () => {
	const [one, other] = devices(2);
	const items = [one!, other!, one!, { phoneNumber: one!.phoneNumber.replace('+34', '0034 ') }];
	const { outputs } = await runNode(items, { credential: credential() });

	expect(outputs[0]?.map(({ json }) => json.device)).toEqual([one, other, one, one]);
	expect(outputs[0]?.map(({ json }) => json.roaming)).toEqual([true, false, true, true]);
	expect(await pathsAsked(sandbox)).toHaveLength(6);
});

test('each item of a device gets its error, too', async () => {
	const items = Array.from({ length: 3 }, () => ({ phoneNumber: '+34600000007' }));
	const { outputs } = await runNode(items, { credential: credential(), onError: ON_ERROR });

	expect(outputs[0]?.map(({ json }) => (json.error as IDataObject).code)).toEqual(
		items.map(() => 'access_denied'),
	);
	expect(await times('bc-authorize')).toBe(1);
});

test('one hint sums up the items that got no answer', async () => {
	const items = [...devices(3), { phoneNumber: '+34600000007' }, { phoneNumber: '' }];
	const { hints } = await runNode(items, { credential: credential(), onError: ON_ERROR });

	expect(hints).toMatchObject([{ type: 'warning', location: 'outputPane' }]);
	expect(hints[0]?.message).toMatch(
		/^2 of 5 items have no answer, but a field 'error' in its place: 1 × The identifier of the device .*, 1 × The owner of the device has not consented/,
	);
});

test('the discovery document of an operator is read once', async () => {
	const discoveryUrl = `${sandbox.baseUrls.camara}/.well-known/openid-configuration`;
	const changes = { operator: 'camara', baseUrl: sandbox.baseUrls.camara, discoveryUrl };
	for (let run = 0; run < 2; run++) {
		await runNode(devices(10), { credential: credential(changes) });
	}

	expect(await times('openid-configuration')).toBe(1);
});
