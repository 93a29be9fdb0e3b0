import { sleep } from 'n8n-workflow';
import type { OpenGatewayError } from '../errors';
import { NO_ANSWER_BEHIND, type HttpAnswer } from '../http';
import { LONGEST_WAIT, type Limits } from './limits';

/** Requests in flight before anything is known of the operator. */
const INITIAL_LEVEL = 10;
/** What a prompt answer adds to the level: so much a round trip, until the operator first objects. */
const GROWTH = 0.25;
const CAREFUL_GROWTH = 0.05;
/** Answers take this many times as long as usual, and this many ms more: the operator slows down. */
const SLOW = { factor: 2, ms: 100 };
/** How much one answer counts in an endpoint's latency, as it is of late and as it usually is. */
const WEIGHT = { recent: 0.1, usual: 0.002 };
/** How long all wait, in ms, where too many requests are refused without a word on when to return. */
const HOLD = 1000;
/** How many requests are sent in a second, of those that may be: timers and networks are not exact. */
const SAFE_SHARE = 0.95;
/** From this share of the rate on, it is made use of, and is what a refusal is about. */
const AT_RATE = 0.8;
/**
 * How long a limit is kept to, in ms, before more is tried, and how much more: again soon where that
 * goes well, later where it is in vain.
 */
const RATE_TRIAL = { after: 10_000, again: 2000, atMost: 160_000, factor: 1.5 };
/** How late a timer may fire, in ms, without less being sent for it: for that the rest has room. */
const TIMER_SLACK = 30;
/** As many requests in a row given up without any answer, and nobody is there: none is sent for a while, in ms. */
const DOWN = { after: 10, for: 10_000 };

/** How long it is remembered when a request was sent, in ms: a refusal may come late. */
const SENT_KEPT = 10_000;

/** Statuses of an operator that cannot answer at the moment, or that nothing comes through to. */
const UNAVAILABLE: readonly number[] = [503, ...NO_ANSWER_BEHIND];

interface Waiting {
	readonly priority: number;
	readonly signal: AbortSignal;
	readonly begin: () => void;
	readonly cancel: (reason: unknown) => void;
}

/** How long an endpoint takes to answer: exponential averages, ms. */
interface Latency {
	answers: number;
	recent: number;
	usual: number;
}

/**
 * How many requests one application has in flight with its operator, and how many it sends in a
 * second: as many as the operator bears. The number in flight grows while answers come promptly and
 * is halved where the operator objects or slows down (additive increase, multiplicative decrease);
 * where it refuses too many requests (429), the rate that it took so far becomes a limit.
 */
export class Pace {
	#level: number;
	#growth = GROWTH;
	#inFlight = 0;
	/** By priority, then by arrival. */
	readonly #waiting: Waiting[] = [];
	readonly #latencies = new Map<string, Latency>();
	/** When the level was halved: what was sent before tells nothing of the new one. */
	#halvedAt = -Infinity;
	/** Troubles since the last good answer: a single one may be about one line alone. */
	#troubles = 0;
	/** Requests refused as too many (429), less one for every ten that were taken since. */
	#refusals = 0;
	/** Nothing is sent before. */
	#heldUntil = -Infinity;
	/** What the operator takes, in a second; `undefined` while it has refused none. */
	#rate: number | undefined;
	#ratedAt = -Infinity;
	/** By the refusal of a request that was sent at this time, and from what to what it can be. */
	#found: { readonly by: number; readonly atLeast: number; readonly atMost: number } | undefined;
	/** Since too many were refused. */
	#trials = 0;
	#trialAfter = RATE_TRIAL.after;
	#nextAt = -Infinity;
	/** When each request of late was sent, but for those that were refused as too many. */
	readonly #sent: number[] = [];
	#alarmAt = Infinity;
	/** Given up in a row, with what and when the last one was. */
	#givenUp: { times: number; failure: OpenGatewayError; at: number } | undefined;

	constructor(private readonly limits: Pick<Limits, 'maxConcurrency' | 'requestsPerSecond'>) {
		this.#level = Math.min(INITIAL_LEVEL, limits.maxConcurrency);
		this.#rate = limits.requestsPerSecond;
	}

	/** What the operator was found to bear, in requests a second; `undefined` where it bore all. */
	get rateFound(): number | undefined {
		return this.#found && this.#rate;
	}

	/** With what requests fail since nobody has answered for so long that none is sent. */
	get down(): OpenGatewayError | undefined {
		if (this.#givenUp === undefined || this.#givenUp.times < DOWN.after) return undefined;
		return performance.now() < this.#givenUp.at + DOWN.for ? this.#givenUp.failure : undefined;
	}

	/** A request failed in all its tries, without an answer. */
	gaveUp(failure: OpenGatewayError): void {
		const times = (this.#givenUp?.times ?? 0) + 1;
		this.#givenUp = { times, failure, at: performance.now() };
	}

	/**
	 * Sends when it is the request's turn.
	 * @param endpoint whose latency is compared with that of others of the same name
	 * @param priority the lowest goes first, of those that wait
	 * @param signal that is looked at when the turn comes, and while it is being sent
	 * @throws what `send` throws, what the pace is {@link down} with, and the signal's reason
	 */
	async send(
		{ endpoint, priority, signal }: { endpoint: string; priority: number; signal: AbortSignal },
		send: () => Promise<HttpAnswer>,
	): Promise<HttpAnswer> {
		await this.#turn(priority, signal);
		const sentAt = performance.now();
		this.#noteSent(sentAt);
		try {
			if (this.down) throw this.down;
			const answer = await send().catch((error: unknown) => {
				signal.throwIfAborted();
				this.#troubled(sentAt);
				throw error;
			});
			this.#heard(answer, endpoint, sentAt);
			return answer;
		} finally {
			this.#inFlight--;
			this.#admit();
		}
	}

	async #turn(priority: number, signal: AbortSignal): Promise<void> {
		await new Promise<void>((begin, cancel) => {
			const later = this.#waiting.findIndex((other) => other.priority > priority);
			const place = later < 0 ? this.#waiting.length : later;
			this.#waiting.splice(place, 0, { priority, signal, begin, cancel });
			this.#admit();
		});
	}

	#admit(): void {
		for (;;) {
			const [next] = this.#waiting;
			if (next?.signal.aborted) {
				this.#waiting.shift();
				next.cancel(next.signal.reason);
				continue;
			}
			if (next === undefined || this.#inFlight >= Math.floor(this.#level)) return;
			const now = performance.now();
			const openAt = Math.max(this.#heldUntil, this.#nextAt);
			if (openAt > now) return this.#wakeAt(openAt, now);
			this.#waiting.shift();
			this.#inFlight++;
			if (this.#rate !== undefined) {
				this.#nextAt = Math.max(this.#nextAt, now - TIMER_SLACK) + 1000 / (SAFE_SHARE * this.#rate);
			}
			next.begin();
		}
	}

	#wakeAt(at: number, now: number): void {
		if (this.#alarmAt <= at) return;
		this.#alarmAt = at;
		void sleep(at - now).then(() => {
			// One that was set for an earlier time has taken over.
			if (this.#alarmAt === at) this.#alarmAt = Infinity;
			this.#admit();
		});
	}

	#heard({ status, retryAfter }: HttpAnswer, endpoint: string, sentAt: number): void {
		this.#givenUp = undefined;
		const now = performance.now();
		if (status === 429) this.#refused(sentAt, now, retryAfter);
		else if (UNAVAILABLE.includes(status)) this.#troubled(sentAt);
		else {
			this.#troubles = 0;
			this.#refusals = Math.max(0, this.#refusals - 0.1);
			if (this.#slowsDown(endpoint, now - sentAt)) this.#halve(sentAt);
			else this.#grow(now);
		}
	}

	#refused(sentAt: number, now: number, retryAfter: number | undefined): void {
		const itself = this.#sent.indexOf(sentAt);
		if (itself >= 0) this.#sent.splice(itself, 1);
		const taken = this.#takenUntil(sentAt);
		// Where as many as may be were sent, or more on trial, that is too many by a little.
		const areTooMany = ++this.#refusals > 1 || this.#trials > 0 || this.#isAtRate(taken);
		const hold = retryAfter ?? (areTooMany ? HOLD : 0);
		if (hold <= LONGEST_WAIT) this.#heldUntil = Math.max(this.#heldUntil, now + hold);
		if (!areTooMany) return;
		this.#limitRate(taken, sentAt, now);
		this.#halve(sentAt);
	}

	#troubled(sentAt: number): void {
		if (++this.#troubles > 1) this.#halve(sentAt);
	}

	#halve(sentAt: number): void {
		if (sentAt < this.#halvedAt) return;
		this.#halvedAt = performance.now();
		this.#level = Math.max(1, this.#level / 2);
		this.#growth = CAREFUL_GROWTH;
	}

	#grow(now: number): void {
		const { maxConcurrency } = this.limits;
		if (this.#inFlight >= Math.floor(this.#level)) {
			this.#level = Math.min(maxConcurrency, this.#level + this.#growth);
		}
		const trialAfter = this.#trials > 0 ? RATE_TRIAL.again : this.#trialAfter;
		if (this.rateFound === undefined || now < this.#ratedAt + trialAfter) return;
		// What is not made use of tells nothing.
		if (!this.#isAtRate(this.#takenUntil(now))) return;
		this.#setRate(this.rateFound * RATE_TRIAL.factor, now);
		this.#trials++;
	}

	/**
	 * Too many: what was taken in the second before is the limit, as far as one can know; of the one
	 * known so far, not much less, unless refusals pile up; after a trial, that of before.
	 */
	#limitRate(taken: number, sentAt: number, now: number): void {
		if (sentAt > this.#halvedAt) {
			// So few tell nothing: others may have used the limit up.
			if (taken < this.#level) return;
			const { rateFound } = this;
			const leastShare =
				this.#trials > 0 ? 1 / RATE_TRIAL.factor : this.#refusals > 2 ? 0.5 : SAFE_SHARE;
			if (this.#trials > 1) this.#trialAfter = RATE_TRIAL.after;
			if (this.#trials === 1) this.#trialAfter = Math.min(2 * this.#trialAfter, RATE_TRIAL.atMost);
			this.#trials = 0;
			this.#found = {
				by: sentAt,
				atLeast: leastShare * (rateFound ?? 0),
				atMost: rateFound ?? Infinity,
			};
		} else if (!this.#found || !isWithinASecond(sentAt, this.#found.by)) return;
		// Or it was on its way then, and is known not to have been taken now.
		const { by, atLeast, atMost } = this.#found;
		this.#setRate(Math.min(Math.max(this.#takenUntil(by), atLeast), atMost), now);
	}

	#isAtRate(taken: number): boolean {
		return taken >= AT_RATE * (this.#rate ?? Infinity);
	}

	#setRate(rate: number, now: number): void {
		this.#rate = Math.min(Math.max(rate, 1), this.limits.requestsPerSecond ?? Infinity);
		this.#ratedAt = now;
	}

	#noteSent(sentAt: number): void {
		const recent = this.#sent.findIndex((at) => at > sentAt - SENT_KEPT);
		this.#sent.splice(0, recent < 0 ? this.#sent.length : recent);
		this.#sent.push(sentAt);
	}

	/** How many the operator took, or still may take, of those sent in the second up to then. */
	#takenUntil(until: number): number {
		return this.#sent.filter((at) => isWithinASecond(at, until)).length;
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

function isWithinASecond(at: number, until: number): boolean {
	return at > until - 1000 && at <= until;
}
