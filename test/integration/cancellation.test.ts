import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { openGatewayApi } from '../support/credential';
import { devices } from '../support/devices';
import { runNode } from '../support/engine';
import { startScriptedOperator, type ScriptedAnswer } from '../support/scriptedOperator';
import { pathsAsked, sandboxForSuite } from '../support/suite';

const sandbox = sandboxForSuite();
const credential = () => openGatewayApi({ baseUrl: sandbox.baseUrls.telefonica });
const ON_ERROR = 'continueRegularOutput';

/** Resolves as soon as the sandbox was polled this often. */
async function polled(times: number): Promise<void> {
	while ((await pathsAsked(sandbox)).filter((path) => path === 'token').length < times) {
		await sleep(20);
	}
}

test('a cancelled execution polls no more', async () => {
	await sandbox.setPolling({ intervalS: 1, pending: 100 });
	const { status } = await runNode(devices(2), {
		credential: credential(),
		onError: ON_ERROR,
		cancelWhen: polled(2),
	});
	await sleep(200);
	const seen = (await sandbox.exchanges()).length;
	// Longer than the interval, after which the next poll would come.
	await sleep(1500);
	await sandbox.setPolling({});

	expect(status).toBe('canceled');
	expect(await sandbox.exchanges()).toHaveLength(seen);
});

test.each<[waits: string, answer: ScriptedAnswer | 'silence']>([
	['until the operator wants to be asked again', { status: 503, headers: { 'retry-after': '1' } }],
	['for a response', 'silence'],
])('a cancelled execution waits no longer %s, and sends nothing more', async (_waits, answer) => {
	const operator = await startScriptedOperator(() => answer);
	const cancelWhen = (async () => {
		while (operator.received.length === 0) await sleep(10);
		await sleep(200);
		return Date.now();
	})();
	const { status } = await runNode(devices(1), {
		credential: openGatewayApi({ baseUrl: operator.baseUrl }),
		onError: ON_ERROR,
		cancelWhen,
	});
	const lasted = Date.now() - (await cancelWhen);
	// Longer than the operator wants to be left alone.
	await sleep(1200);
	await operator.close();

	expect(status).toBe('canceled');
	expect(lasted).toBeLessThan(700);
	expect(operator.received).toHaveLength(1);
});

test('a cancelled execution leaves another that waits for the same token to obtain it itself', async () => {
	const items = devices(1);
	const setting = { credential: credential(), credentialId: randomUUID() };
	await sandbox.setPolling({ intervalS: 1, pending: 2 });
	const cancelled = runNode(items, { ...setting, cancelWhen: polled(1) });
	await polled(1);
	const { outputs } = await runNode(items, setting);
	await sandbox.setPolling({});

	expect((await cancelled).status).toBe('canceled');
	expect(outputs[0]?.[0]?.json.roaming).toBe(true);
});
