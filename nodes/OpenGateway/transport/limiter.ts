import { sleep } from 'n8n-workflow';
import { TRANSIENT_STATUSES, type HttpRequest, type HttpResponse } from '../http';
import { isPending } from '../refusal';
import { CircuitBreaker } from './circuitBreaker';
import { ConcurrencyLimit } from './concurrencyLimit';
import { RateLimit } from './rateLimit';
import type { SendOptions } from './sendOptions';
import { Turns } from './turns';

/** Requests that start in one turn: to make one takes some tenths of a millisecond. */
const STARTED_PER_TURN = 8;

interface QueuedRequest {
	readonly priority: number;
	readonly signal: AbortSignal;
	readonly start: (admittedAt: number) => void;
	readonly cancel: (reason: unknown) => void;
}

/**
 * Schedules the requests of one application to its operator, within a limit of concurrency and one
 * of rate that adapt to the operator, and fails them at once while the circuit breaker is open.
 */
export class Limiter {
	readonly #concurrency: ConcurrencyLimit;
	readonly #rate: RateLimit;
	readonly #turns = new Turns(STARTED_PER_TURN);
	#inFlight = 0;
	/** Ordered by priority, then by arrival. */
	readonly #queue: QueuedRequest[] = [];
	#wakesAt = Infinity;

	constructor(
		{
			maxConcurrency,
			requestsPerSecond,
		}: Pick<SendOptions, 'maxConcurrency' | 'requestsPerSecond'>,
		readonly breaker = new CircuitBreaker(),
	) {
		this.#concurrency = new ConcurrencyLimit(maxConcurrency);
		this.#rate = new RateLimit(requestsPerSecond);
	}

	/** Requests per second that the operator was found to accept; `undefined` while it accepts all. */
	get estimatedRate(): number | undefined {
		return this.#rate.estimate;
	}

	/**
	 * Sends a request as soon as the limits allow.
	 * @param request whose URL is the endpoint that the round-trip times are compared within
	 * @param priority of the request in the queue: the lowest number goes first
	 * @param signal cancels the request while it is queued
	 * @throws what `send` throws, the circuit breaker's error, or the signal's reason
	 */
	async schedule(
		{
			request,
			priority,
			signal,
		}: { request: Pick<HttpRequest, 'url' | 'isPoll'>; priority: number; signal: AbortSignal },
		send: () => Promise<HttpResponse>,
	): Promise<HttpResponse> {
		signal.throwIfAborted();
		const admittedAt = await this.#acquire(priority, signal);
		try {
			await this.#turns.next();
			signal.throwIfAborted();
			if (this.breaker.openError) throw this.breaker.openError;
			const sentAt = performance.now();
			const response = await send().catch((error: unknown) => {
				signal.throwIfAborted();
				this.#concurrency.onDropped(request.url, sentAt);
				throw error;
			});
			this.#onResponse(response, request, { admittedAt, sentAt });
			return response;
		} finally {
			this.#inFlight--;
			this.#startNext();
		}
	}

	/** Cancels the queued requests whose signal has aborted; else each would wait for its turn. */
	cancelAborted(): void {
		const aborted = this.#queue.filter(({ signal }) => signal.aborted);
		for (const request of aborted) {
			this.#queue.splice(this.#queue.indexOf(request), 1);
			request.cancel(request.signal.reason);
		}
	}

	async #acquire(priority: number, signal: AbortSignal): Promise<number> {
		return await new Promise<number>((start, cancel) => {
			const later = this.#queue.findIndex((other) => other.priority > priority);
			const place = later < 0 ? this.#queue.length : later;
			this.#queue.splice(place, 0, { priority, signal, start, cancel });
			this.#startNext();
		});
	}

	#startNext(): void {
		for (;;) {
			const [next] = this.#queue;
			if (next?.signal.aborted) {
				this.#queue.shift();
				next.cancel(next.signal.reason);
				continue;
			}
			if (next === undefined || this.#inFlight + 1 > this.#concurrency.limit) return;
			const now = performance.now();
			const { nextSendAt } = this.#rate;
			if (nextSendAt > now) return this.#wakeAt(nextSendAt, now);
			this.#queue.shift();
			this.#inFlight++;
			this.#rate.onSent(now);
			next.start(now);
		}
	}

	#wakeAt(at: number, now: number): void {
		if (this.#wakesAt <= at) return;
		this.#wakesAt = at;
		void sleep(at - now).then(() => {
			// An earlier wake-up may have replaced this one.
			if (this.#wakesAt === at) this.#wakesAt = Infinity;
			this.#startNext();
		});
	}

	#onResponse(
		response: HttpResponse,
		request: Pick<HttpRequest, 'url' | 'isPoll'>,
		{ admittedAt, sentAt }: { admittedAt: number; sentAt: number },
	): void {
		this.breaker.onSuccess();
		if (isPending(request, response)) return;
		const { url } = request;
		const { status, retryAfter } = response;
		if (status === 429) {
			const isOverLimit = this.#rate.onThrottled(admittedAt, retryAfter, this.#concurrency.limit);
			if (isOverLimit) this.#concurrency.decrease(sentAt);
		} else if (TRANSIENT_STATUSES.includes(status)) {
			const isUnavailable = this.#concurrency.onDropped(url, sentAt);
			if (isUnavailable) this.#rate.pause(retryAfter);
		} else {
			this.#rate.onAccepted(this.#concurrency.onSuccess(url, sentAt, this.#inFlight));
		}
	}
}
