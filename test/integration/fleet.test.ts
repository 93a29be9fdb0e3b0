import { setTimeout as sleep } from 'node:timers/promises';
import type { IDataObject } from 'n8n-workflow';
import { openGatewayApi } from '../support/credential';
import { devices } from '../support/devices';
import { runNode } from '../support/engine';
import { startSandbox } from '../../sandbox/client';
import { startScriptedOperator } from '../support/scriptedOperator';
import { sandboxForSuite } from '../support/suite';

/** A run of very many devices, in n8n's engine: what it does to the operator, and the operator to it. */
const sandbox = sandboxForSuite();
beforeEach(async () => await sandbox.forgetStatistics());

const credential = (changes: IDataObject = {}) =>
	openGatewayApi({ baseUrl: sandbox.baseUrls.telefonica, ...changes });
const parameters = { phoneNumber: '={{ $json.phoneNumber }}' };
const onError = 'continueRegularOutput';

test.each([1, 7, 100])(
	'has at most %i requests in flight at the operator',
	async (maxConcurrency) => {
		await sandbox.setLatency(20);
		await runNode(devices(Math.min(30 * maxConcurrency, 300)), {
			credential: credential(),
			parameters: { ...parameters, options: { maxConcurrency } },
		});
		await sandbox.setLatency(0);

		const { inFlight } = await sandbox.statistics();
		console.log(`${maxConcurrency} allowed, ${inFlight.peak} in flight at most.`);
		expect(inFlight.peak).toBeLessThanOrEqual(maxConcurrency);
		// More than the ten it begins with, where that many are allowed.
		expect(inFlight.peak).toBeGreaterThanOrEqual(Math.min(maxConcurrency, 15));
	},
);

test('an operator that takes only so many requests a second answers all', async () => {
	await sandbox.setRate(100);
	const items = devices(100);
	const { outputs, hints } = await runNode(items, {
		credential: credential(),
		parameters,
		onError,
	});
	await sandbox.setRate();

	const { answers } = await sandbox.statistics();
	console.log(`Of ${items.length} devices: answers by HTTP status ${JSON.stringify(answers)}.`);
	expect(outputs[0]?.filter(({ json }) => 'error' in json)).toEqual([]);
	if (answers['429']) expect(hints[0]?.message).toContain(`${answers['429']} × HTTP 429`);
});

test('an operator that is gone keeps a large run waiting no longer than a small one', async () => {
	const items = devices(2000);
	const gone = await startScriptedOperator(() => 'silence');
	await gone.close();
	const { outputs } = await runNode(items, {
		credential: openGatewayApi({ baseUrl: gone.baseUrl }),
		parameters: { ...parameters, options: { retries: 1 } },
		onError,
	});

	expect(outputs[0]?.map(({ json }) => (json.error as IDataObject).code)).toEqual(
		items.map(() => 'UNREACHABLE'),
	);
});

test('an operator that goes away in the middle leaves every item with an answer or an error', async () => {
	const operator = await startSandbox({ latencyMs: 10 });
	const items = Array.from({ length: 50 }, (_, number) => ({
		phoneNumber: `+34600${String(number).padStart(3, '0')}001`,
	}));
	const run = runNode(items, {
		credential: credential({ baseUrl: operator.baseUrls.telefonica }),
		parameters,
		onError: 'continueRegularOutput',
	});
	while ((await operator.exchanges()).length < 60) await sleep(5);
	await operator.kill();

	const { outputs } = await run;
	const answers = outputs[0]?.filter(({ json }) => json.roaming === true) ?? [];
	const errors = outputs[0]?.filter(({ json }) => 'error' in json) ?? [];
	expect(outputs[0]?.map(({ pairedItem }) => pairedItem)).toEqual(
		items.map((_, item) => ({ item })),
	);
	expect(answers.length).toBeGreaterThan(0);
	expect(errors.length).toBeGreaterThan(0);
	expect(answers.length + errors.length).toBe(50);
	expect(errors.map(({ json }) => (json.error as { code: string }).code)).toEqual(
		errors.map(() => 'UNREACHABLE'),
	);
});
