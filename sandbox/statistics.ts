import type { Middleware } from 'koa';

/** What came in since the start of the sandbox, or since it was told to forget. */
export interface Statistics {
	requests: number;
	/** How many were answered, by HTTP status. */
	answers: Record<number, number>;
	/** How many were being answered at the same time, latency included. */
	inFlight: { now: number; peak: number };
	/** Lines that access tokens were issued for, each counted once per application and scope. */
	authorizations: {
		subscribers: number;
		/** Those which a token was issued for while an earlier one was still good. */
		subscribersAgain: number;
	};
	/** Questions about another subscriber than the one that their 3-legged token was issued for. */
	misusedTokens: number;
}

/** A 3-legged access token that has just been issued. */
export interface Issued {
	readonly clientId?: string;
	readonly scope?: string;
	/** Of the subscriber, with one operator's authorization server. */
	readonly accountId: string;
	/** Seconds. */
	readonly remainingTTL: number;
}

/** Counts what the operators are asked, since a log of the latest exchanges cannot. */
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
	 * @param subscriber that the token was issued for; undefined: it is good for any
	 * @param identities that the question names subscribers by
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
