import { setTimeout as sleep } from 'node:timers/promises';
import { openGatewayApi } from '../support/credential';
import { runNode } from '../support/engine';
import { sandboxForSuite } from '../support/suite';

const sandbox = sandboxForSuite();
const credential = () => openGatewayApi({ baseUrl: sandbox.baseUrls.telefonica });

/** When each poll reached the operator, in ms since the epoch. */
async function polls(): Promise<number[]> {
	const exchanges = await sandbox.exchanges();
	return exchanges.filter(({ path }) => path.endsWith('/token')).map(({ at }) => Date.parse(at));
}

test('polls no sooner than the operator says, and 5 s later once it was told to slow down', async () => {
	await sandbox.setPolling({ intervalS: 2, pending: 1, slowDown: 1 });
	const { outputs } = await runNode([{}], {
		credential: credential(),
		parameters: { phoneNumber: '+34600000001' },
	});
	await sandbox.setPolling({});

	const times = await polls();
	const gaps = times.slice(1).map((at, index) => at - times[index]!);
	console.log(`Between the polls: ${gaps.map((ms) => `${ms / 1000} s`).join(', ')}`);
	expect(outputs[0]?.[0]?.json.roaming).toBe(true);
	const answers = (await sandbox.exchanges())
		.filter(({ path }) => path.endsWith('/token'))
		.map(({ answer }) => (JSON.parse(answer) as { error?: string }).error);
	expect(answers).toEqual(['authorization_pending', 'slow_down', undefined]);
	expect(gaps[0]).toBeGreaterThanOrEqual(2000);
	expect(gaps[1]).toBeGreaterThanOrEqual(7000);
}, 60_000);

test('a cancelled execution polls no more', async () => {
	await sandbox.setPolling({ intervalS: 1, pending: 100 });
	const cancelWhen = (async () => {
		while ((await polls()).length < 2) await sleep(20);
	})();
	const run = await runNode([{ phoneNumber: '+34600000001' }, { phoneNumber: '+34600000002' }], {
		credential: credential(),
		parameters: { phoneNumber: '={{ $json.phoneNumber }}' },
		onError: 'continueRegularOutput',
		cancelWhen,
	});
	const seen = (await sandbox.exchanges()).length;
	// Longer than the interval, after which the next poll would come.
	await sleep(2500);
	await sandbox.setPolling({});

	expect(run.status).toBe('canceled');
	expect(await sandbox.exchanges()).toHaveLength(seen);
});
