import { sleep } from 'n8n-workflow';
import { OpenGatewayError } from '../../nodes/OpenGateway/errors';
import type { HttpRequest, HttpResponse } from '../../nodes/OpenGateway/http';
import { Limiter } from '../../nodes/OpenGateway/transport/limiter';
import { exponentialBackoff, retrying } from '../../nodes/OpenGateway/transport/retry';
import { responseOf } from '../support/response';

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

const RTT = 50;
const pass = async (ms: number) => await jest.advanceTimersByTimeAsync(ms);

/** An operator that responds after a round-trip time (ms), and what it sees. */
function operatorThat(responds: () => Partial<HttpResponse> & { rtt?: number }) {
	const seen = { inFlight: 0, peak: 0, times: [] as number[], statuses: [] as number[] };
	const send = async (): Promise<HttpResponse> => {
		seen.times.push(performance.now());
		seen.peak = Math.max(seen.peak, ++seen.inFlight);
		const { rtt = RTT, ...response } = responds();
		await sleep(rtt);
		seen.inFlight--;
		seen.statuses.push(response.status ?? 200);
		return responseOf({ json: {}, ...response });
	};
	return { seen, send };
}

const signal = new AbortController().signal;
const httpRequest: HttpRequest = { method: 'POST', url: '/roaming', headers: {} };
const request = { request: httpRequest, priority: 0, signal };

const limiterWith = (maxConcurrency: number, requestsPerSecond?: number) =>
	new Limiter({ maxConcurrency, requestsPerSecond });

/** As many requests wait at the same time as a run has items in flight. */
const MAX_ITEMS_IN_FLIGHT = 1000;

/** Sends many requests, retrying those that the operator refuses. */
function sendMany(count: number, limiter: Limiter, send: () => Promise<HttpResponse>) {
	const finished = { count: 0 };
	let started = 0;
	const sendOne = retrying(async () => await limiter.schedule(request, send), {
		backoff: () => exponentialBackoff(20, sleep),
		breaker: limiter.breaker,
		onRefused: () => {},
	});
	const oneByOne = async () => {
		while (started++ < count) {
			if ((await sendOne(() => httpRequest)).status === 200) finished.count++;
		}
	};
	for (let nth = 0; nth < Math.min(count, MAX_ITEMS_IN_FLIGHT); nth++) void oneByOne();
	return finished;
}

function throttledShare({ statuses }: { statuses: number[] }): number {
	return statuses.filter((status) => status === 429).length / statuses.length;
}

/** The most requests within any one second. */
function busiestSecond({ times }: { times: number[] }): number {
	return Math.max(
		...times.map((from) => times.filter((at) => at >= from && at < from + 1000).length),
	);
}

test('begins with ten requests in flight, and sends more as long as responses are prompt', async () => {
	const { seen, send } = operatorThat(() => ({}));
	const finished = sendMany(2000, limiterWith(100), send);

	await pass(RTT - 1);
	expect(seen.inFlight).toBe(10);
	await pass(20 * RTT);
	expect(seen.inFlight).toBe(100);
	await pass(5000);
	expect(finished.count).toBe(2000);
	expect(seen.peak).toBe(100);
});

test.each([1, 3, 250])('never has more than %i requests in flight', async (maxConcurrency) => {
	const { seen, send } = operatorThat(() => ({}));
	sendMany(3000, limiterWith(maxConcurrency), send);
	await pass(3000);

	expect(seen.peak).toBe(maxConcurrency);
});

test('starts a few requests in each turn of the event loop, and none that was cancelled', async () => {
	const { seen, send } = operatorThat(() => ({}));
	const limiter = limiterWith(100);
	const ended = new AbortController();
	for (let nth = 0; nth < 9; nth++) void limiter.schedule(request, send);
	const tenth = limiter.schedule({ ...request, signal: ended.signal }, send);
	for (let microtask = 0; microtask < 20; microtask++) await Promise.resolve();
	expect(seen.times.length).toBe(8);

	ended.abort(new Error('The run is over'));
	await expect(Promise.race([tenth, pass(1)])).rejects.toThrow('The run is over');
	expect(seen.times.length).toBe(9);
});

test('sends the requests of the first items first', async () => {
	const { send } = operatorThat(() => ({}));
	const limiter = limiterWith(1);
	const order: number[] = [];
	for (const priority of [5, 9, 7, 5]) {
		void limiter.schedule({ ...request, priority }, send).then(() => order.push(priority));
	}
	await pass(1000);

	expect(order).toEqual([5, 5, 7, 9]);
});

describe('the number of requests in flight', () => {
	/** Requests in flight before and after the operator has refused those in flight twice. */
	async function inFlight(refusal: (nth: number) => Partial<HttpResponse> & { rtt?: number }) {
		let nth = 0;
		let refuses = false;
		const { seen, send } = operatorThat(() => (refuses ? refusal(nth++) : {}));
		sendMany(5000, limiterWith(20), send);
		await pass(1000);
		const before = seen.inFlight;
		refuses = true;
		await pass(2 * RTT);
		refuses = false;
		await pass(RTT);
		return { before, after: seen.inFlight };
	}

	test('is halved while the operator is unavailable', async () => {
		expect(await inFlight(() => ({ status: 503 }))).toEqual({ before: 20, after: 5 });
	});

	test('is halved while a gateway gets no response from the operator', async () => {
		expect(await inFlight(() => ({ status: 504 }))).toEqual({ before: 20, after: 5 });
	});

	test('stays if single requests are refused', async () => {
		const { before, after } = await inFlight((nth) => (nth % 2 ? {} : { status: 503 }));
		expect(after).toBe(before);
	});

	test('is halved if the operator slows down', async () => {
		let rtt = RTT;
		const { seen, send } = operatorThat(() => ({ rtt }));
		sendMany(5000, limiterWith(20), send);
		await pass(2000);
		expect(seen.inFlight).toBe(20);
		rtt = 400;
		await pass(1000);
		expect(seen.inFlight).toBeLessThanOrEqual(10);
	});

	test('stays if the operator was slow from the beginning', async () => {
		const { seen, send } = operatorThat(() => ({ rtt: 400 }));
		sendMany(5000, limiterWith(20), send);
		await pass(10_000);
		expect(seen.inFlight).toBe(20);
	});

	test('is halved if requests get lost', async () => {
		const limiter = limiterWith(10);
		let sent = 0;
		const lost = async () => {
			sent++;
			await sleep(RTT);
			throw new Error('lost');
		};
		for (let index = 0; index < 100; index++) void limiter.schedule(request, lost).catch(() => {});
		await pass(RTT - 1);
		expect(sent).toBe(10);
		await pass(RTT);
		expect(sent).toBe(15);
	});
});

describe('an operator that throttles', () => {
	/** An operator with a limit on the requests within any one second. */
	function limitedTo(
		perSecond: number | (() => number),
		refusal: Partial<HttpResponse> & { rtt?: number },
		response: { rtt?: number } = {},
	) {
		const accepted: number[] = [];
		return operatorThat(() => {
			const now = performance.now();
			while (accepted.length > 0 && accepted[0]! <= now - 1000) accepted.shift();
			const limit = typeof perSecond === 'number' ? perSecond : perSecond();
			if (accepted.length >= limit) return { status: 429, ...refusal };
			accepted.push(now);
			return response;
		});
	}

	test.each([
		['with a Retry-After', { retryAfter: 1000 }],
		['without a Retry-After', {}],
	])('gets about the 100 requests per second that it accepts, %s', async (_name, refusal) => {
		const { seen, send } = limitedTo(100, refusal);
		const limiter = limiterWith(100);
		const finished = sendMany(900, limiter, send);
		await pass(1.15 * 9000);

		expect(finished.count).toBe(900);
		expect(throttledShare(seen)).toBeLessThan(0.05);
		expect(limiter.estimatedRate).toBeGreaterThan(85);
		expect(limiter.estimatedRate).toBeLessThan(101);
	});

	test('accepts requests at its configured rate', async () => {
		const { seen, send } = limitedTo(100, { retryAfter: 1000 });
		const limiter = limiterWith(100, 100);
		const finished = sendMany(900, limiter, send);
		await pass(1.15 * 9000);

		expect(finished.count).toBe(900);
		expect(throttledShare(seen)).toBeLessThan(0.05);
	});

	test('gets no requests for as long as it says', async () => {
		let refused = false;
		const { seen, send } = operatorThat(() => {
			if (refused) return {};
			refused = true;
			return { status: 429, retryAfter: 7000 };
		});
		sendMany(30, limiterWith(10), send);
		await pass(60_000);

		const [first = 0] = seen.times;
		const sinceFirst = seen.times.map((at) => Math.round(at - first));
		expect(sinceFirst.filter((at) => at > RTT && at < 7000)).toEqual([]);
		expect(sinceFirst.filter((at) => at >= 7000)).toHaveLength(21);
	});

	test('is probed for a higher limit, ever more rarely if in vain', async () => {
		const { seen, send } = limitedTo(50, {});
		const limiter = limiterWith(100);
		sendMany(20_000, limiter, send);
		await pass(5000);
		const estimate = limiter.estimatedRate ?? 0;
		const probes: number[] = [];
		let before = estimate;
		for (let ms = 0; ms < 200_000; ms += 100) {
			await pass(100);
			const now = limiter.estimatedRate ?? 0;
			if (now > before) probes.push(ms);
			before = now;
		}
		const delays = probes.slice(1).map((at, nth) => at - (probes[nth] ?? 0));
		expect(probes.length).toBeGreaterThan(2);
		expect(delays).toEqual(delays.toSorted((one, other) => one - other));
		expect(limiter.estimatedRate).toBe(estimate);
		expect(throttledShare(seen)).toBeLessThan(0.02);
	});

	test('gets as many requests as before once its limit is gone', async () => {
		let limit = 10;
		const { seen, send } = limitedTo(() => limit, {});
		const limiter = limiterWith(100);
		sendMany(20_000, limiter, send);
		await pass(5000);
		expect(limiter.estimatedRate).toBe(10);
		limit = Infinity;
		await pass(30_000);
		expect(limiter.estimatedRate).toBeGreaterThan(100);
		expect(seen.times.length).toBeGreaterThan(1000);
	});

	test.each([300, 1000])(
		'gets about as many requests as it accepts if it responds after %i ms',
		async (rtt) => {
			const { seen, send } = limitedTo(20, { retryAfter: 1000, rtt: 10 }, { rtt });
			const limiter = limiterWith(100);
			const finished = sendMany(300, limiter, send);
			await pass(1.4 * 15_000);

			expect(finished.count).toBe(300);
			expect(throttledShare(seen)).toBeLessThan(0.05);
		},
	);

	test('gets no estimate if another client may have used up the limit', async () => {
		let refusals = 3;
		const { send } = operatorThat(() => (refusals-- > 0 ? { status: 429 } : {}));
		const limiter = limiterWith(100);
		const finished = sendMany(100, limiter, send);
		await pass(10_000);

		expect(finished.count).toBe(100);
		expect(limiter.estimatedRate).toBeUndefined();
	});
});

test.each([
	['slows nothing down by an answer of its flow', { error: 'slow_down' }, 'is at once'],
	['is one request of many without one', undefined, 'waits'],
])('a poll that is answered with HTTP 429 %s', async (_what, json, next) => {
	const { send } = operatorThat(() => ({ status: 429, retryAfter: 7000, json }));
	const limiter = limiterWith(10);
	const poll = { ...request, request: { ...httpRequest, isPoll: true as const } };
	void limiter.schedule(poll, send);
	await pass(RTT);
	const { seen, send: sendNext } = operatorThat(() => ({}));
	void limiter.schedule(request, sendNext);
	await pass(1);

	expect(seen.times).toHaveLength(next === 'waits' ? 0 : 1);
});

test('an operator that is unavailable for one request at a time gets one a second', async () => {
	const { seen, send } = operatorThat(() => ({ status: 503 }));
	sendMany(1000, limiterWith(10), send);
	await pass(10_000);

	// 10, 5, 2 and 1 in flight at once, and then one a second.
	expect(seen.times.length).toBeLessThan(10 + 5 + 2 + 1 + 11);
});

test('requests whose signal has aborted leave the queue at once', async () => {
	const { send } = operatorThat(() => ({ status: 429, retryAfter: 60_000 }));
	const limiter = limiterWith(1);
	void limiter.schedule(request, send);
	await pass(RTT);
	const ended = new AbortController();
	const queued = limiter.schedule({ ...request, signal: ended.signal }, send);
	const other = limiter.schedule(request, send);
	ended.abort(new Error('The run is over'));
	limiter.cancelAborted();

	await expect(queued).rejects.toThrow('The run is over');
	await pass(60_000 + RTT);
	expect((await other).status).toBe(429);
});

describe('requests per second', () => {
	test.each([2, 100])('are at most %i within any one second', async (requestsPerSecond) => {
		const { seen, send } = operatorThat(() => ({}));
		const limiter = limiterWith(100, requestsPerSecond);
		sendMany(1000, limiter, send);
		await pass(5000);

		expect(seen.times.length).toBeGreaterThanOrEqual(0.94 * 5 * requestsPerSecond);
		expect(busiestSecond(seen)).toBeLessThanOrEqual(requestsPerSecond);
		expect(limiter.estimatedRate).toBeUndefined();
	});

	test('stay below the configured rate while higher ones are probed', async () => {
		let nth = 0;
		const { seen, send } = operatorThat(() => (nth++ === 0 ? { status: 429 } : {}));
		sendMany(1000, limiterWith(100, 10), send);
		await pass(60_000);
		expect(busiestSecond(seen)).toBeLessThanOrEqual(10);
	});
});

test('a request that is cancelled in the queue is never sent, and delays no other', async () => {
	const { seen, send } = operatorThat(() => ({}));
	const limiter = limiterWith(1);
	const cancelled = new AbortController();
	const outcomes: string[] = [];
	const note = async (name: string, sent: Promise<unknown>) =>
		void outcomes.push(
			await sent.then(
				() => name,
				() => `${name} cancelled`,
			),
		);
	void note('first', limiter.schedule(request, send));
	void note('second', limiter.schedule({ ...request, signal: cancelled.signal }, send));
	void note('third', limiter.schedule(request, send));
	cancelled.abort();
	await pass(1000);

	expect(outcomes.sort()).toEqual(['first', 'second cancelled', 'third']);
	expect(seen.times).toHaveLength(2);
});

test('fails requests at once while the circuit is open, until the operator responds again', async () => {
	const limiter = limiterWith(10);
	const error = new OpenGatewayError('Lost', { code: 'TIMEOUT', remedy: '' });
	const { seen, send } = operatorThat(() => ({}));
	for (let times = 0; times < 10; times++) limiter.breaker.onGiveUp(error);

	await expect(limiter.schedule(request, send)).rejects.toBe(error);
	expect(seen.times).toEqual([]);
	await pass(10_000);
	const response = limiter.schedule(request, send);
	await pass(RTT);
	expect((await response).status).toBe(200);
	limiter.breaker.onGiveUp(error);
	expect(limiter.breaker.openError).toBeUndefined();
});
