import { RateLimit } from '../../nodes/OpenGateway/transport/rateLimit';

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

const UNLIMITED = undefined;
const untilNextSend = (rate: RateLimit) => rate.nextSendAt - performance.now();

/** Sends requests evenly within a second, without regard to the limit. */
function sendInASecond(rate: RateLimit, count: number): void {
	for (let nth = 0; nth < count; nth++) {
		jest.advanceTimersByTime(1000 / count);
		rate.onSent(performance.now());
	}
}

/** Sends one more request, which the operator throttles. */
function throttle(
	rate: RateLimit,
	{ concurrencyLimit = 1, retryAfter }: { concurrencyLimit?: number; retryAfter?: number } = {},
): boolean {
	const sentAt = performance.now();
	rate.onSent(sentAt);
	return rate.onThrottled(sentAt, retryAfter, concurrencyLimit);
}

/** A rate limit whose estimate, 20 requests per second, was just made. */
function estimatedAt20(ceiling?: number): RateLimit {
	const rate = new RateLimit(ceiling);
	sendInASecond(rate, 20);
	throttle(rate);
	throttle(rate);
	jest.advanceTimersByTime(1000);
	rate.onSent(performance.now());
	expect(rate.estimate).toBe(20);
	return rate;
}

/** The operator accepts all requests at a rate. */
function accept(rate: RateLimit, perSecond: number, seconds: number, isPrompt = true): void {
	for (let second = 0; second < seconds; second++) {
		sendInASecond(rate, perSecond);
		rate.onAccepted(isPrompt);
	}
}

/** The seconds that pass before a higher rate is probed; `undefined` if it is not within a minute. */
function secondsToProbe(rate: RateLimit, perSecond: number, isPrompt = true): number | undefined {
	const before = rate.estimate ?? 0;
	for (let second = 1; second <= 60; second++) {
		accept(rate, perSecond, 1, isPrompt);
		if ((rate.estimate ?? 0) > before) return second;
	}
	return undefined;
}

test('a rate without a ceiling is not limited while the operator throttles nothing', () => {
	const rate = new RateLimit(UNLIMITED);
	sendInASecond(rate, 500);
	expect(untilNextSend(rate)).toBeLessThanOrEqual(0);
	expect(rate.estimate).toBeUndefined();
});

test('requests are paced at a little less than the ceiling, even after an idle time', () => {
	const rate = new RateLimit(10);
	jest.advanceTimersByTime(60_000);
	let sent = 0;
	for (let ms = 0; ms < 10_000; ms++) {
		if (untilNextSend(rate) <= 0) {
			rate.onSent(performance.now());
			sent++;
		}
		jest.advanceTimersByTime(1);
	}
	expect(sent).toBeGreaterThanOrEqual(90);
	expect(sent).toBeLessThan(100);
});

test('a throttled request without a Retry-After pauses nothing: it may concern one subscriber alone', () => {
	const rate = new RateLimit(UNLIMITED);
	sendInASecond(rate, 20);
	expect(throttle(rate)).toBe(false);
	accept(rate, 20, 1);
	for (let nth = 0; nth < 20; nth++) rate.onAccepted(true);
	expect(throttle(rate)).toBe(false);
	expect(untilNextSend(rate)).toBeLessThanOrEqual(0);
	expect(rate.estimate).toBeUndefined();
});

test('all requests pause as long as the operator says, unless that is more than two minutes', () => {
	const rate = new RateLimit(UNLIMITED);
	throttle(rate, { retryAfter: 7000 });
	expect(untilNextSend(rate)).toBe(7000);
	throttle(rate, { retryAfter: 3000 });
	expect(untilNextSend(rate)).toBe(7000);
	throttle(rate, { retryAfter: 120_001 });
	expect(untilNextSend(rate)).toBe(7000);
	throttle(rate, { retryAfter: 120_000 });
	expect(untilNextSend(rate)).toBe(120_000);
});

test('the estimate counts what was accepted before the first refusal, without late refusals of the same burst', () => {
	const rate = new RateLimit(UNLIMITED);
	sendInASecond(rate, 20);
	const late = performance.now();
	throttle(rate);
	expect(throttle(rate)).toBe(true);
	expect(untilNextSend(rate)).toBe(1000);
	jest.advanceTimersByTime(500);
	expect(rate.onThrottled(late, undefined, 1)).toBe(true);
	jest.advanceTimersByTime(500);
	rate.onSent(performance.now());
	expect(rate.estimate).toBe(19);
});

test('no estimate is made if fewer were accepted than may be in flight: another client may use up the limit', () => {
	const rate = new RateLimit(UNLIMITED);
	sendInASecond(rate, 20);
	throttle(rate);
	expect(throttle(rate, { concurrencyLimit: 22 })).toBe(true);
	jest.advanceTimersByTime(1000);
	rate.onSent(performance.now());
	expect(rate.estimate).toBeUndefined();
});

test('the estimate is at least one request per second, and at most the ceiling', () => {
	const slow = new RateLimit(UNLIMITED);
	throttle(slow, { concurrencyLimit: 0 });
	throttle(slow, { concurrencyLimit: 0 });
	jest.advanceTimersByTime(1000);
	slow.onSent(performance.now());
	expect(slow.estimate).toBe(1);

	const contracted = estimatedAt20(20);
	accept(contracted, 20, 60);
	expect(contracted.estimate).toBe(20);
});

test('one refusal lowers an estimate a little, many in a row by no more than half', () => {
	const now = estimatedAt20();
	accept(now, 16, 5, false);
	for (let nth = 0; nth < 20; nth++) now.onAccepted(false);
	throttle(now);
	now.onSent(performance.now());
	expect(now.estimate).toBeLessThan(20);
	expect(now.estimate).toBeGreaterThan(17);

	const again = estimatedAt20();
	sendInASecond(again, 2);
	throttle(again);
	again.onSent(performance.now());
	expect(again.estimate).toBe(10);
});

describe('a higher rate is probed', () => {
	test('after a while at the limit, and sooner while probes succeed', () => {
		const rate = estimatedAt20();
		const first = secondsToProbe(rate, 20);
		expect(first).toBeGreaterThan(5);
		expect(secondsToProbe(rate, 30)).toBeLessThan(first!);
	});

	test.each([
		['the limit is not used up', 10, true],
		['the operator slows down', 20, false],
	])('not while %s', (_case, perSecond, isPrompt) => {
		expect(secondsToProbe(estimatedAt20(), perSecond, isPrompt)).toBeUndefined();
	});

	test('in vain if one request is throttled: the limit is as before, and the next probe comes later', () => {
		const rate = estimatedAt20();
		const first = secondsToProbe(rate, 20);
		expect(throttle(rate)).toBe(true);
		jest.advanceTimersByTime(1000);
		rate.onSent(performance.now());
		expect(rate.estimate).toBeCloseTo(20);
		const second = secondsToProbe(rate, 20);
		expect(second).toBeGreaterThan(1.5 * first!);

		// A probe that succeeds makes the next ones early again.
		secondsToProbe(rate, 30);
		throttle(rate);
		jest.advanceTimersByTime(1000);
		rate.onSent(performance.now());
		expect(secondsToProbe(rate, 31)).toBeLessThan(second!);
	});
});
