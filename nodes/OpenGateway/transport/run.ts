import { sleep } from 'n8n-workflow';
import type { OpenGatewayError } from '../errors';
import { ExpiringCache } from '../expiringCache';
import type { Transport } from '../http';
import { remembering } from '../sent';
import { FailFast } from './failFast';
import { sendOnce, type N8nContext } from './host';
import { Limiter } from './limiter';
import { exponentialBackoff, retrying } from './retry';
import { RunSummary } from './runSummary';
import type { SendOptions } from './sendOptions';
import { TimeLimit } from './timeLimit';

/**
 * The limiters of this process. Runs with the same application and limits share one: together they
 * send no more than one run does, and each learns from the runs before.
 */
const limiters = new ExpiringCache<{ readonly limiter: Limiter; readonly expiresAt: number }>(1000);

/** One execution of the node: what its items have in common. */
export class Run {
	readonly summary = new RunSummary();
	/** Milliseconds since the epoch. */
	readonly startedAt = Date.now();
	/** Aborts when n8n cancels the execution, or when the run is {@link stop}ped. */
	readonly signal: AbortSignal;
	/** Rejects when the signal aborts. */
	readonly aborted: Promise<never>;
	readonly #stop = new AbortController();
	/** Aborts when the remaining devices are given up, too: what is in flight may still be answered. */
	readonly #asking = new AbortController();
	readonly failFast = new FailFast({
		onEnd: (error) => this.#endEarly(error),
		onSkipped: () => this.summary.onSkipped(),
		signal: this.#asking.signal,
	});
	/** Rejects when nothing more is to be sent. */
	readonly #asked: Promise<never>;
	#limiter: Limiter | undefined;

	constructor(private readonly context: N8nContext) {
		const signals = [this.#stop.signal, context.getExecutionCancelSignal?.()];
		this.signal = AbortSignal.any(signals.filter((signal) => signal !== undefined));
		this.aborted = rejectedBy(this.signal);
		this.signal.addEventListener('abort', () => this.#asking.abort(this.signal.reason));
		this.#asked = rejectedBy(this.#asking.signal);
	}

	/** Cancels all requests and waits that are still in progress. */
	stop(): void {
		this.#stop.abort();
	}

	#endEarly(error: OpenGatewayError): void {
		this.#asking.abort(error);
		this.#limiter?.cancelAborted();
	}

	/**
	 * @param application whose limiter is used: its fingerprint, or the id of the OAuth2 credential
	 * @param send sends one request once, without the limits
	 * @returns the transport of each item; requests of the first items go first
	 */
	async transports(
		application: string,
		{ retries, timeout, ...limits }: SendOptions,
		send = sendOnce,
	): Promise<(itemIndex: number) => Transport> {
		const { context, signal, startedAt, summary, failFast } = this;
		const limiter = await limiterOf(application, limits);
		summary.limiter = limiter;
		this.#limiter = limiter;
		const sendUnlimited = send(context, new TimeLimit(timeout, signal));
		const wait = async (ms: number) => await Promise.race([sleep(ms), this.#asked]);
		const backoff = () =>
			exponentialBackoff(retries, wait, {
				onRetry: (reason) => summary.onRetry(reason),
				onGiveUp: (since) => failFast.onGiveUp(since),
			});
		const onRefused = () => failFast.onTransient();
		return (priority) => ({
			send: retrying(
				remembering(async (request) => {
					await failFast.admission(priority);
					return await limiter.schedule(
						{ request, priority, signal: this.#asking.signal },
						async () => await sendUnlimited(request),
					);
				}),
				{ backoff, breaker: limiter.breaker, onRefused },
			),
			wait,
			backoff,
			startedAt,
			setAside: (part) => summary.onSetAside(part),
		});
	}
}

function rejectedBy(signal: AbortSignal): Promise<never> {
	const rejected = new Promise<never>((_, reject) => {
		signal.addEventListener('abort', () => reject(signal.reason));
	});
	// At the end of a run nobody listens any more.
	rejected.catch(() => undefined);
	return rejected;
}

async function limiterOf(application: string, limits: Omit<SendOptions, 'retries' | 'timeout'>) {
	const { value } = await limiters.get(JSON.stringify([application, limits]), async () => ({
		limiter: new Limiter(limits),
		expiresAt: Infinity,
	}));
	return value.limiter;
}
