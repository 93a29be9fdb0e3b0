import { ConcurrencyLimit } from '../../nodes/OpenGateway/transport/concurrencyLimit';

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

const ENDPOINT = '/roaming';
const FULL = 1000;

/** So many good answers that took so long; how many of them were prompt. */
function answer(concurrency: ConcurrencyLimit, times: number, took: number, endpoint = ENDPOINT) {
	let prompt = 0;
	for (let time = 0; time < times; time++) {
		const sentAt = performance.now();
		jest.advanceTimersByTime(took);
		if (concurrency.answered(endpoint, sentAt, FULL)) prompt++;
	}
	return prompt;
}

test.each([
	[100, 10],
	[10, 10],
	[3, 3],
])('of %i that are allowed, it begins with %i', (most, level) => {
	expect(new ConcurrencyLimit(most).level).toBe(level);
});

test('grows with each prompt answer, to what is allowed', () => {
	const concurrency = new ConcurrencyLimit(11);
	answer(concurrency, 1, 50);
	expect(concurrency.level).toBe(10.25);
	answer(concurrency, 10, 50);
	expect(concurrency.level).toBe(11);
});

test('does not grow where it is not made use of', () => {
	const concurrency = new ConcurrencyLimit(100);
	concurrency.answered(ENDPOINT, performance.now(), 9);
	expect(concurrency.level).toBe(10);
	concurrency.answered(ENDPOINT, performance.now(), 10);
	expect(concurrency.level).toBe(10.25);
});

describe('is halved', () => {
	test('once for all that was sent before, and grows more carefully then', () => {
		const concurrency = new ConcurrencyLimit(100);
		const before = performance.now();
		jest.advanceTimersByTime(50);
		concurrency.halve(before);
		concurrency.halve(before);
		expect(concurrency.level).toBe(5);
		answer(concurrency, 1, 50);
		expect(concurrency.level).toBe(5.05);
		concurrency.halve(performance.now());
		expect(concurrency.level).toBe(2.525);
	});

	test('to one at least', () => {
		const concurrency = new ConcurrencyLimit(100);
		for (let time = 0; time < 10; time++) concurrency.halve(performance.now());
		expect(concurrency.level).toBe(1);
	});

	test('for two troubles with no good answer between them', () => {
		const concurrency = new ConcurrencyLimit(10);
		concurrency.troubled(performance.now());
		answer(concurrency, 1, 50);
		concurrency.troubled(performance.now());
		expect(concurrency.level).toBe(10);
		concurrency.troubled(performance.now());
		expect(concurrency.level).toBe(5);
	});
});

describe('an operator that slows down', () => {
	/** How many of ten answers are prompt that take so long, after many that took as long as usual. */
	function promptOfTen(usual: number, later: number) {
		const concurrency = new ConcurrencyLimit(10);
		answer(concurrency, 200, usual);
		const prompt = answer(concurrency, 10, later);
		return { prompt, level: concurrency.level };
	}

	test('is noticed within a few answers', () => {
		const { prompt, level } = promptOfTen(50, 500);
		expect(prompt).toBeLessThan(10);
		expect(level).toBeLessThanOrEqual(5);
	});

	test('is not, where it takes twice as long and yet not long', () => {
		expect(promptOfTen(5, 100)).toEqual({ prompt: 10, level: 10 });
	});

	test('is not, where it takes longer by less than half', () => {
		expect(promptOfTen(1000, 1900)).toEqual({ prompt: 10, level: 10 });
	});

	test('is measured by what the same endpoint takes', () => {
		const concurrency = new ConcurrencyLimit(10);
		for (let time = 0; time < 100; time++) {
			expect(answer(concurrency, 1, 20, '/token')).toBe(1);
			expect(answer(concurrency, 1, 2000)).toBe(1);
		}
	});

	test('and stays slow is as fast as usual after some time', () => {
		const concurrency = new ConcurrencyLimit(100);
		answer(concurrency, 200, 50);
		answer(concurrency, 2000, 500);
		expect(answer(concurrency, 100, 500)).toBe(100);
	});
});
