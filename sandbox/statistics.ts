import type { Middleware } from 'koa';

/** Counts since the start of the sandbox, or since they were reset. */
export interface Statistics {
	requests: number;
	/** Number of responses by HTTP status. */
	answers: Record<number, number>;
	/** Number of requests being answered at the same time, delay included. */
	inFlight: { now: number; peak: number };
	/** Subscribers whom access tokens were issued for, counted once per application and scope. */
	authorizations: {
		subscribers: number;
		/** Those who got another token while an earlier one was still valid. */
		subscribersAgain: number;
	};
	/** API requests about another subscriber than the 3-legged token was issued for. */
	misusedTokens: number;
}

/** A 3-legged access token that was issued. */
export interface Issued {
	readonly clientId?: string;
	readonly scope?: string;
	/** The subscriber, as one operator's authorization server calls it. */
	readonly accountId: string;
	/** In seconds. */
	readonly remainingTTL: number;
}

/** Counts all requests, of which the exchanges only hold the latest. */
export class Counters {
	#requests = 0;
	#answers: Record<number, number> = {};
	#inFlight = { now: 0, peak: 0 };
	/** By application, scope and subscriber. */
	#authorizations = new Map<string, { goodUntilMs: number; again: boolean }>();
	#misusedTokens = 0;

	/** Counts every request under one of the paths. */
	counted(paths: readonly string[]): Middleware {
		return async (ctx, next) => {
			if (!paths.some((path) => ctx.path.startsWith(path))) return await next();
			this.#requests++;
			const inFlight = this.#inFlight;
			inFlight.now++;
			inFlight.peak = Math.max(inFlight.peak, inFlight.now);
			try {
				await next();
			} finally {
				inFlight.now--;
				this.#answers[ctx.status] = (this.#answers[ctx.status] ?? 0) + 1;
			}
		};
	}

	issued({ clientId, scope, accountId, remainingTTL }: Issued): void {
		const key = [clientId, scope, accountId].join('\n');
		const earlier = this.#authorizations.get(key);
		const now = performance.now();
		this.#authorizations.set(key, {
			goodUntilMs: now + remainingTTL * 1000,
			again: earlier !== undefined && (earlier.again || now < earlier.goodUntilMs),
		});
	}

	/**
	 * @param subscriber of a 3-legged token
	 * @param identities of the subscribers in the body of the request
	 */
	asked(subscriber: string | undefined, identities: readonly string[]): void {
		if (subscriber === undefined) return;
		if (identities.some((identity) => identity !== subscriber)) this.#misusedTokens++;
	}

	forget(): void {
		this.#requests = 0;
		this.#answers = {};
		this.#inFlight.peak = this.#inFlight.now;
		this.#authorizations.clear();
		this.#misusedTokens = 0;
	}

	toJSON(): Statistics {
		const authorized = [...this.#authorizations.values()];
		return {
			requests: this.#requests,
			answers: this.#answers,
			inFlight: this.#inFlight,
			authorizations: {
				subscribers: authorized.length,
				subscribersAgain: authorized.filter(({ again }) => again).length,
			},
			misusedTokens: this.#misusedTokens,
		};
	}
}
