/** Requests in flight before anything is known of the operator. */
const INITIAL_LEVEL = 10;
/** What a prompt answer adds to the level: so much a round trip, until the operator first objects. */
const GROWTH = 0.25;
const CAREFUL_GROWTH = 0.05;
/** Answers take this many times as long as usual, and this many ms more: the operator slows down. */
const SLOW = { factor: 2, ms: 100 };
/** How much one answer counts in an endpoint's latency, as it is of late and as it usually is. */
const WEIGHT = { recent: 0.1, usual: 0.002 };

/** How long an endpoint takes to answer: exponential averages, ms. */
interface Latency {
	answers: number;
	recent: number;
	usual: number;
}

/**
 * How many requests an operator bears at the same time: ever more while it answers promptly, half
 * as many where it objects or slows down (additive increase, multiplicative decrease). All times
 * are those of `performance.now()`.
 */
export class ConcurrencyLimit {
	#level: number;
	#growth = GROWTH;
	/** What was sent before tells nothing of the new level. */
	#halvedAt = -Infinity;
	/** Since the last good answer: a single one may be about one line alone. */
	#troubles = 0;
	readonly #latencies = new Map<string, Latency>();

	/** @param most requests in flight */
	constructor(private readonly most: number) {
		this.#level = Math.min(INITIAL_LEVEL, most);
	}

	/** Requests that may be in flight; the fraction is on its way to one more. */
	get level(): number {
		return this.#level;
	}

	/**
	 * A good answer came.
	 * @param endpoint whose latency it is compared with
	 * @param inFlight when it came, itself among them: a level that is not made use of does not grow
	 * @returns whether it came promptly
	 */
	answered(endpoint: string, sentAt: number, inFlight: number): boolean {
		this.#troubles = 0;
		if (this.#slowsDown(endpoint, performance.now() - sentAt)) {
			this.halve(sentAt);
			return false;
		}
		if (inFlight + 1 > this.#level) this.#level = Math.min(this.most, this.#level + this.#growth);
		return true;
	}

	/** No answer came, or that there will be none at the moment. */
	troubled(sentAt: number): void {
		if (++this.#troubles > 1) this.halve(sentAt);
	}

	/** @param sentAt when what it is halved for was sent */
	halve(sentAt: number): void {
		if (sentAt < this.#halvedAt) return;
		this.#halvedAt = performance.now();
		this.#level = Math.max(1, this.#level / 2);
		this.#growth = CAREFUL_GROWTH;
	}

	#slowsDown(endpoint: string, took: number): boolean {
		const latency = this.#latencies.get(endpoint) ?? { answers: 0, recent: took, usual: took };
		this.#latencies.set(endpoint, latency);
		latency.answers++;
		latency.recent += WEIGHT.recent * (took - latency.recent);
		latency.usual += Math.max(WEIGHT.usual, 1 / latency.answers) * (took - latency.usual);
		const { recent, usual } = latency;
		if (recent <= SLOW.factor * usual || recent <= usual + SLOW.ms) return false;
		latency.recent = usual;
		return true;
	}
}
