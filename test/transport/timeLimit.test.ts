import { TimeLimit } from '../../nodes/OpenGateway/transport/timeLimit';

describe('a time limit', () => {
	/** Work that never ends by itself, and the signals that it got. */
	function endless() {
		const signals: AbortSignal[] = [];
		const work = async (signal: AbortSignal) => {
			signals.push(signal);
			return await new Promise<never>(() => undefined);
		};
		return { work, signals };
	}
	const late = { code: 'ETIMEDOUT' };

	test('ends each piece of work in its own time', async () => {
		const { work, signals } = endless();
		const limit = new TimeLimit(100);
		const first = expect(limit.within(work)).rejects.toMatchObject(late);
		await new Promise((resolve) => setTimeout(resolve, 60));
		const second = expect(limit.within(work)).rejects.toMatchObject(late);
		await first;
		expect(signals.map(({ aborted }) => aborted)).toEqual([true, false]);
		await second;
		expect(signals.map(({ aborted }) => aborted)).toEqual([true, true]);
	});

	test('ends all work when its signal aborts, and begins no other', async () => {
		const run = new AbortController();
		const { work, signals } = endless();
		const limit = new TimeLimit(60_000, run.signal);
		const both = [limit.within(work), limit.within(work)];
		run.abort();
		for (const ended of both) await expect(ended).rejects.toMatchObject(late);
		await expect(limit.within(work)).rejects.toMatchObject(late);
		expect(signals.map(({ aborted }) => aborted)).toEqual([true, true]);
	});

	test('leaves work alone that is done', async () => {
		const run = new AbortController();
		const limit = new TimeLimit(20, run.signal);
		let given: AbortSignal | undefined;
		const done = limit.within(async (signal) => {
			given = signal;
			return await Promise.resolve('done');
		});
		expect(await done).toBe('done');
		await new Promise((resolve) => setTimeout(resolve, 50));
		run.abort();
		expect(given).toMatchObject({ aborted: false });
	});

	test('has the signal of work that fails abort', async () => {
		let given: AbortSignal | undefined;
		const failing = new TimeLimit(1000).within(async (signal) => {
			given = signal;
			return await Promise.reject(new Error('Read no further'));
		});
		await expect(failing).rejects.toThrow('Read no further');
		expect(given).toMatchObject({ aborted: true });
	});
});
