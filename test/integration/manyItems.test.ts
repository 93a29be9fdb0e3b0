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
const parameters = { phoneNumber: '={{ $json.phoneNumber }}' };
const onError = 'continueRegularOutput';

describe('a run of several devices', () => {
	test('gives each its own answer, in the order of the items, whichever came first', async () => {
		const items = devices(200);
		const { outputs } = await runNode(items, { credential: credential(), parameters });

		expect(
			outputs[0]?.map(({ json, pairedItem }) => [json.device, json.roaming, pairedItem]),
		).toEqual(
			items.map(({ phoneNumber }, item) => [
				{ phoneNumber },
				subscriberOf(phoneNumber).status?.roaming,
				{ item },
			]),
		);
	});

	test('asks about the same device once, and gives each of its items the answer', async () => {
		const [one, other] = devices(2);
		const items = [one!, other!, one!, { phoneNumber: one!.phoneNumber.replace('+34', '0034 ') }];
		const { outputs } = await runNode(items, { credential: credential(), parameters });

		expect(outputs[0]?.map(({ json }) => json.device)).toEqual([one, other, one, one]);
		expect(outputs[0]?.map(({ json }) => json.roaming)).toEqual([true, false, true, true]);
		expect(await pathsAsked(sandbox)).toHaveLength(6);
	});

	test('gives each item of the same device the error, too', async () => {
		const items = Array.from({ length: 3 }, () => ({ phoneNumber: '+34600000007' }));
		const { outputs } = await runNode(items, { credential: credential(), parameters, onError });

		expect(outputs[0]?.map(({ json }) => (json.error as IDataObject).code)).toEqual([
			'access_denied',
			'access_denied',
			'access_denied',
		]);
		expect((await pathsAsked(sandbox)).filter((path) => path === 'bc-authorize')).toHaveLength(1);
	});

	test('is summed up in one hint where something failed', async () => {
		const items = [...devices(3), { phoneNumber: '+34600000007' }, { phoneNumber: '' }];
		const { hints } = await runNode(items, { credential: credential(), parameters, onError });

		expect(hints).toEqual([
			{
				message: '2 of 5 items got no answer: 1 × INVALID_DEVICE, 1 × access_denied.',
				type: 'warning',
				location: 'outputPane',
			},
		]);
	});

	test('has no hint where all went well', async () => {
		const { hints } = await runNode(devices(3), { credential: credential(), parameters });
		expect(hints).toEqual([]);
	});

	test('reads what an operator publishes about itself once', async () => {
		const discoveryUrl = `${sandbox.baseUrls.camara}/.well-known/openid-configuration`;
		await runNode(devices(10), {
			credential: credential({
				operator: 'camara',
				baseUrl: sandbox.baseUrls.camara,
				discoveryUrl,
			}),
			parameters,
		});
		expect(
			(await pathsAsked(sandbox)).filter((path) => path === 'openid-configuration'),
		).toHaveLength(1);
	});
});
