import { EndedEarly, OpenGatewayError } from '../nodes/OpenGateway/errors';
import { ExpiringCache } from '../nodes/OpenGateway/expiringCache';

interface Token {
	name: string;
	expiresAt?: number;
}

let cache: ExpiringCache<Token>;
let loaded: string[];
const inAnHour = () => Date.now() + 3_600_000;
const loads =
	(name: string, expiresAt: number | undefined = inAnHour()) =>
	async () => {
		loaded.push(name);
		return { name, expiresAt };
	};

beforeEach(() => {
	cache = new ExpiringCache(3);
	loaded = [];
});
afterEach(() => jest.useRealTimers());

test('a value is loaded once and then cached', async () => {
	expect(await cache.get('a', loads('first'))).toMatchObject({
		value: { name: 'first' },
		isCached: false,
	});
	expect(await cache.get('a', loads('second'))).toMatchObject({
		value: { name: 'first' },
		isCached: true,
	});
	expect(loaded).toEqual(['first']);
});

test('each key has a value of its own', async () => {
	await cache.get('a', loads('of a'));
	expect((await cache.get('b', loads('of b'))).value.name).toBe('of b');
});

test('an expired value is loaded anew', async () => {
	jest.useFakeTimers();
	await cache.get('a', loads('first', Date.now() + 1000));
	jest.advanceTimersByTime(999);
	expect((await cache.get('a', loads('second'))).value.name).toBe('first');
	jest.advanceTimersByTime(1);
	expect((await cache.get('a', loads('third'))).value.name).toBe('third');
});

test('a value without an expiry is not cached', async () => {
	const unknown = async () => ({ name: 'unknown' });
	await cache.get('a', unknown);
	expect(await cache.get('a', loads('second'))).toMatchObject({ value: { name: 'second' } });
});

test('the least recently used value is removed if there are too many', async () => {
	for (const key of ['a', 'b', 'c']) await cache.get(key, loads(key));
	await cache.get('a', loads('not needed'));
	await cache.get('d', loads('d'));

	for (const key of ['a', 'c', 'd']) await cache.get(key, loads('not needed'));
	expect(loaded).toEqual(['a', 'b', 'c', 'd']);
	await cache.get('b', loads('b again'));
	expect(loaded).toEqual(['a', 'b', 'c', 'd', 'b again']);
});

test('concurrent calls for one key share one load', async () => {
	const asked = await Promise.all([1, 2, 3].map(() => cache.get('a', loads('the one'))));

	expect(loaded).toEqual(['the one']);
	expect(asked.map(({ value, isCached }) => [value.name, isCached])).toEqual([
		['the one', false],
		['the one', false],
		['the one', false],
	]);
});

test('all calls that share a load are told why it was refused, and the next one loads anew', async () => {
	const refusal = new OpenGatewayError('Refused', { code: 'access_denied', remedy: '' });
	const refused = async () => {
		loaded.push('refused');
		throw refusal;
	};
	const asked = await Promise.allSettled([1, 2].map(() => cache.get('a', refused)));

	expect(asked.map((outcome) => outcome.status === 'rejected' && outcome.reason)).toEqual([
		refusal,
		refusal,
	]);
	expect(loaded).toEqual(['refused']);
	expect((await cache.get('a', loads('second'))).value.name).toBe('second');
});

test.each([
	['is cancelled', new Error('This execution was cancelled')],
	['ends early', new EndedEarly('This execution ended', { code: 'QUOTA_EXCEEDED', remedy: '' })],
])('if the execution that loads a value %s, another one loads it', async (_how, error) => {
	const cancelled = async () => {
		throw error;
	};
	const first = cache.get('a', cancelled);
	const others = [1, 2].map(() => cache.get('a', loads('of another execution')));

	await expect(first).rejects.toBe(error);
	expect((await Promise.all(others)).map(({ value }) => value.name)).toEqual([
		'of another execution',
		'of another execution',
	]);
	expect(loaded).toEqual(['of another execution']);
});

test('a value is forgotten, but not the one that has replaced it', async () => {
	const { value: first } = await cache.get('a', loads('first'));
	cache.forget('a', first);
	const { value: second } = await cache.get('a', loads('second'));
	cache.forget('a', first);

	expect(second.name).toBe('second');
	expect((await cache.get('a', loads('third'))).value).toBe(second);
});
