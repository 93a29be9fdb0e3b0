import { sleep } from 'n8n-workflow';
import type { OpenGatewayError } from '../errors';
import { UPSTREAM_FAILURES, type HttpResponse } from '../http';
import { ConcurrencyLimit } from './concurrencyLimit';
import type { SendOptions } from './sendOptions';
import { RateLimit } from './rateLimit';

/** As many requests in a row given up without any answer, and nobody is there: none is sent for a while, in ms. */
const DOWN = { after: 10, for: 10_000 };

/** Statuses of an operator that cannot answer at the moment, or that nothing comes through to. */
const UNAVAILABLE: readonly number[] = [503, ...UPSTREAM_FAILURES];

interface QueuedRequest {
	readonly priority: number;
	readonly signal: AbortSignal;
	readonly start: (sentAt: number) => void;
	readonly cancel: (reason: unknown) => void;
}

/**
 * Sends the requests of one application to its operator: as many at the same time, and in a second,
 * as the operator bears.
 */
export class Limiter {
	readonly #concurrency: ConcurrencyLimit;
	readonly #rate: RateLimit;
	#inFlight = 0;
	/** By priority, then by arrival. */
	readonly #waiting: QueuedRequest[] = [];
	#alarmAt = Infinity;
	/** Given up in a row, with what and when the last one was. */
	#givenUp: { times: number; failure: OpenGatewayError; at: number } | undefined;

	constructor({
		maxConcurrency,
		requestsPerSecond,
	}: Pick<SendOptions, 'maxConcurrency' | 'requestsPerSecond'>) {
		this.#concurrency = new ConcurrencyLimit(maxConcurrency);
		this.#rate = new RateLimit(requestsPerSecond);
	}

	/** What the operator was found to take, in requests a second; `undefined` where it took all. */
	get rateFound(): number | undefined {
		return this.#rate.found;
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
		send: () => Promise<HttpResponse>,
	): Promise<HttpResponse> {
		const sentAt = await this.#turn(priority, signal);
		try {
			if (this.down) throw this.down;
			const answer = await send().catch((error: unknown) => {
				signal.throwIfAborted();
				this.#concurrency.troubled(sentAt);
				throw error;
			});
			this.#heard(answer, endpoint, sentAt);
			return answer;
		} finally {
			this.#inFlight--;
			this.#admit();
		}
	}

	async #turn(priority: number, signal: AbortSignal): Promise<number> {
		return await new Promise<number>((begin, cancel) => {
			const later = this.#waiting.findIndex((other) => other.priority > priority);
			const place = later < 0 ? this.#waiting.length : later;
			this.#waiting.splice(place, 0, { priority, signal, start: begin, cancel });
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
			if (next === undefined || this.#inFlight + 1 > this.#concurrency.level) return;
			const now = performance.now();
			const { opensAt } = this.#rate;
			if (opensAt > now) return this.#wakeAt(opensAt, now);
			this.#waiting.shift();
			this.#inFlight++;
			this.#rate.used(now);
			next.start(now);
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

	#heard({ status, retryAfter }: HttpResponse, endpoint: string, sentAt: number): void {
		this.#givenUp = undefined;
		if (status === 429) {
			const areTooMany = this.#rate.refused(sentAt, retryAfter, this.#concurrency.level);
			if (areTooMany) this.#concurrency.halve(sentAt);
		} else if (UNAVAILABLE.includes(status)) this.#concurrency.troubled(sentAt);
		else this.#rate.taken(this.#concurrency.answered(endpoint, sentAt, this.#inFlight));
	}
}
