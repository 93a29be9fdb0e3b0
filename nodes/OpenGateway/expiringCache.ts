import { EndedEarly, OpenGatewayError } from './errors';

/** A value with its expiry (ms since the epoch). A value without one is not cached. */
export interface Expiring {
	readonly expiresAt?: number;
}

/**
 * In-memory LRU cache with an expiry for each value, at most `max` of them. Concurrent calls for one
 * key share one `load()`.
 */
export class ExpiringCache<Value extends Expiring> {
	/** Ordered by last use. A promise is a value that is being loaded. */
	readonly #entries = new Map<string, Value | Promise<Value>>();

	constructor(private readonly max: number) {}

	/**
	 * @returns `isCached`: the value was loaded before this call
	 * @throws what `load` throws, also if another call for the key began it
	 */
	async get(
		key: string,
		load: () => Promise<Value>,
	): Promise<{ readonly value: Value; readonly isCached: boolean }> {
		for (;;) {
			const entry = this.#entries.get(key);
			if (entry === undefined) return { value: await this.#load(key, load), isCached: false };
			if (!(entry instanceof Promise)) {
				if (isFresh(entry)) {
					this.#put(key, entry);
					return { value: entry, isCached: true };
				}
				this.#entries.delete(key);
				continue;
			}
			const value = await entry.catch((error: unknown) => {
				if (error instanceof OpenGatewayError && !(error instanceof EndedEarly)) throw error;
				// The execution that began to load it was cancelled, or ended early. This one loads it anew.
				return undefined;
			});
			if (value !== undefined) return { value, isCached: false };
		}
	}

	/** Removes the value, unless another one has replaced it. */
	forget(key: string, value: Value): void {
		if (this.#entries.get(key) === value) this.#entries.delete(key);
	}

	async #load(key: string, load: () => Promise<Value>): Promise<Value> {
		const loading = load();
		this.#put(key, loading);
		let value: Value | undefined;
		try {
			value = await loading;
			return value;
		} finally {
			if (this.#entries.get(key) === loading) {
				if (value !== undefined && isFresh(value)) this.#put(key, value);
				else this.#entries.delete(key);
			}
		}
	}

	#put(key: string, entry: Value | Promise<Value>): void {
		this.#entries.delete(key);
		this.#entries.set(key, entry);
		if (this.#entries.size <= this.max) return;
		const [leastRecentlyUsed = ''] = this.#entries.keys();
		this.#entries.delete(leastRecentlyUsed);
	}
}

function isFresh({ expiresAt = 0 }: Expiring): boolean {
	return expiresAt > Date.now();
}
