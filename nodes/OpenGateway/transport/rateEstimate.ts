/** Utilisation (0–1) above which a 429 is attributed to the limit, and probing is worthwhile. */
const SATURATED = 0.8;
/** How long a sent request is remembered (ms): its 429 may come late. */
const REMEMBERED = 10_000;
/**
 * Probing for a higher limit: first after `delay` (ms), then every `interval` (ms) while probes
 * succeed. A failed first probe doubles the delay, up to `maxDelay` (ms). Each probe multiplies the
 * limit by `factor`.
 */
const PROBE = { delay: 10_000, interval: 2000, maxDelay: 160_000, factor: 1.5 };

/**
 * Estimates how many requests per second an operator accepts: all, until it throttles (HTTP 429);
 * then the number that it accepted in the second before. Nothing is sent during the pause that
 * follows, so the accepted requests are counted when it ends, after the late refusals of the same
 * burst. Times are those of `performance.now()` (ms).
 */
export class RateEstimate {
	/** Requests/s. */
	#value: number | undefined;
	#changedAt = -Infinity;
	/** A 429 whose estimate is made with the next request, and the lower bound of that estimate (requests/s). */
	#pending: { readonly sentAt: number; readonly atLeast: number } | undefined;
	/** When the first 429 of the last burst came: requests sent before belong to the same burst. */
	#throttledAt = -Infinity;
	/** Throttled requests, less one for every ten accepted since. */
	#throttles = 0;
	/** Probes since the last burst, and the delay (ms) before the first one. */
	#probes = { count: 0, delay: PROBE.delay };
	/** Send times of the requests that were not throttled. */
	#sends: number[] = [];

	/** @param ceiling (requests/s) of the estimate */
	constructor(private readonly ceiling: number | undefined) {}

	/** The estimate (requests/s); `undefined` while the operator accepts all. */
	get value(): number | undefined {
		return this.#value;
	}

	/** Requests/s that may be sent. */
	get limit(): number | undefined {
		return this.#value ?? this.ceiling;
	}

	onSent(sentAt: number): void {
		if (this.#pending) {
			const accepted = this.#acceptedUntil(this.#pending.sentAt);
			this.#set(Math.min(Math.max(accepted, this.#pending.atLeast), this.#value ?? Infinity));
			this.#pending = undefined;
		}
		const recent = this.#sends.findIndex((at) => at > sentAt - REMEMBERED);
		this.#sends.splice(0, recent < 0 ? this.#sends.length : recent);
		this.#sends.push(sentAt);
	}

	/** @param isPrompt whether the operator is as fast as usual: else nothing is probed */
	onAccepted(isPrompt: boolean): void {
		this.#throttles = Math.max(0, this.#throttles - 0.1);
		if (!isPrompt || this.#value === undefined) return;
		const now = performance.now();
		const wait = this.#isProbing ? PROBE.interval : this.#probes.delay;
		if (now < this.#changedAt + wait || !this.#isSaturated(now)) return;
		this.#set(this.#value * PROBE.factor);
		this.#probes.count++;
	}

	/**
	 * @param concurrencyLimit requests that might be in flight
	 * @returns whether the rate is over the operator's limit; if not, one subscriber alone may be throttled
	 */
	onThrottled(sentAt: number, concurrencyLimit: number): boolean {
		const own = this.#sends.indexOf(sentAt);
		if (own >= 0) this.#sends.splice(own, 1);
		// At the limit, or while probing, one 429 is evidence enough.
		if (++this.#throttles <= 1 && !this.#isProbing && !this.#isSaturated(sentAt)) return false;
		if (sentAt <= this.#throttledAt) return true;
		this.#throttledAt = performance.now();
		// If fewer were accepted than may be in flight, another client may have used up the limit.
		if (this.#acceptedUntil(sentAt) < concurrencyLimit) return true;
		this.#pending = { sentAt, atLeast: this.#leastShare() * (this.#value ?? 0) };
		this.#endProbes();
		return true;
	}

	/** Lower bound of a new estimate, as a share (0–1) of the old one. */
	#leastShare(): number {
		if (this.#isProbing) return 1 / PROBE.factor;
		return this.#throttles > 2 ? 0.5 : 0.95;
	}

	get #isProbing(): boolean {
		return this.#probes.count > 0;
	}

	#endProbes(): void {
		const { count, delay } = this.#probes;
		this.#probes.count = 0;
		if (count === 1) this.#probes.delay = Math.min(2 * delay, PROBE.maxDelay);
		if (count > 1) this.#probes.delay = PROBE.delay;
	}

	#set(estimate: number): void {
		this.#value = Math.min(Math.max(estimate, 1), this.ceiling ?? Infinity);
		this.#changedAt = performance.now();
	}

	#isSaturated(until: number): boolean {
		return this.#acceptedUntil(until) >= SATURATED * (this.limit ?? Infinity);
	}

	/** Requests sent in the second up to then, less those known to be throttled. */
	#acceptedUntil(until: number): number {
		return this.#sends.filter((at) => at > until - 1000 && at <= until).length;
	}
}
