import { openGatewayApi } from '../../support/credential';
import { runNode } from '../../support/engine';
import { sandboxForSuite } from '../../support/suite';

const sandbox = sandboxForSuite();

test('the backend flow polls no sooner than the operator says, and 5 s later once it was told to slow down', async () => {
	await sandbox.setPolling({ intervalS: 2, pending: 1, slowDown: 1 });
	const { outputs } = await runNode([{}], {
		credential: openGatewayApi({ baseUrl: sandbox.baseUrls.telefonica }),
		parameters: { phoneNumber: '+34600000001' },
	});
	await sandbox.setPolling({});

	expect(outputs[0]?.[0]?.json.roaming).toBe(true);
	const polls = (await sandbox.exchanges()).filter(({ path }) => path.endsWith('/token'));
	expect(polls.map(({ answer }) => (JSON.parse(answer) as { error?: string }).error)).toEqual([
		'authorization_pending',
		'slow_down',
		undefined,
	]);
	const times = polls.map(({ at }) => Date.parse(at));
	expect(times[1]! - times[0]!).toBeGreaterThanOrEqual(2000);
	expect(times[2]! - times[1]!).toBeGreaterThanOrEqual(7000);
}, 60_000);
