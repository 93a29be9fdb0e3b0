/** A map whose entries vanish after their time, and that never holds more than `capacity`. */
export class ExpiringMap<Value> {
	readonly #entries = new Map<string, { value: Value; expiresAt: number }>();
	#nextSweep = 0;

	constructor(private readonly capacity = 100_000) {}

	get(key: string): Value | undefined {
		const entry = this.#entries.get(key);
		return entry && entry.expiresAt > Date.now() ? entry.value : undefined;
	}

	/** Keeps `value` for `ttlMs`; where the map is full, the oldest entry makes room. */
	set(key: string, value: Value, ttlMs: number): void {
		const now = Date.now();
		this.#entries.delete(key);
		this.#entries.set(key, { value, expiresAt: now + ttlMs });
		if (now >= this.#nextSweep) {
			this.#nextSweep = now + 60_000;
			for (const [old, { expiresAt }] of this.#entries) {
				if (expiresAt <= now) this.#entries.delete(old);
			}
		}
		if (this.#entries.size > this.capacity) {
			const [oldest] = this.#entries.keys();
			this.#entries.delete(oldest!);
		}
	}

	delete(key: string): void {
		this.#entries.delete(key);
	}

	*[Symbol.iterator](): Generator<[string, Value]> {
		const now = Date.now();
		for (const [key, { value, expiresAt }] of this.#entries) {
			if (expiresAt > now) yield [key, value];
		}
	}

	get size(): number {
		return this.#entries.size;
	}
}
