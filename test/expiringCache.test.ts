import { OpenGatewayError } from '../nodes/OpenGateway/errors';
import { ExpiringCache } from '../nodes/OpenGateway/expiringCache';

interface Token {
	name: string;
	expiresAt?: number;
}

let cache: ExpiringCache<Token>;
let made: string[];
const inAnHour = () => Date.now() + 3_600_000;
const makes =
	(name: string, expiresAt: number | undefined = inAnHour()) =>
	async () => {
		made.push(name);
		return { name, expiresAt };
	};

beforeEach(() => {
	cache = new ExpiringCache(3);
	made = [];
});
afterEach(() => jest.useRealTimers());

test('makes what it does not have, and keeps it', async () => {
	expect(await cache.get('a', makes('first'))).toMatchObject({
		value: { name: 'first' },
		isKept: false,
	});
	expect(await cache.get('a', makes('second'))).toMatchObject({
		value: { name: 'first' },
		isKept: true,
	});
	expect(made).toEqual(['first']);
});

test('keeps one for each key', async () => {
	await cache.get('a', makes('of a'));
	expect((await cache.get('b', makes('of b'))).value.name).toBe('of b');
});

test('makes one anew as soon as it has expired', async () => {
	jest.useFakeTimers();
	await cache.get('a', makes('first', Date.now() + 1000));
	jest.advanceTimersByTime(999);
	expect((await cache.get('a', makes('second'))).value.name).toBe('first');
	jest.advanceTimersByTime(1);
	expect((await cache.get('a', makes('third'))).value.name).toBe('third');
});

test('keeps nothing of which it is not known how long it is good', async () => {
	const unknown = async () => ({ name: 'unknown' });
	await cache.get('a', unknown);
	expect(await cache.get('a', makes('second'))).toMatchObject({ value: { name: 'second' } });
});

test('lets the least recently used leave where there are too many', async () => {
	for (const key of ['a', 'b', 'c']) await cache.get(key, makes(key));
	await cache.get('a', makes('not needed'));
	await cache.get('d', makes('d'));

	for (const key of ['a', 'c', 'd']) await cache.get(key, makes('not needed'));
	expect(made).toEqual(['a', 'b', 'c', 'd']);
	await cache.get('b', makes('b again'));
	expect(made).toEqual(['a', 'b', 'c', 'd', 'b again']);
});

test('makes one at a time, for all who ask for it meanwhile', async () => {
	const asked = await Promise.all([1, 2, 3].map(() => cache.get('a', makes('the one'))));

	expect(made).toEqual(['the one']);
	expect(asked.map(({ value, isKept }) => [value.name, isKept])).toEqual([
		['the one', false],
		['the one', false],
		['the one', false],
	]);
});

test('tells all who waited for it why it could not be made, and makes it anew for the next', async () => {
	const refusal = new OpenGatewayError('Refused', { code: 'access_denied', remedy: '' });
	const refused = async () => {
		made.push('refused');
		throw refusal;
	};
	const asked = await Promise.allSettled([1, 2].map(() => cache.get('a', refused)));

	expect(asked.map((outcome) => outcome.status === 'rejected' && outcome.reason)).toEqual([
		refusal,
		refusal,
	]);
	expect(made).toEqual(['refused']);
	expect((await cache.get('a', makes('second'))).value.name).toBe('second');
});

test('makes it anew for those who waited where whoever had begun it was cancelled', async () => {
	const cancelled = async () => {
		throw new Error('This execution was cancelled');
	};
	const first = cache.get('a', cancelled);
	const others = [1, 2].map(() => cache.get('a', makes('of another execution')));

	await expect(first).rejects.toThrow('This execution was cancelled');
	expect((await Promise.all(others)).map(({ value }) => value.name)).toEqual([
		'of another execution',
		'of another execution',
	]);
	expect(made).toEqual(['of another execution']);
});

test('forgets what turned out to be no good, but not what came in its place', async () => {
	const { value: first } = await cache.get('a', makes('first'));
	cache.forget('a', first);
	const { value: second } = await cache.get('a', makes('second'));
	cache.forget('a', first);

	expect(second.name).toBe('second');
	expect((await cache.get('a', makes('third'))).value).toBe(second);
});
