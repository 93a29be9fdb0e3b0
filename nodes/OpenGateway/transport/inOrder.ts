import { Turns } from './turns';

/** More than there are requests in flight, since some items wait for a phone's owner. */
const MAX_ITEMS_IN_FLIGHT = 1000;
/** Items that begin in one turn: n8n evaluates their expressions. */
const BEGUN_PER_TURN = 40;

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
	const turns = new Turns(BEGUN_PER_TURN);
	const workers = Array.from({ length: Math.min(MAX_ITEMS_IN_FLIGHT, length) }, async () => {
		await turns.next();
		await worker().catch(endAll);
	});
	await Promise.all(workers);
	return results;
}
