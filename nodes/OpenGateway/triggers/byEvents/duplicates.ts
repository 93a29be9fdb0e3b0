import { createHash } from 'crypto';

/** Events that a process remembers, at most. */
const MAX_REMEMBERED = 20_000;
/** Digests of one node that are to be stored, at most. */
const MAX_STORED = 100;

/** What tells an event from others. */
export interface EventNames {
	/** CloudEvents 1.0, `source` and `id`. */
	readonly id: readonly unknown[];
	/** Of what the event tells, if two subscriptions may tell it. */
	readonly happening?: readonly unknown[];
	/** The subscription that it belongs to. */
	readonly subscription: string;
}

/** An event that was not seen before. */
export interface Noted {
	/** Digests of the node's latest events, the oldest first, for its static data. */
	stored(): string[];
	/** Forgets the event again, as it was not taken after all. */
	forget(): void;
}

/**
 * The events that were accepted. Delivery is at least once (CloudEvents 1.0, `id`), and for a moment
 * two subscriptions may tell of the same happening.
 */
export class Duplicates {
	/** Digests of events and happenings in the order of their arrival, with the subscription that told of them. */
	readonly #seen = new Map<string, string>();
	/** Digests of events that are to be stored, by node. */
	readonly #latest = new Map<string, string[]>();

	constructor(private readonly max = MAX_REMEMBERED) {}

	/**
	 * @param node in which the event arrived
	 * @param stored digests of the node's static data, perhaps of an earlier process. Each request has
	 * a copy of its own, which may lack the latest.
	 * @returns `undefined` for a duplicate
	 */
	note(
		node: string,
		{ id, happening, subscription }: EventNames,
		stored: readonly string[] = [],
	): Noted | undefined {
		const event = digestOf([node, 'id', ...id]);
		const told = happening && digestOf([node, 'happening', ...happening]);
		if (this.#seen.has(event) || stored.includes(event)) return undefined;
		if (told && (this.#seen.get(told) ?? subscription) !== subscription) return undefined;

		const digests = told ? [event, told] : [event];
		for (const digest of digests) this.#seen.set(digest, subscription);
		for (const [oldest] of this.#seen) {
			if (this.#seen.size <= this.max) break;
			this.#seen.delete(oldest);
		}
		const latest = [...new Set([...stored, ...this.#latestOf(node), event])].slice(-MAX_STORED);
		this.#latest.set(node, latest);
		return {
			stored: () => this.#latestOf(node),
			forget: () => {
				digests.forEach((digest) => this.#seen.delete(digest));
				const others = this.#latestOf(node).filter((digest) => digest !== event);
				this.#latest.set(node, others);
			},
		};
	}

	#latestOf(node: string): string[] {
		return this.#latest.get(node) ?? [];
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
