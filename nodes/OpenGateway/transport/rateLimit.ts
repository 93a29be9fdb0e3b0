import { MAX_RETRY_AFTER } from './sendOptions';

/** How long all wait, in ms, where too many requests are refused without a word on when to return. */
const HOLD = 1000;
/** How many requests are sent in a second, of those that may be: timers and networks are not exact. */
const SAFE_SHARE = 0.95;
/** From this share of the rate on, it is made use of, and is what a refusal is about. */
const AT_RATE = 0.8;
/** How late a timer may fire, in ms, without less being sent for it: for that the rest has room. */
const TIMER_SLACK = 30;
/** How long it is remembered when a request was sent, in ms: a refusal may come late. */
const SENT_KEPT = 10_000;
/**
 * How long a limit is kept to, in ms, before more is tried, and how much more: again soon where that
 * goes well, later where it is in vain.
 */
const TRIAL = { after: 10_000, again: 2000, atMost: 160_000, factor: 1.5 };

/**
 * How many requests an operator takes in a second: all, until it refuses some as too many (429);
 * then what it took so far is the limit, of which more is tried from time to time. All times are
 * those of `performance.now()`.
 */
export class RateLimit {
	/** In a second; `undefined`: there is no limit. */
	#limit: number | undefined;
	#limitedAt = -Infinity;
	/** By the refusal of a request that was sent at this time, and from what to what it can be. */
	#found: { readonly by: number; readonly atLeast: number; readonly atMost: number } | undefined;
	readonly #trials = new Trials();
	/** When a request was last refused as one too many: what was sent before tells nothing new. */
	#refusedAt = -Infinity;
	/** Requests refused, less one for every ten that were taken since. */
	#refusals = 0;
	/** Nothing is sent before: the operator wants to be left alone. */
	#heldUntil = -Infinity;
	/** When the next request has its place in the second. */
	#nextAt = -Infinity;
	/** When each request of late was sent, but for those that were refused. */
	readonly #sent: number[] = [];

	/** @param contract requests that may be sent in a second; `undefined`: as many as are taken */
	constructor(private readonly contract: number | undefined) {
		this.#limit = contract;
	}

	/** What the operator was found to take, in requests a second; `undefined` where it took all. */
	get found(): number | undefined {
		return this.#found && this.#limit;
	}

	/** When the next request may be sent. */
	get opensAt(): number {
		return Math.max(this.#heldUntil, this.#nextAt);
	}

	/** A request is sent. */
	used(sentAt: number): void {
		const recent = this.#sent.findIndex((at) => at > sentAt - SENT_KEPT);
		this.#sent.splice(0, recent < 0 ? this.#sent.length : recent);
		this.#sent.push(sentAt);
		if (this.#limit === undefined) return;
		this.#nextAt = Math.max(this.#nextAt, sentAt - TIMER_SLACK) + 1000 / (SAFE_SHARE * this.#limit);
	}

	/**
	 * A request was not refused.
	 * @param isPrompt was answered as fast as usual, so that more may be tried
	 */
	taken(isPrompt: boolean): void {
		this.#refusals = Math.max(0, this.#refusals - 0.1);
		const now = performance.now();
		if (!isPrompt || this.found === undefined || now < this.#limitedAt + this.#trials.after) return;
		// What is not made use of tells nothing.
		if (!this.#isMadeUseOf(now)) return;
		this.#limitTo(this.found * TRIAL.factor);
		this.#trials.begin();
	}

	/**
	 * A request was refused as one too many.
	 * @param retryAfter how long the operator wants to be left alone, in ms
	 * @param level of requests in flight: fewer that were taken tell nothing
	 * @returns whether too many were sent, as far as one can know; else it may be about one line alone
	 */
	refused(sentAt: number, retryAfter: number | undefined, level: number): boolean {
		const itself = this.#sent.indexOf(sentAt);
		if (itself >= 0) this.#sent.splice(itself, 1);
		// Where as many as may be were sent, or more on trial, that is too many by a little.
		const areTooMany = ++this.#refusals > 1 || this.#trials.isOn || this.#isMadeUseOf(sentAt);
		const now = performance.now();
		const hold = retryAfter ?? (areTooMany ? HOLD : 0);
		if (hold <= MAX_RETRY_AFTER) this.#heldUntil = Math.max(this.#heldUntil, now + hold);
		if (!areTooMany) return false;

		const isNews = sentAt > this.#refusedAt;
		if (isNews) {
			this.#refusedAt = now;
			// So few tell nothing: others may have used the limit up.
			if (this.#takenUntil(sentAt) < level) return true;
			const known = this.found;
			this.#found = {
				by: sentAt,
				atLeast: this.#leastShare() * (known ?? 0),
				atMost: known ?? Infinity,
			};
			this.#trials.end();
		}
		// What was on its way at the same time is known not to have been taken now.
		if (this.#found && (isNews || isWithinASecond(sentAt, this.#found.by))) {
			const { by, atLeast, atMost } = this.#found;
			this.#limitTo(Math.min(Math.max(this.#takenUntil(by), atLeast), atMost));
		}
		return true;
	}

	/** How much of the limit known so far is left at least: after a trial, that of before it. */
	#leastShare(): number {
		if (this.#trials.isOn) return 1 / TRIAL.factor;
		return this.#refusals > 2 ? 0.5 : SAFE_SHARE;
	}

	#limitTo(limit: number): void {
		this.#limit = Math.min(Math.max(limit, 1), this.contract ?? Infinity);
		this.#limitedAt = performance.now();
	}

	#isMadeUseOf(until: number): boolean {
		return this.#takenUntil(until) >= AT_RATE * (this.#limit ?? Infinity);
	}

	/** How many the operator took, or still may take, of those sent in the second up to then. */
	#takenUntil(until: number): number {
		return this.#sent.filter((at) => isWithinASecond(at, until)).length;
	}
}

/** When more is tried than the operator was found to take. */
class Trials {
	/** Since it last refused too many. */
	#made = 0;
	/** The wait for the first one. */
	#first = TRIAL.after;

	get isOn(): boolean {
		return this.#made > 0;
	}

	/** How long the limit is kept to before the next one, in ms. */
	get after(): number {
		return this.isOn ? TRIAL.again : this.#first;
	}

	begin(): void {
		this.#made++;
	}

	/** Too many were refused: of the first trial already, or of a later one. */
	end(): void {
		if (this.#made === 1) this.#first = Math.min(2 * this.#first, TRIAL.atMost);
		if (this.#made > 1) this.#first = TRIAL.after;
		this.#made = 0;
	}
}

function isWithinASecond(at: number, until: number): boolean {
	return at > until - 1000 && at <= until;
}
