import { OpenGatewayError } from './errors';

/** What may be kept until then, in ms since the epoch; not at all where it does not say. */
export interface Expiring {
	readonly expiresAt?: number;
}

/**
 * What is worth keeping until it expires, in the memory of this process alone: at most `max`
 * values, of which the least recently used leaves first. One that is being made is waited for.
 */
export class ExpiringCache<Value extends Expiring> {
	/** In the order of their use. */
	readonly #entries = new Map<string, Value | Promise<Value>>();

	constructor(private readonly max: number) {}

	/**
	 * @returns `isKept`: it was made before, for somebody else
	 * @throws what `make` throws, also where it was called for somebody else at the same time
	 */
	async get(
		key: string,
		make: () => Promise<Value>,
	): Promise<{ readonly value: Value; readonly isKept: boolean }> {
		for (;;) {
			const entry = this.#entries.get(key);
			if (entry === undefined) return { value: await this.#make(key, make), isKept: false };
			if (!(entry instanceof Promise)) {
				if (isFresh(entry)) {
					this.#put(key, entry);
					return { value: entry, isKept: true };
				}
				this.#entries.delete(key);
				continue;
			}
			const value = await entry.catch((error: unknown) => {
				if (error instanceof OpenGatewayError) throw error;
				// It was cancelled by those who had begun it: that is nothing to do with this one.
				return undefined;
			});
			if (value !== undefined) return { value, isKept: false };
		}
	}

	/** Forgets the value, unless another has taken its place. */
	forget(key: string, value: Value): void {
		if (this.#entries.get(key) === value) this.#entries.delete(key);
	}

	async #make(key: string, make: () => Promise<Value>): Promise<Value> {
		const making = make();
		this.#put(key, making);
		let value: Value | undefined;
		try {
			value = await making;
			return value;
		} finally {
			if (this.#entries.get(key) === making) {
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
