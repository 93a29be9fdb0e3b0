import { ConcurrencyLimit } from '../../nodes/OpenGateway/transport/concurrencyLimit';

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

const ENDPOINT = '/roaming';
/** More requests than any limit here. */
const ALL_IN_FLIGHT = 1000;

/** Lets the operator respond in sequence; how many responses count as prompt. */
function respond(concurrency: ConcurrencyLimit, times: number, rtt: number, endpoint = ENDPOINT) {
	let prompt = 0;
	for (let time = 0; time < times; time++) {
		const sentAt = performance.now();
		jest.advanceTimersByTime(rtt);
		if (concurrency.onSuccess(endpoint, sentAt, ALL_IN_FLIGHT)) prompt++;
	}
	return prompt;
}

test.each([
	[100, 10],
	[3, 3],
])('with at most %i requests in flight, the limit begins at %i', (maxLimit, limit) => {
	expect(new ConcurrencyLimit(maxLimit).limit).toBe(limit);
});

test('the limit grows with each prompt response, up to the maximum', () => {
	const concurrency = new ConcurrencyLimit(11);
	respond(concurrency, 1, 50);
	expect(concurrency.limit).toBeGreaterThan(10);
	respond(concurrency, 100, 50);
	expect(concurrency.limit).toBe(11);
});

test('the limit does not grow while it is not used up', () => {
	const concurrency = new ConcurrencyLimit(100);
	concurrency.onSuccess(ENDPOINT, performance.now(), 9);
	expect(concurrency.limit).toBe(10);
	concurrency.onSuccess(ENDPOINT, performance.now(), 10);
	expect(concurrency.limit).toBeGreaterThan(10);
});

test('the limit is halved once for all requests in flight, and grows more slowly afterwards', () => {
	const concurrency = new ConcurrencyLimit(100);
	respond(concurrency, 1, 50);
	const slowStart = concurrency.limit - 10;
	const sentBefore = performance.now();
	jest.advanceTimersByTime(50);
	concurrency.decrease(sentBefore);
	concurrency.decrease(sentBefore);
	const halved = concurrency.limit;
	expect(halved).toBe((10 + slowStart) / 2);
	respond(concurrency, 1, 50);
	expect(concurrency.limit - halved).toBeGreaterThan(0);
	expect(concurrency.limit - halved).toBeLessThan(slowStart);
});

test('the limit is one at least', () => {
	const concurrency = new ConcurrencyLimit(100);
	for (let time = 0; time < 10; time++) concurrency.decrease(performance.now());
	expect(concurrency.limit).toBe(1);
});

test('the limit is halved for two drops without a success in between', () => {
	const concurrency = new ConcurrencyLimit(10);
	concurrency.onDropped(ENDPOINT, performance.now());
	respond(concurrency, 1, 50);
	concurrency.onDropped(ENDPOINT, performance.now());
	expect(concurrency.limit).toBe(10);
	concurrency.onDropped(ENDPOINT, performance.now());
	expect(concurrency.limit).toBe(5);
});

test('the limit is halved for two drops of one endpoint, whatever another one answers', () => {
	const concurrency = new ConcurrencyLimit(10);
	concurrency.onDropped(ENDPOINT, performance.now());
	respond(concurrency, 1, 50, '/token');
	concurrency.onDropped(ENDPOINT, performance.now());
	expect(concurrency.limit).toBe(5);
});

test('an operator that drops one request after the other at the lowest limit is noticed', () => {
	const concurrency = new ConcurrencyLimit(2);
	const drops = Array.from({ length: 4 }, () => concurrency.onDropped(ENDPOINT, performance.now()));
	expect(drops).toEqual([false, false, true, true]);
});

describe('an operator', () => {
	/** Ten responses with another round-trip time, after many with the usual one. */
	function tenAfter(usualRtt: number, rtt: number) {
		const concurrency = new ConcurrencyLimit(10);
		respond(concurrency, 200, usualRtt);
		const prompt = respond(concurrency, 10, rtt);
		return { prompt, limit: concurrency.limit };
	}

	test('that slows down is noticed within ten responses', () => {
		const { prompt, limit } = tenAfter(50, 500);
		expect(prompt).toBeLessThan(10);
		expect(limit).toBeLessThan(6);
	});

	test.each([
		['a few milliseconds', 5, 100],
		['as much as a busy n8n adds', 50, 240],
		['less than twice', 1000, 1900],
	])('whose round-trip time grows by %s does not count as slower', (_by, usualRtt, rtt) => {
		expect(tenAfter(usualRtt, rtt)).toEqual({ prompt: 10, limit: 10 });
	});

	test('is measured by the round-trip times of each endpoint', () => {
		const concurrency = new ConcurrencyLimit(10);
		for (let time = 0; time < 100; time++) {
			expect(respond(concurrency, 1, 20, '/token')).toBe(1);
			expect(respond(concurrency, 1, 2000)).toBe(1);
		}
	});

	test('that stays slow counts as usual after some time', () => {
		const concurrency = new ConcurrencyLimit(100);
		respond(concurrency, 200, 50);
		respond(concurrency, 2000, 500);
		expect(respond(concurrency, 100, 500)).toBe(100);
	});
});
