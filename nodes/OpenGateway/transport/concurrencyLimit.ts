/** Requests in flight before the operator has answered any. */
const INITIAL_LIMIT = 10;
/**
 * Added to the limit per prompt response: fast until the first decrease (TCP's slow start), slowly
 * afterwards (congestion avoidance).
 */
const SLOW_START_INCREASE = 0.25;
const INCREASE = 0.05;
/** The operator slows down if the short-term RTT is above `factor` times the long-term one and `ms` above it. */
const RTT_TOLERANCE = { factor: 2, ms: 100 };
/** Weight (0–1) of one response in an endpoint's short-term and long-term RTT. */
const SMOOTHING = { short: 0.1, long: 0.002 };

/** Round-trip times (ms) of one endpoint, as exponential moving averages. */
interface RoundTripTimes {
	responses: number;
	shortRtt: number;
	longRtt: number;
}

/**
 * Limits the requests in flight: additive increase while responses are prompt, multiplicative
 * decrease on loss (AIMD), and on latency as in Gradient2 (Netflix concurrency-limits), which
 * compares a short-term with a long-term RTT. Times are those of `performance.now()` (ms).
 */
export class ConcurrencyLimit {
	#limit: number;
	#increase = SLOW_START_INCREASE;
	/** Requests sent before this time say nothing about the decreased limit. */
	#decreasedAt = -Infinity;
	/** Drops since the last success. A single drop may concern one subscriber alone. */
	#consecutiveDrops = 0;
	readonly #endpoints = new Map<string, RoundTripTimes>();

	/** @param maxLimit requests in flight, at most */
	constructor(private readonly maxLimit: number) {
		this.#limit = Math.min(INITIAL_LIMIT, maxLimit);
	}

	/** Requests that may be in flight; a fraction counts towards the next one. */
	get limit(): number {
		return this.#limit;
	}

	/**
	 * The operator processed a request.
	 * @param endpoint whose round-trip times the response is compared with
	 * @param inFlight requests when the response came, including its own: the limit grows only if it is used up
	 * @returns whether the response was prompt
	 */
	onSuccess(endpoint: string, sentAt: number, inFlight: number): boolean {
		this.#consecutiveDrops = 0;
		if (this.#slowsDown(endpoint, performance.now() - sentAt)) {
			this.decrease(sentAt);
			return false;
		}
		if (inFlight + 1 > this.#limit) {
			this.#limit = Math.min(this.maxLimit, this.#limit + this.#increase);
		}
		return true;
	}

	/**
	 * A request got no response, or one that says that the operator is unavailable.
	 * @returns whether the operator drops requests although hardly any are in flight
	 */
	onDropped(sentAt: number): boolean {
		if (++this.#consecutiveDrops <= 1) return false;
		const isLowest = this.#limit === 1;
		this.decrease(sentAt);
		return isLowest;
	}

	/** Halves the limit, once for all requests in flight. @param sentAt of the request that is the reason */
	decrease(sentAt: number): void {
		if (sentAt < this.#decreasedAt) return;
		this.#decreasedAt = performance.now();
		this.#limit = Math.max(1, this.#limit / 2);
		this.#increase = INCREASE;
	}

	#slowsDown(endpoint: string, rtt: number): boolean {
		const times = this.#endpoints.get(endpoint) ?? { responses: 0, shortRtt: rtt, longRtt: rtt };
		this.#endpoints.set(endpoint, times);
		times.responses++;
		times.shortRtt += SMOOTHING.short * (rtt - times.shortRtt);
		times.longRtt += Math.max(SMOOTHING.long, 1 / times.responses) * (rtt - times.longRtt);
		const { shortRtt, longRtt } = times;
		const tolerated = Math.max(RTT_TOLERANCE.factor * longRtt, longRtt + RTT_TOLERANCE.ms);
		if (shortRtt <= tolerated) return false;
		times.shortRtt = longRtt;
		return true;
	}
}
