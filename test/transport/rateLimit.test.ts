import { RateLimit } from '../../nodes/OpenGateway/transport/rateLimit';

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

const pass = (ms: number) => void jest.advanceTimersByTime(ms);

/** Sends so many, evenly within a second. Of the last one, when that was. */
function sendInASecond(rate: RateLimit, count: number): number {
	const from = performance.now();
	for (let nth = 1; nth <= count; nth++) {
		pass(from + Math.round((nth * 1000) / count) - performance.now());
		rate.used(performance.now());
	}
	return performance.now();
}

/** Sends one more at the same moment, and has it refused; whether too many were sent. */
function refuse(rate: RateLimit, level = 1, retryAfter?: number): boolean {
	const sentAt = performance.now();
	rate.used(sentAt);
	return rate.refused(sentAt, retryAfter, level);
}

/** An operator that was found to take 20 requests a second, a moment ago. */
function foundToTake20(): RateLimit {
	const rate = new RateLimit(undefined);
	sendInASecond(rate, 20);
	refuse(rate);
	refuse(rate);
	expect(rate.found).toBe(20);
	return rate;
}

/** As many good answers as are made in so many seconds at a rate. */
function takeFor(rate: RateLimit, seconds: number, perSecond: number): void {
	for (let second = 0; second < seconds; second++) {
		sendInASecond(rate, perSecond);
		rate.taken(true);
	}
}

test('all are sent at once while none was refused', () => {
	const rate = new RateLimit(undefined);
	sendInASecond(rate, 500);
	expect(rate.opensAt).toBe(-Infinity);
	expect(rate.found).toBeUndefined();
});

test('each has its place in the second, a little less than a contract allows', () => {
	const rate = new RateLimit(10);
	pass(1000);
	const now = performance.now();
	rate.used(now);
	expect(rate.opensAt - now).toBeCloseTo(1000 / 9.5 - 30);
	rate.used(now);
	expect(rate.opensAt - now).toBeCloseTo(2000 / 9.5 - 30);
});

describe('a refusal', () => {
	test('alone is about one line: nothing is limited, and nobody waits', () => {
		const rate = new RateLimit(undefined);
		sendInASecond(rate, 20);
		expect(refuse(rate)).toBe(false);
		expect(rate.found).toBeUndefined();
		expect(rate.opensAt).toBeLessThanOrEqual(performance.now());
	});

	test('alone is waited for where it says how long', () => {
		const rate = new RateLimit(undefined);
		expect(refuse(rate, 1, 7000)).toBe(false);
		expect(rate.opensAt - performance.now()).toBe(7000);
		refuse(rate, 1, 3000);
		expect(rate.opensAt - performance.now()).toBe(7000);
	});

	test.each([
		[120_000, 120_000],
		[120_001, -Infinity],
	])('that asks for %i ms holds what comes for %d', (retryAfter, held) => {
		const rate = new RateLimit(undefined);
		refuse(rate, 1, retryAfter);
		expect(rate.opensAt - performance.now()).toBe(held);
	});

	test.each([
		[9, true],
		[11, false],
	])('that %i good answers follow still counts: %p', (answers, counts) => {
		const rate = new RateLimit(undefined);
		refuse(rate);
		for (let nth = 0; nth < answers; nth++) rate.taken(true);
		expect(refuse(rate)).toBe(counts);
	});

	test('that follows another limits the rate to what was taken, and all wait a second', () => {
		const rate = foundToTake20();
		expect(rate.opensAt - performance.now()).toBe(1000);
	});

	test('tells nothing where fewer were taken than may be in flight: others used the limit up', () => {
		const rate = new RateLimit(undefined);
		sendInASecond(rate, 20);
		refuse(rate);
		expect(refuse(rate, 21)).toBe(true);
		expect(rate.found).toBeUndefined();
	});

	test.each([
		[8, true],
		[7, false],
	])(
		'alone is of one too many, where %i of the 10 of a contract were sent: %p',
		(sent, tooMany) => {
			const rate = new RateLimit(10);
			sendInASecond(rate, sent);
			expect(refuse(rate)).toBe(tooMany);
			expect(rate.found).toBe(tooMany ? sent : undefined);
		},
	);

	test('of what was on its way at that time takes it from what was taken', () => {
		const rate = new RateLimit(undefined);
		const onItsWay = sendInASecond(rate, 20);
		refuse(rate);
		refuse(rate);
		pass(200);
		expect(rate.refused(onItsWay, undefined, 5)).toBe(true);
		expect(rate.found).toBe(19);
	});

	test('of what was sent long before changes nothing', () => {
		const rate = new RateLimit(undefined);
		const longAgo = sendInASecond(rate, 5);
		pass(3000);
		sendInASecond(rate, 20);
		refuse(rate);
		refuse(rate);
		expect(rate.refused(longAgo, undefined, 5)).toBe(true);
		expect(rate.found).toBe(20);
	});
});

describe('a limit that was found', () => {
	test('is lowered by a twentieth at most where a refusal comes now and then', () => {
		const rate = foundToTake20();
		for (let nth = 0; nth < 20; nth++) rate.taken(false);
		sendInASecond(rate, 16);
		refuse(rate);
		expect(rate.found).toBe(19);
	});

	test('is halved at most where refusals pile up', () => {
		const rate = foundToTake20();
		sendInASecond(rate, 5);
		refuse(rate);
		expect(rate.found).toBe(10);
	});

	test('is one a second at least, and never more than the contract says', () => {
		const slow = new RateLimit(undefined);
		refuse(slow);
		refuse(slow, 0);
		expect(slow.found).toBe(1);

		const contracted = new RateLimit(20);
		sendInASecond(contracted, 20);
		refuse(contracted);
		takeFor(contracted, 12, 20);
		expect(contracted.found).toBe(20);
	});
});

describe('more is tried', () => {
	test('after ten seconds in which the limit was made use of, and soon again', () => {
		const rate = foundToTake20();
		takeFor(rate, 9, 20);
		expect(rate.found).toBe(20);
		takeFor(rate, 1, 20);
		expect(rate.found).toBe(30);
		takeFor(rate, 2, 30);
		expect(rate.found).toBe(45);
	});

	test('not while less is sent than may be', () => {
		const rate = foundToTake20();
		takeFor(rate, 20, 15);
		expect(rate.found).toBe(20);
		takeFor(rate, 1, 16);
		expect(rate.found).toBe(30);
	});

	test('not where an answer came late', () => {
		const rate = foundToTake20();
		takeFor(rate, 9, 20);
		sendInASecond(rate, 20);
		rate.taken(false);
		expect(rate.found).toBe(20);
	});

	test('in vain: a single refusal brings back the limit of before, and more is tried twice as late', () => {
		const rate = foundToTake20();
		takeFor(rate, 10, 20);
		expect(refuse(rate)).toBe(true);
		expect(rate.found).toBe(20);
		takeFor(rate, 19, 20);
		expect(rate.found).toBe(20);
		takeFor(rate, 1, 20);
		expect(rate.found).toBe(30);
	});

	test('as early as at first where a trial before the last went well', () => {
		const rate = foundToTake20();
		takeFor(rate, 10, 20);
		refuse(rate);
		takeFor(rate, 20, 20);
		takeFor(rate, 2, 30);
		refuse(rate);
		expect(rate.found).toBe(30);
		takeFor(rate, 9, 30);
		expect(rate.found).toBe(30);
		takeFor(rate, 1, 30);
		expect(rate.found).toBe(45);
	});
});
