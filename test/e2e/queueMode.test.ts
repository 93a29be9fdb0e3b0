import axios from 'axios';
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { N8n } from '../../localN8n/n8n';
import type { Exchange } from '../../sandbox/exchanges';
import { subscriberOf } from '../../sandbox/subscribers';
import { tokensSeen } from '../support/foreignTokens';
import { describeWithQueueServers, queueServers } from '../support/queueServers';
import { n8nForSuite } from '../support/realN8n';
import { importSample, WEBHOOK_HEADERS } from '../support/sample';
import { sandboxForSuite } from '../support/suite';

const CALLS = 200;
const CALLS_AT_ONCE = 20;
/** Fewer than the calls at once, so that neither worker can take them all. */
const WORKER_CONCURRENCY = 10;

/** Few enough that both workers meet each of them. */
const DEVICES = ['0', '1'].flatMap((tens) =>
	Array.from({ length: 10 }, (_, ending) => `+346000000${tens}${ending}`),
);
const CALLED = Array.from({ length: CALLS }, (_, call) => DEVICES[call % DEVICES.length]!);

describeWithQueueServers('in n8n’s queue mode, with two workers of which one is killed', () => {
	const sandbox = sandboxForSuite();
	const n8n = n8nForSuite(queueServers());

	let killed: Worker;
	let survivor: Worker;
	let calls: Call[];
	let lost: readonly string[];
	let exchanges: Exchange[];

	beforeAll(async () => {
		const workers = await Promise.all([
			n8n.startWorker(WORKER_CONCURRENCY),
			n8n.startWorker(WORKER_CONCURRENCY),
		]);
		// Each job takes a while, so that the worker still holds the one it is killed for.
		await sandbox.setLatency(100);
		const workflowId = await importSample(n8n.api, sandbox.baseUrls.telefonica);
		await n8n.api.activate(workflowId);

		calls = await callAll(`${n8n.url}/webhook/roaming`, async () => {
			while (!(await holdsJob(workers[0]))) await sleep(10);
			await workers[0].program.kill();
		});

		// n8n responds to the callers before it stores the executions.
		const unfinished = async () => await n8n.api.executions(workflowId, ['new', 'running']);
		while ((await unfinished()).length > 0) await sleep(100);
		lost = (await n8n.api.executions(workflowId, ['error', 'crashed'])).map(({ id }) => id);
		[killed, survivor] = await Promise.all([workOf(workers[0]), workOf(workers[1])]);
		exchanges = await sandbox.exchanges();
		console.log(figures());
	}, 10 * 60_000);

	test(`${CALLS} of ${CALLS} webhook calls get the right answer`, () => {
		expect(calls.map(({ answer }) => answer)).toEqual(CALLED.map(rightAnswer));
	});

	test('only calls that the killed worker held are lost; n8n tells their callers, and they ask again', () => {
		const refusals = calls.flatMap(({ refusal }) => refusal ?? []);
		expect(refusals.length).toBeGreaterThan(0);
		expect(refusals).toEqual(refusals.map(() => ({ message: 'Error in workflow' })));
		expect(lost).toHaveLength(refusals.length);
		expect(lost.filter((id) => survivor.started.has(id))).toEqual([]);
	});

	// How the calls are shared out is up to the queue, and to the speed of each worker.
	test('both workers take part', () => {
		expect(killed.finished.size).toBeGreaterThan(0);
		expect(survivor.finished.size).toBeGreaterThan(0);
	});

	test('each token is sent with its own subscriber alone', () => {
		expect(tokensSeen(exchanges)).toEqual({ own: sentTo('/roaming').length, foreign: [] });
	});

	test('each worker has each device authorized at most once', () => {
		expect(Math.max(...authorizationsOfTokens())).toBeLessThanOrEqual(2);
	});

	function sentTo(endpoint: string): readonly Exchange[] {
		return exchanges.filter(({ path }) => path.endsWith(endpoint));
	}

	/** Number of authorizations of each device whose owner consents. */
	function authorizationsOfTokens(): number[] {
		const hints = sentTo('/bc-authorize').map(({ body }) =>
			new URLSearchParams(body).get('login_hint'),
		);
		return DEVICES.filter((device) => subscriberOf(device).consent?.given).map(
			(device) => hints.filter((hint) => hint === `tel:${device}`).length,
		);
	}

	function figures(): string {
		const resent = calls.filter(({ refusal }) => refusal).length;
		const authorizations = authorizationsOfTokens();
		return [
			`${calls.length} calls answered, ${resent} of them after being sent again.`,
			`Killed worker: ${killed.started.size} executions started, ${killed.finished.size} finished; ` +
				`the other: ${survivor.started.size} and ${survivor.finished.size}.`,
			`Authorizations per device whose owner consents: ${Math.min(...authorizations)} to ${Math.max(...authorizations)}, ` +
				`for ${CALLS / DEVICES.length} calls.`,
		].join('\n');
	}
});

interface Call {
	readonly answer: unknown;
	/** The first response, if it was an error. */
	readonly refusal?: unknown;
}

/**
 * Calls the webhook about all devices, several at a time, as independent callers do.
 *
 * @param halfway runs once half of the calls are answered
 */
async function callAll(url: string, halfway: () => Promise<void>): Promise<Call[]> {
	const options = { proxy: false, headers: WEBHOOK_HEADERS, validateStatus: () => true } as const;
	const post = async (phoneNumber: string) =>
		await axios.post<unknown>(url, { phoneNumber }, options);

	async function call(phoneNumber: string): Promise<Call> {
		const first = await post(phoneNumber);
		if (first.status === 200) return { answer: first.data };
		return { answer: (await post(phoneNumber)).data, refusal: first.data };
	}

	const calls: Call[] = [];
	let answered = 0;
	const waiting = CALLED.entries(); // shared by all callers
	const caller = async () => {
		for (const [index, phoneNumber] of waiting) {
			calls[index] = await call(phoneNumber);
			if (++answered === CALLS / 2) await halfway();
		}
	};
	await Promise.all(Array.from({ length: CALLS_AT_ONCE }, caller));
	return calls;
}

/** The right answer of the sample workflow, by the sandbox's table. */
function rightAnswer(phoneNumber: string): unknown {
	const { consent, status } = subscriberOf(phoneNumber);
	if (!consent?.given || !status) {
		const code = !consent
			? 'unknown_user_id'
			: consent.given
				? 'SERVICE_UNAVAILABLE'
				: 'access_denied';
		const error = expect.objectContaining({ code }) as unknown;
		return { branch: 'no answer', phoneNumber, error };
	}
	const { roaming, countryCode = null, countryName = [] } = status;
	const [country = null, ...others] = countryName;
	return {
		branch: roaming ? 'roaming' : 'at home',
		device: { phoneNumber },
		roaming,
		countryCode,
		countryName,
		country: others.length > 0 ? null : country,
		lastStatusTime: null,
	};
}

/** The executions of a worker, by their ids. */
interface Worker {
	readonly started: ReadonlySet<string>;
	readonly finished: ReadonlySet<string>;
}

async function holdsJob(worker: N8n): Promise<boolean> {
	const { started, finished } = await workOf(worker);
	return started.size > finished.size;
}

async function workOf({ logFile }: N8n): Promise<Worker> {
	const log = await readFile(logFile, 'utf8');
	const executions = (event: string) =>
		new Set(
			[...log.matchAll(new RegExp(`Worker ${event} execution (\\d+)`, 'g'))].map(([, id]) => id!),
		);
	return { started: executions('started'), finished: executions('finished') };
}
