import { createHash } from 'crypto';

/** Events that a process remembers, at most. */
const MAX_REMEMBERED = 20_000;
/** Digests of one node that are to be stored, at most. */
const MAX_STORED = 100;

/** An event that was not seen before. */
export interface Noted {
	/** The node's latest digests, the oldest first, for its static data. */
	readonly stored: string[];
	/** Forgets the event again, as it was not taken after all. */
	forget(): void;
}

/**
 * The events that were accepted. Delivery is at least once (CloudEvents 1.0, `id`), and for a moment
 * two subscriptions may tell of the same happening.
 */
export class Duplicates {
	/** Digests in the order of their arrival, the oldest first. */
	readonly #seen = new Set<string>();
	/** Those to be stored, by node. */
	readonly #latest = new Map<string, string[]>();

	constructor(private readonly max = MAX_REMEMBERED) {}

	/**
	 * @param node in which the event arrived
	 * @param names of the event: if one of them was noted before, it is a duplicate
	 * @param stored digests of the node's static data, perhaps of an earlier process. Each request has
	 * a copy of its own, which may lack the latest.
	 * @returns `undefined` for a duplicate
	 */
	note(
		node: string,
		names: ReadonlyArray<readonly unknown[]>,
		stored: readonly string[] = [],
	): Noted | undefined {
		const digests = names.map((name) => digestOf([node, ...name]));
		if (digests.some((digest) => this.#seen.has(digest) || stored.includes(digest))) {
			return undefined;
		}
		digests.forEach((digest) => this.#seen.add(digest));
		for (const oldest of this.#seen) {
			if (this.#seen.size <= this.max) break;
			this.#seen.delete(oldest);
		}
		const known = this.#latest.get(node) ?? [];
		const latest = [...new Set([...stored, ...known, ...digests])].slice(-MAX_STORED);
		this.#latest.set(node, latest);
		return { stored: latest, forget: () => this.#forget(node, digests) };
	}

	#forget(node: string, digests: readonly string[]): void {
		digests.forEach((digest) => this.#seen.delete(digest));
		const latest = this.#latest.get(node) ?? [];
		this.#latest.set(
			node,
			latest.filter((digest) => !digests.includes(digest)),
		);
	}
}

/** 64 bits tell any number of events apart that a process remembers. */
function digestOf(name: readonly unknown[]): string {
	return createHash('sha256')
		.update(JSON.stringify(name))
		.digest()
		.subarray(0, 8)
		.toString('base64url');
}
