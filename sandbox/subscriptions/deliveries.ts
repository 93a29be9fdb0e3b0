import { randomUUID } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { SubscriptionSettings } from './settings';

/** An event on its way to a sink. */
export interface Delivery {
	/** When it was first sent, or queued behind another event of its subscription; RFC 3339. */
	readonly at: string;
	/** The path of the API that was subscribed at. */
	readonly api: string;
	readonly subscriptionId: string;
	readonly url: string;
	/** Secrets included, which are made up. */
	readonly headers: Readonly<Record<string, string>>;
	/** A CloudEvent in structured mode. */
	readonly body: string;
	readonly attempts: Attempt[];
	outcome: 'pending' | 'delivered' | 'failed';
}

export interface Attempt {
	readonly at: string;
	/** HTTP status of the sink's response, or why there was none. */
	readonly status: number | string;
}

/** The receiver of a subscription's events. */
export interface Sink {
	readonly api: string;
	readonly subscriptionId: string;
	readonly url: string;
	readonly accessToken?: string;
}

const KEPT = 1000;

/** Waits before each further attempt (ms): 69 s in all. */
const BACKOFF = [200, 500, 1000, 2000, 5000, 10_000, 20_000, 30_000];

/** For a response of the sink. */
const TIMEOUT_MS = 10_000;

const GONE = 410;
/** Beside 5xx. A sink that is starting, such as n8n, answers 404 until it knows its addresses. */
const TRANSIENT: readonly number[] = [404, 408, 429];

/**
 * Sends events to their sinks, those of one subscription in their order. It repeats what finds no
 * connection, HTTP 429 or 5xx; any other response but 2xx is final.
 */
export class Deliveries {
	#latest: Delivery[] = [];
	/** The end of each subscription's queue. */
	readonly #queues = new Map<string, Promise<void>>();
	#stop = newStop();

	/** @param settings the present ones */
	constructor(private readonly settings: () => SubscriptionSettings) {}

	/** @param gone is called if the sink wants no more events (HTTP 410) */
	send(sink: Sink, event: object, gone: () => void): void {
		const delivery: Delivery = {
			at: new Date().toISOString(),
			api: sink.api,
			subscriptionId: sink.subscriptionId,
			url: sink.url,
			headers: {
				'content-type': 'application/cloudevents+json',
				'x-correlator': randomUUID(),
				...(sink.accessToken !== undefined && { authorization: `Bearer ${sink.accessToken}` }),
			},
			body: JSON.stringify(event),
			attempts: [],
			outcome: 'pending',
		};
		this.#latest.push(delivery);
		if (this.#latest.length > KEPT) this.#latest.shift();

		const { signal } = this.#stop;
		const earlier = this.#queues.get(sink.subscriptionId) ?? Promise.resolve();
		const queue = earlier.then(() => this.#deliver(delivery, gone, signal));
		this.#queues.set(sink.subscriptionId, queue);
		void queue.then(() => {
			if (this.#queues.get(sink.subscriptionId) === queue) {
				this.#queues.delete(sink.subscriptionId);
			}
		});
	}

	async #deliver(delivery: Delivery, gone: () => void, signal: AbortSignal): Promise<void> {
		for (const wait of [0, ...BACKOFF]) {
			try {
				if (wait > 0) await sleep(wait, undefined, { signal });
			} catch {
				// It was told to stop.
			}
			if (signal.aborted) break;
			const at = new Date().toISOString();
			const status = await this.#attempt(delivery, signal);
			delivery.attempts.push({ at, status });
			if (typeof status === 'number' && status < 500 && !TRANSIENT.includes(status)) {
				delivery.outcome = status >= 200 && status < 300 ? 'delivered' : 'failed';
				if (status === GONE) gone();
				return;
			}
		}
		delivery.outcome = 'failed';
	}

	async #attempt({ url, headers, body }: Delivery, signal: AbortSignal): Promise<number | string> {
		const settings = this.settings();
		if (settings.failDeliveries > 0) {
			settings.failDeliveries--;
			return 'no connection, as set';
		}
		try {
			const response = await fetch(url, {
				method: 'POST',
				headers,
				body,
				redirect: 'manual',
				signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
			});
			await response.arrayBuffer();
			return response.status;
		} catch (error) {
			const { cause, message } = error as Error;
			return (cause as NodeJS.ErrnoException | undefined)?.code ?? message;
		}
	}

	/** Gives up the deliveries under way. */
	abandon(): void {
		this.#stop.abort();
		this.#stop = newStop();
		this.#queues.clear();
		this.#latest = this.#latest.filter(({ outcome }) => outcome !== 'pending');
	}

	/** Forgets the deliveries; those under way go on. */
	forget(): void {
		this.#latest = this.#latest.filter(({ outcome }) => outcome === 'pending');
	}

	/** The latest last. */
	list(count = KEPT): readonly Delivery[] {
		return this.#latest.slice(-count);
	}
}

/** Any number of deliveries may wait for it. */
function newStop(): AbortController {
	const stop = new AbortController();
	setMaxListeners(0, stop.signal);
	return stop;
}
