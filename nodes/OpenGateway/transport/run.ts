import type { IExecuteFunctions } from 'n8n-workflow';
import { ExpiringCache } from '../expiringCache';
import type { Transport } from '../http';
import { sendOnce, wait, type Timeouts } from './host';
import type { SendOptions } from './sendOptions';
import { Limiter } from './limiter';
import { RunSummary } from './runSummary';
import { retrying, exponentialBackoff } from './retry';

/**
 * The paces of this process. Runs with the same credential and limits share one: together they
 * press the operator no more than one does, and what one has found out serves the next.
 */
const paces = new ExpiringCache<{ readonly pace: Limiter; readonly expiresAt: number }>(1000);

/** One execution of the node: what its items have in common. */
export class Run {
	readonly report = new RunSummary();
	/** Aborts when n8n cancels the execution, or when the run is {@link stop}ped. */
	readonly signal: AbortSignal;
	/** Rejects when the signal aborts. */
	readonly aborted: Promise<never>;
	readonly #stop = new AbortController();

	constructor(private readonly execute: IExecuteFunctions) {
		const signals = [this.#stop.signal, execute.getExecutionCancelSignal()];
		this.signal = AbortSignal.any(signals.filter((signal) => signal !== undefined));
		this.aborted = new Promise((_, reject) => {
			this.signal.addEventListener('abort', () => reject(this.signal.reason));
		});
		// At the end of a run nobody listens any more.
		this.aborted.catch(() => undefined);
	}

	/** Ends all that is still under way. */
	stop(): void {
		this.#stop.abort();
	}

	/**
	 * @param application whose pace it is, as its fingerprint
	 * @returns n8n as the host of each item's questions, of which those of the first item go first
	 */
	async hosts(
		application: string,
		limits: SendOptions,
		send = sendOnce,
	): Promise<(itemIndex: number) => Transport> {
		const { execute, signal, report } = this;
		const { retries, timeout, ...pressure } = limits;
		const { pace } = await paceOf(application, pressure);
		report.pace = pace;
		const once = send(execute, this.#patience(timeout));
		const waiting = async (ms: number) => await wait(ms, signal);
		const tries = () => exponentialBackoff(retries, waiting);
		const noted = (why: string) => report.triedAgain(why);
		return (priority) => ({
			send: retrying(
				async (request) =>
					await pace.send({ endpoint: request.url, priority, signal }, () => once(request)),
				{ tries, pace, noted },
			),
			wait: waiting,
			backoff: tries,
		});
	}

	/** The helpers' own timeout begins again with each byte that comes: in all, this is the longest. */
	#patience(timeout: number): Timeouts {
		let tooLong = this.signal;
		let until = -Infinity;
		return {
			timeout,
			signal: () => {
				const now = performance.now();
				if (now >= until) {
					// One for all requests of a second: a timer runs on when its request is done.
					until = now + 1000;
					tooLong = AbortSignal.timeout(timeout + 1000);
				}
				return AbortSignal.any([this.signal, tooLong]);
			},
		};
	}
}

async function paceOf(application: string, pressure: Omit<SendOptions, 'retries' | 'timeout'>) {
	const { value } = await paces.get(JSON.stringify([application, pressure]), async () => ({
		pace: new Limiter(pressure),
		expiresAt: Infinity,
	}));
	return value;
}
