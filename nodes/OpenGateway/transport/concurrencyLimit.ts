/** Requests in flight before the operator has answered any. */
const INITIAL_LIMIT = 10;
/**
 * Added to the limit per prompt response: fast until the first decrease (TCP's slow start), slowly
 * afterwards (congestion avoidance).
 */
const SLOW_START_INCREASE = 0.25;
const INCREASE = 0.05;
/**
 * The operator slows down if the short-term RTT is above `factor` times the long-term one and `ms`
 * above it: a busy n8n reads some responses that late.
 */
const RTT_TOLERANCE = { factor: 2, ms: 200 };
/** Weight (0–1) of one response in an endpoint's short-term and long-term RTT. */
const SMOOTHING = { short: 0.1, long: 0.002 };

/** One endpoint. Its round-trip times (ms) are exponential moving averages. */
interface Endpoint {
	responses: number;
	shortRtt: number;
	longRtt: number;
	/** Drops since the last success. A single drop may concern one subscriber alone. */
	consecutiveDrops: number;
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
	readonly #endpoints = new Map<string, Endpoint>();

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
		const known = this.#endpoint(endpoint);
		known.consecutiveDrops = 0;
		if (slowsDown(known, performance.now() - sentAt)) {
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
	onDropped(endpoint: string, sentAt: number): boolean {
		if (++this.#endpoint(endpoint).consecutiveDrops <= 1) return false;
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

	#endpoint(url: string): Endpoint {
		const known = this.#endpoints.get(url) ?? {
			responses: 0,
			shortRtt: 0,
			longRtt: 0,
			consecutiveDrops: 0,
		};
		this.#endpoints.set(url, known);
		return known;
	}
}

function slowsDown(endpoint: Endpoint, rtt: number): boolean {
	if (endpoint.responses === 0) endpoint.shortRtt = endpoint.longRtt = rtt;
	endpoint.responses++;
	endpoint.shortRtt += SMOOTHING.short * (rtt - endpoint.shortRtt);
	endpoint.longRtt += Math.max(SMOOTHING.long, 1 / endpoint.responses) * (rtt - endpoint.longRtt);
	const { shortRtt, longRtt } = endpoint;
	const tolerated = Math.max(RTT_TOLERANCE.factor * longRtt, longRtt + RTT_TOLERANCE.ms);
	if (shortRtt <= tolerated) return false;
	endpoint.shortRtt = longRtt;
	return true;
}
