import { sleep } from 'n8n-workflow';

/** More than there are requests in flight, since some items wait for a phone's owner. */
const MAX_ITEMS_IN_FLIGHT = 1000;
/** Items that begin at once: n8n evaluates their expressions, and does nothing else meanwhile. */
const MAX_BEGINNING = 40;

/**
 * Works on the items in order, up to {@link MAX_ITEMS_IN_FLIGHT} at a time. Once one has failed, no
 * other begins.
 */
export async function inOrder<Result>(
	length: number,
	work: (index: number) => Promise<Result>,
): Promise<Result[]> {
	const results: Result[] = [];
	let next = 0;
	const worker = async () => {
		while (next < length) {
			const index = next++;
			results[index] = await work(index);
		}
	};
	const endAll = (error: unknown) => {
		next = length;
		throw error;
	};
	let turn = Promise.resolve();
	const workers = Array.from({ length: Math.min(MAX_ITEMS_IN_FLIGHT, length) }, async (_, at) => {
		if (at > 0 && at % MAX_BEGINNING === 0) turn = turn.then(async () => await sleep(0));
		await turn;
		await worker().catch(endAll);
	});
	await Promise.all(workers);
	return results;
}
