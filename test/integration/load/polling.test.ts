import type { IDataObject } from 'n8n-workflow';
import { openGatewayApi } from '../../support/credential';
import { runNode } from '../../support/engine';
import { startScriptedOperator, type ScriptedAnswer } from '../../support/scriptedOperator';
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

/** Seconds. */
const INTERVAL = 1;
const SLOWER = INTERVAL + 5;

/** Answers to the polls of one device, each with the least time (s) until the next poll. */
type Script = [answer: ScriptedAnswer, pause: number][];

/** Pending twice, the second time with the request to slow down. */
const statuses = [200, 400, 403, 428, 429].map((status): [string, Script] => [
	`HTTP ${status}`,
	[
		[{ status, body: { error: 'authorization_pending' } }, INTERVAL],
		[{ status, body: { error: 'slow_down' } }, SLOWER],
		[{ status, body: { error: 'authorization_pending' } }, SLOWER],
	],
]);
const withRetryAfter = [400, 403, 428, 429].map((status): [string, Script] => [
	`HTTP ${status} with Retry-After`,
	[
		[{ status, body: { error: 'authorization_pending' }, headers: { 'retry-after': '2.5' } }, 2.5],
		[{ status, body: { error: 'slow_down' }, headers: { 'retry-after': '7' } }, 7],
		[{ status, body: { error: 'slow_down' }, headers: { 'retry-after': '1' } }, SLOWER + 5],
	],
]);
const busy = [429, 503, 529].map((status): [string, Script] => [
	`HTTP ${status} without a code`,
	[
		[{ status, body: '<html>Busy</html>' }, INTERVAL],
		[{ status, body: '', headers: { 'retry-after': '3' } }, 3],
	],
]);
const challenge = (error: string) => ({
	headers: { 'www-authenticate': `Bearer error="${error}"` },
	body: '',
});
const shapes: [string, Script][] = [
	[
		'{code, message}',
		[
			[{ status: 400, body: { code: 'AUTHORIZATION_PENDING', message: 'Wait' } }, INTERVAL],
			[{ status: 429, body: { code: 'SLOW_DOWN', message: 'Wait longer' } }, SLOWER],
		],
	],
	[
		'{detail: {error}}',
		[
			[{ status: 400, body: { detail: { error: 'authorization_pending' } } }, INTERVAL],
			[{ status: 403, body: { detail: { error: 'slow_down' } } }, SLOWER],
		],
	],
	[
		'a challenge',
		[
			[{ status: 401, ...challenge('authorization_pending') }, INTERVAL],
			[{ status: 400, ...challenge('slow_down') }, SLOWER],
		],
	],
];
const scripts = [...statuses, ...withRetryAfter, ...busy, ...shapes];

test('no poll comes before the interval, nor before Retry-After, whatever the status of the answer', async () => {
	const polls = new Map<string, number[]>();
	const operator = await startScriptedOperator(({ path, body }) => {
		const form = new URLSearchParams(body);
		if (path.endsWith('/bc-authorize')) {
			return { body: { auth_req_id: form.get('login_hint'), interval: INTERVAL } };
		}
		if (!path.endsWith('/token')) return { body: { roaming: true } };
		const id = form.get('auth_req_id') ?? '';
		const times = polls.get(id) ?? [];
		polls.set(id, [...times, performance.now()]);
		const [, script] = scripts[Number(id.slice(-2))]!;
		const granted = { access_token: 'made-up', token_type: 'Bearer', expires_in: 60 };
		return script[times.length]?.[0] ?? { body: granted };
	});
	const items = scripts.map((_, at) => ({
		phoneNumber: `+346000000${String(at).padStart(2, '0')}`,
	}));
	const { outputs } = await runNode(items, {
		credential: openGatewayApi({ baseUrl: operator.baseUrl }),
		onError: 'continueRegularOutput',
	});
	await operator.close();

	expect(
		outputs[0]?.map(({ json }) => (json.error as IDataObject | undefined) ?? json.roaming),
	).toEqual(items.map(() => true));
	const early = scripts.flatMap(([what, script], at) => {
		const times = polls.get(`tel:${items[at]!.phoneNumber}`) ?? [];
		expect([what, times.length]).toEqual([what, script.length + 1]);
		return script
			.map(([, pause], nth) => ({ what, nth, pause, came: (times[nth + 1]! - times[nth]!) / 1000 }))
			.filter(({ pause, came }) => came < pause);
	});
	expect(early).toEqual([]);
}, 60_000);
