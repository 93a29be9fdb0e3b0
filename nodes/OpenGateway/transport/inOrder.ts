/** More than there are requests in flight, since some items wait for a phone's owner. */
const MAX_ITEMS_IN_FLIGHT = 1000;

/** Works on the items in order, up to {@link MAX_ITEMS_IN_FLIGHT} at a time. */
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
	await Promise.all(Array.from({ length: Math.min(MAX_ITEMS_IN_FLIGHT, length) }, worker));
	return results;
}
