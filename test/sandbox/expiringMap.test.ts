import { ExpiringMap } from '../../sandbox/expiringMap';

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

describe('An expiring map', () => {
	it('gives an entry until its time is over', () => {
		const map = new ExpiringMap<string>();
		map.set('token', 'line', 1000);
		jest.advanceTimersByTime(999);
		expect(map.get('token')).toBe('line');
		jest.advanceTimersByTime(1);
		expect(map.get('token')).toBeUndefined();
		expect([...map]).toEqual([]);
	});

	it('starts the time anew when an entry is set again', () => {
		const map = new ExpiringMap<string>();
		map.set('token', 'old', 1000);
		jest.advanceTimersByTime(900);
		map.set('token', 'new', 1000);
		jest.advanceTimersByTime(900);
		expect(map.get('token')).toBe('new');
	});

	it('lets go of what has expired', () => {
		const map = new ExpiringMap<number>();
		for (let n = 0; n < 1000; n++) map.set(`token ${n}`, n, 1000);
		jest.advanceTimersByTime(61_000);
		map.set('another', 1, 1000);
		expect(map.size).toBe(1);
	});

	it('makes room for a new entry by its oldest', () => {
		const map = new ExpiringMap<number>(2);
		['a', 'b', 'c'].forEach((key, n) => map.set(key, n, 1000));
		expect([...map]).toEqual([
			['b', 1],
			['c', 2],
		]);
	});
});
