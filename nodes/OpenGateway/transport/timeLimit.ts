/** The code of the error of whatever ended early, as that of a network's timeout. */
export const LATE = 'ETIMEDOUT';

/**
 * Ends work that is not done in time: n8n's own timeout is for the server's silence, which every byte
 * ends, and that of its OAuth2 requests for tokens is five minutes. All of it shares one timer and
 * one listener, for which each request would have to pay.
 */
export class TimeLimit {
	/** In the order in which they began, and so in that in which they are late. */
	readonly #pending = new Set<{ readonly endsAt: number; readonly end: () => void }>();
	#timer: AbortSignal | undefined;

	/**
	 * @param ms longest time of one piece of work
	 * @param signal ends all of it when it aborts
	 */
	constructor(
		readonly ms: number,
		private readonly signal = new AbortController().signal,
	) {
		signal.addEventListener('abort', () => this.#endUntil(Infinity));
	}

	/**
	 * @param work ends what it does when its signal aborts
	 * @throws an error with the code `ETIMEDOUT`
	 */
	async within<Result>(work: (signal: AbortSignal) => Promise<Result>): Promise<Result> {
		const ended = new AbortController();
		return await new Promise<Result>((resolve, reject) => {
			const end = () => {
				ended.abort();
				reject(Object.assign(new Error('Late'), { code: LATE }));
			};
			if (this.signal.aborted) return end();
			const pending = { endsAt: performance.now() + this.ms, end };
			this.#pending.add(pending);
			this.#watch();
			work(ended.signal).then(
				(result) => {
					this.#pending.delete(pending);
					resolve(result);
				},
				(error: Error) => {
					this.#pending.delete(pending);
					// Such as that of a body which is read no further.
					ended.abort();
					reject(error);
				},
			);
		});
	}

	/** Waits for the one that is late next. */
	#watch(): void {
		const [next] = this.#pending;
		if (this.#timer || !next) return;
		this.#timer = AbortSignal.timeout(Math.max(Math.ceil(next.endsAt - performance.now()), 0));
		// Node collects a timeout that nothing listens to before it fires (nodejs/node#57736).
		this.#timer.onabort = () => {
			this.#timer = undefined;
			this.#endUntil(performance.now());
			this.#watch();
		};
	}

	#endUntil(now: number): void {
		for (const pending of this.#pending) {
			if (pending.endsAt > now) return;
			this.#pending.delete(pending);
			pending.end();
		}
	}
}
