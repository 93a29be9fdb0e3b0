import { sleep } from 'n8n-workflow';
import { OpenGatewayError } from '../../nodes/OpenGateway/errors';
import type { HttpResponse } from '../../nodes/OpenGateway/http';
import { Limiter } from '../../nodes/OpenGateway/transport/limiter';

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

const LATENCY = 50;
const pass = async (ms: number) => await jest.advanceTimersByTimeAsync(ms);

/** An operator that answers after a while, as `answers` says; it counts what it sees. */
function operatorThat(answers: () => Partial<HttpResponse> & { ms?: number }) {
	const seen = { inFlight: 0, peak: 0, times: [] as number[], statuses: [] as number[] };
	const send = async (): Promise<HttpResponse> => {
		seen.times.push(performance.now());
		seen.peak = Math.max(seen.peak, ++seen.inFlight);
		const { ms = LATENCY, ...answer } = answers();
		await sleep(ms);
		seen.inFlight--;
		seen.statuses.push(answer.status ?? 200);
		return { status: 200, json: {}, correlator: '', ...answer };
	};
	return { seen, send };
}

const never = new AbortController().signal;
const request = { endpoint: '/roaming', priority: 0, signal: never };

/** As many of them wait at the same time as items of a run do. */
const UNDER_WAY = 1000;

/** So many requests, each of which is sent again where it is refused, as the retries do it. */
function many(count: number, limiter: Limiter, send: () => Promise<HttpResponse>) {
	const answered = { count: 0 };
	let begun = 0;
	const oneByOne = async () => {
		while (begun++ < count) {
			for (;;) {
				const { status, retryAfter = 0 } = await limiter.schedule(request, send);
				if (status === 200) break;
				await sleep(retryAfter);
			}
			answered.count++;
		}
	};
	const all = Promise.all(Array.from({ length: Math.min(count, UNDER_WAY) }, oneByOne));
	return { answered, all };
}

test('begins with ten requests in flight, and with more as long as answers come promptly', async () => {
	const { seen, send } = operatorThat(() => ({}));
	const { answered } = many(
		2000,
		new Limiter({ maxConcurrency: 100, requestsPerSecond: undefined }),
		send,
	);

	await pass(LATENCY - 1);
	expect(seen.inFlight).toBe(10);
	await pass(20 * LATENCY);
	expect(seen.inFlight).toBe(100);
	await pass(5000);
	expect(answered.count).toBe(2000);
	expect(seen.peak).toBe(100);
});

test.each([1, 3, 250])('has never more than %i requests in flight', async (maxConcurrency) => {
	const { seen, send } = operatorThat(() => ({}));
	many(3000, new Limiter({ maxConcurrency, requestsPerSecond: undefined }), send);
	await pass(3000);

	expect(seen.peak).toBe(maxConcurrency);
});

test('lets those of the first items go first', async () => {
	const { send } = operatorThat(() => ({}));
	const limiter = new Limiter({ maxConcurrency: 1, requestsPerSecond: undefined });
	const order: number[] = [];
	for (const priority of [5, 9, 7, 5]) {
		void limiter.schedule({ ...request, priority }, send).then(() => order.push(priority));
	}
	await pass(1000);

	expect(order).toEqual([5, 5, 7, 9]);
});

describe('is halved', () => {
	/** In flight before and after the operator has said something to twice the ten it began with. */
	async function levels(trouble: (nth: number) => Partial<HttpResponse> & { ms?: number }) {
		let nth = 0;
		let troubled = false;
		const { seen, send } = operatorThat(() => (troubled ? trouble(nth++) : {}));
		many(5000, new Limiter({ maxConcurrency: 20, requestsPerSecond: undefined }), send);
		await pass(1000);
		const before = seen.inFlight;
		troubled = true;
		await pass(2 * LATENCY);
		troubled = false;
		// What was refused is sent again meanwhile.
		await pass(LATENCY);
		return { before, after: seen.inFlight };
	}

	test('where the operator says that it is unavailable', async () => {
		expect(await levels(() => ({ status: 503 }))).toEqual({ before: 20, after: 5 });
	});

	test('where a gateway gets no answer behind it', async () => {
		expect(await levels(() => ({ status: 504 }))).toEqual({ before: 20, after: 5 });
	});

	test('not where that is said of one line alone', async () => {
		const { before, after } = await levels((nth) => (nth % 2 ? {} : { status: 503 }));
		expect(after).toBe(before);
	});

	test('where it slows down', async () => {
		let ms = LATENCY;
		const { seen, send } = operatorThat(() => ({ ms }));
		many(5000, new Limiter({ maxConcurrency: 20, requestsPerSecond: undefined }), send);
		await pass(2000);
		expect(seen.inFlight).toBe(20);
		ms = 400;
		await pass(1000);
		expect(seen.inFlight).toBeLessThanOrEqual(10);
	});

	test('not where it was slow from the beginning', async () => {
		const { seen, send } = operatorThat(() => ({ ms: 400 }));
		many(5000, new Limiter({ maxConcurrency: 20, requestsPerSecond: undefined }), send);
		await pass(10_000);
		expect(seen.inFlight).toBe(20);
	});

	test('where nothing comes any more', async () => {
		const limiter = new Limiter({ maxConcurrency: 10, requestsPerSecond: undefined });
		let sent = 0;
		const lost = async () => {
			sent++;
			await sleep(LATENCY);
			throw new Error('lost');
		};
		for (let index = 0; index < 100; index++) void limiter.schedule(request, lost).catch(() => {});
		await pass(LATENCY - 1);
		expect(sent).toBe(10);
		await pass(LATENCY);
		expect(sent).toBe(15);
	});
});

describe('an operator that refuses too many requests', () => {
	/** At most so many in any one second; the others are refused at once. */
	function limitedTo(
		perSecond: number | (() => number),
		refusal: Partial<HttpResponse> & { ms?: number },
		answer: { ms?: number } = {},
	) {
		const accepted: number[] = [];
		return operatorThat(() => {
			const now = performance.now();
			while (accepted.length > 0 && accepted[0]! <= now - 1000) accepted.shift();
			const limit = typeof perSecond === 'number' ? perSecond : perSecond();
			if (accepted.length >= limit) return { status: 429, ...refusal };
			accepted.push(now);
			return answer;
		});
	}

	test.each([
		['and says when to return', { retryAfter: 1000 }],
		['and does not say when to return', {}],
	])('gets about as many as it takes: it takes 100 a second, %s', async (_name, refusal) => {
		const { seen, send } = limitedTo(100, refusal);
		const limiter = new Limiter({ maxConcurrency: 100, requestsPerSecond: undefined });
		const { answered } = many(900, limiter, send);
		await pass(1.15 * 9000);

		expect(answered.count).toBe(900);
		const refused = seen.statuses.filter((status) => status === 429).length;
		expect(refused / seen.statuses.length).toBeLessThan(0.05);
		expect(limiter.estimatedRate).toBeGreaterThan(85);
		expect(limiter.estimatedRate).toBeLessThan(101);
	});

	test('takes all at the rate of its contract, though a timer may be early once', async () => {
		const { seen, send } = limitedTo(100, { retryAfter: 1000 });
		const limiter = new Limiter({ maxConcurrency: 100, requestsPerSecond: 100 });
		const { answered } = many(900, limiter, send);
		await pass(1.15 * 9000);

		expect(answered.count).toBe(900);
		const refused = seen.statuses.filter((status) => status === 429).length;
		expect(refused / seen.statuses.length).toBeLessThan(0.05);
	});

	test('is left alone for as long as it says', async () => {
		let refused = false;
		const { seen, send } = operatorThat(() => {
			if (refused) return {};
			refused = true;
			return { status: 429, retryAfter: 7000 };
		});
		many(30, new Limiter({ maxConcurrency: 10, requestsPerSecond: undefined }), send);
		await pass(60_000);

		const [first = 0] = seen.times;
		const sinceFirst = seen.times.map((at) => Math.round(at - first));
		expect(sinceFirst.filter((at) => at > LATENCY && at < 7000)).toEqual([]);
		expect(sinceFirst.filter((at) => at >= 7000)).toHaveLength(21);
	});

	test('is tried with more after a while, and ever more rarely where that is in vain', async () => {
		const { seen, send } = limitedTo(50, {});
		const limiter = new Limiter({ maxConcurrency: 100, requestsPerSecond: undefined });
		many(20_000, limiter, send);
		await pass(5000);
		const found = limiter.estimatedRate ?? 0;
		const trials: number[] = [];
		let before = found;
		for (let ms = 0; ms < 200_000; ms += 100) {
			await pass(100);
			const now = limiter.estimatedRate ?? 0;
			if (now > before) trials.push(ms);
			before = now;
		}
		const waits = trials.slice(1).map((at, nth) => at - (trials[nth] ?? 0));
		expect(trials.length).toBeGreaterThan(2);
		expect(waits).toEqual(waits.toSorted((one, other) => one - other));
		expect(limiter.estimatedRate).toBe(found);
		const refused = seen.statuses.filter((status) => status === 429).length;
		expect(refused / seen.statuses.length).toBeLessThan(0.02);
	});

	test('is asked for as many as before once its limit is gone', async () => {
		let limit = 10;
		const { seen, send } = limitedTo(() => limit, {});
		const limiter = new Limiter({ maxConcurrency: 100, requestsPerSecond: undefined });
		many(20_000, limiter, send);
		await pass(5000);
		expect(limiter.estimatedRate).toBe(10);
		limit = Infinity;
		await pass(30_000);
		expect(limiter.estimatedRate).toBeGreaterThan(100);
		expect(seen.times.length).toBeGreaterThan(1000);
	});

	test.each([300, 1000])('gets as many as it takes where it answers after %i ms', async (ms) => {
		const { seen, send } = limitedTo(20, { retryAfter: 1000, ms: 10 }, { ms });
		const limiter = new Limiter({ maxConcurrency: 100, requestsPerSecond: undefined });
		const { answered } = many(300, limiter, send);
		await pass(1.4 * 15_000);

		expect(answered.count).toBe(300);
		const refused = seen.statuses.filter((status) => status === 429).length;
		expect(refused / seen.statuses.length).toBeLessThan(0.05);
	});

	test('is not taken to have a limit where others may have used it up', async () => {
		let refusals = 3;
		const { send } = operatorThat(() => (refusals-- > 0 ? { status: 429 } : {}));
		const limiter = new Limiter({ maxConcurrency: 100, requestsPerSecond: undefined });
		const { answered } = many(100, limiter, send);
		await pass(10_000);

		expect(answered.count).toBe(100);
		expect(limiter.estimatedRate).toBeUndefined();
	});
});

describe('requests per second', () => {
	test.each([2, 100])('are no more than %i in any one second', async (requestsPerSecond) => {
		const { seen, send } = operatorThat(() => ({}));
		const limiter = new Limiter({ maxConcurrency: 100, requestsPerSecond });
		many(1000, limiter, send);
		await pass(5000);

		expect(seen.times.length).toBeGreaterThanOrEqual(0.94 * 5 * requestsPerSecond);
		const busiest = Math.max(
			...seen.times.map((from) => seen.times.filter((at) => at >= from && at < from + 1000).length),
		);
		expect(busiest).toBeLessThanOrEqual(requestsPerSecond);
		expect(limiter.estimatedRate).toBeUndefined();
	});

	test('stay within what the contract says, whatever the operator is found to bear', async () => {
		let nth = 0;
		const { seen, send } = operatorThat(() => (nth++ === 0 ? { status: 429 } : {}));
		many(1000, new Limiter({ maxConcurrency: 100, requestsPerSecond: 10 }), send);
		await pass(60_000);
		const busiest = Math.max(
			...seen.times.map((from) => seen.times.filter((at) => at >= from && at < from + 1000).length),
		);
		expect(busiest).toBeLessThanOrEqual(10);
	});
});

test('what is cancelled while it waits is never sent, and takes nobody’s place', async () => {
	const { seen, send } = operatorThat(() => ({}));
	const limiter = new Limiter({ maxConcurrency: 1, requestsPerSecond: undefined });
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

test('sends nothing for a while once ten requests in a row were given up, and then tries again', async () => {
	const limiter = new Limiter({ maxConcurrency: 10, requestsPerSecond: undefined });
	const failure = new OpenGatewayError('Nobody is there', { code: 'UNREACHABLE', remedy: '' });
	const { seen, send } = operatorThat(() => ({}));
	for (let times = 0; times < 9; times++) limiter.breaker.onGiveUp(failure);
	expect(limiter.breaker.openError).toBeUndefined();
	limiter.breaker.onGiveUp(failure);

	await expect(limiter.schedule(request, send)).rejects.toBe(failure);
	expect(seen.times).toEqual([]);
	await pass(10_001);
	const answer = limiter.schedule(request, send);
	await pass(LATENCY);
	expect((await answer).status).toBe(200);

	// Whoever answered is there again.
	for (let times = 0; times < 9; times++) limiter.breaker.onGiveUp(failure);
	expect(limiter.breaker.openError).toBeUndefined();
});
