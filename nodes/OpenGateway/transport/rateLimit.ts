import { MAX_RETRY_AFTER } from '../retryAfter';
import { RateEstimate } from './rateEstimate';

/** Pause (ms) if the operator names none. */
const DEFAULT_PAUSE = 1000;
/** Share (0–1) of the limit that is used: timers and networks are not exact. */
const HEADROOM = 0.95;
/** A timer that is up to this late (ms) costs no throughput; the headroom absorbs the burst. */
const BURST_TOLERANCE = 30;

/**
 * Limits the requests per second: paces them as a leaky bucket (GCRA, the generic cell rate
 * algorithm of ITU-T I.371), and pauses all of them if the operator throttles (HTTP 429) or is
 * unavailable. Times are those of `performance.now()` (ms).
 */
export class RateLimit {
	readonly #estimate: RateEstimate;
	/** The operator asked for no requests before this time. */
	#pausedUntil = -Infinity;
	/** GCRA's theoretical arrival time of the next request, less the burst tolerance. */
	#nextAt = -Infinity;

	/** @param ceiling (requests/s) `undefined`: as many as the operator accepts */
	constructor(ceiling: number | undefined) {
		this.#estimate = new RateEstimate(ceiling);
	}

	/** Requests per second that the operator was found to accept; `undefined` while it accepts all. */
	get estimate(): number | undefined {
		return this.#estimate.value;
	}

	/** When the next request may be sent. */
	get nextSendAt(): number {
		return Math.max(this.#pausedUntil, this.#nextAt);
	}

	onSent(sentAt: number): void {
		this.#estimate.onSent(sentAt);
		const { limit } = this.#estimate;
		if (limit === undefined) return;
		this.#nextAt = Math.max(this.#nextAt, sentAt - BURST_TOLERANCE) + 1000 / (HEADROOM * limit);
	}

	/** @param isPrompt whether the operator is as fast as usual, so that a higher rate may be probed */
	onAccepted(isPrompt: boolean): void {
		this.#estimate.onAccepted(isPrompt);
	}

	/**
	 * The operator answered HTTP 429.
	 * @param retryAfter of the response (ms)
	 * @param concurrencyLimit requests that might be in flight
	 * @returns whether the operator throttles the application; if not, perhaps one subscriber alone
	 */
	onThrottled(sentAt: number, retryAfter: number | undefined, concurrencyLimit: number): boolean {
		const isOverLimit = this.#estimate.onThrottled(sentAt, concurrencyLimit);
		if (isOverLimit || retryAfter !== undefined) this.pause(retryAfter);
		return isOverLimit;
	}

	/** @param ms that no request is sent for; more than {@link MAX_RETRY_AFTER} is no pause */
	pause(ms = DEFAULT_PAUSE): void {
		if (ms > MAX_RETRY_AFTER) return;
		this.#pausedUntil = Math.max(this.#pausedUntil, performance.now() + ms);
	}
}
