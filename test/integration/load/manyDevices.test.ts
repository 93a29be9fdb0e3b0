import { setTimeout as sleep } from 'node:timers/promises';
import type { IDataObject } from 'n8n-workflow';
import { startSandbox } from '../../../sandbox/client';
import { openGatewayApi } from '../../support/credential';
import { devices } from '../../support/devices';
import { runNode } from '../../support/engine';
import { startScriptedOperator } from '../../support/scriptedOperator';
import { sandboxForSuite } from '../../support/suite';

/** Runs of many devices, in n8n's engine: the load on the operator, and its effect on the run. */
const sandbox = sandboxForSuite();
beforeEach(async () => await sandbox.forgetStatistics());

const credential = (changes: IDataObject = {}) =>
	openGatewayApi({ baseUrl: sandbox.baseUrls.telefonica, ...changes });
const ON_ERROR = 'continueRegularOutput';
const codeOf = (json: IDataObject) => (json.error as IDataObject | undefined)?.code;

test.each([1, 7, 100])('at most %i requests are in flight', async (maxConcurrency) => {
	await sandbox.setLatency(20);
	await runNode(devices(Math.min(30 * maxConcurrency, 300)), {
		credential: credential(),
		parameters: { options: { maxConcurrency } },
	});
	await sandbox.setLatency(0);

	const { inFlight } = await sandbox.statistics();
	expect(inFlight.peak).toBeLessThanOrEqual(maxConcurrency);
	// More than the initial ten, if that many are allowed.
	expect(inFlight.peak).toBeGreaterThanOrEqual(Math.min(maxConcurrency, 15));
});

test('an operator with a rate limit answers all', async () => {
	await sandbox.setRate(100);
	const { outputs, hints } = await runNode(devices(100), {
		credential: credential(),
		onError: ON_ERROR,
	});
	await sandbox.setRate();

	const { answers } = await sandbox.statistics();
	expect(outputs[0]?.filter(({ json }) => 'error' in json)).toEqual([]);
	if (answers['429']) expect(hints[0]?.message).toContain(`${answers['429']} × HTTP 429`);
});

test('an operator that is gone keeps a large run waiting no longer than a small one', async () => {
	const items = devices(2000);
	const gone = await startScriptedOperator(() => 'silence');
	await gone.close();
	const { outputs } = await runNode(items, {
		credential: credential({ baseUrl: gone.baseUrl }),
		parameters: { options: { retries: 1 } },
		onError: ON_ERROR,
	});

	expect(outputs[0]?.map(({ json }) => codeOf(json))).toEqual(items.map(() => 'UNREACHABLE'));
});

test('an operator that goes away in the middle leaves every item with an answer or an error', async () => {
	const operator = await startSandbox({ latencyMs: 10 });
	const items = devices(50);
	const run = runNode(items, {
		credential: credential({ baseUrl: operator.baseUrls.telefonica }),
		onError: ON_ERROR,
	});
	while ((await operator.exchanges()).length < 60) await sleep(5);
	await operator.kill();

	const { outputs } = await run;
	expect(outputs[0]?.map(({ pairedItem }) => pairedItem)).toEqual(
		items.map((_, item) => ({ item })),
	);
	const codes = outputs[0]?.map(({ json }) => codeOf(json) ?? typeof json.roaming);
	expect([...new Set(codes)].sort()).toEqual(['UNREACHABLE', 'boolean']);
});
