import type { Backoff } from '../authorization';
import { OpenGatewayError } from '../errors';
import { UPSTREAM_FAILURES, type HttpResponse, type HttpRequest, type Send } from '../http';
import { MAX_RETRY_AFTER } from './sendOptions';
import type { Limiter } from './limiter';

/** The first wait, in ms, at most; each later one is up to twice as long. */
const INITIAL_DELAY = 500;
const MAX_DELAY = 30_000;

/** So many further tries, after waits of exponential length with full jitter. */
export function exponentialBackoff(retries: number, wait: (ms: number) => Promise<void>): Backoff {
	let tried = 0;
	return {
		async next(atLeast = 0) {
			if (tried >= retries || atLeast > MAX_RETRY_AFTER) return false;
			const longest = Math.min(INITIAL_DELAY * 2 ** tried++, MAX_DELAY);
			await wait(atLeast + Math.random() * longest);
			return true;
		},
	};
}

/** Statuses of a server that has not looked at the request. */
const REJECTED_UNPROCESSED: readonly number[] = [429, 503];

/**
 * Sends again what failed for a passing reason, where that is safe: a request that is
 * not {@link HttpRequest.idempotent} only if the server rejected it unprocessed.
 * @param sendOnce throws where no answer comes
 * @param noted hears of each further try, and why there is one
 */
export function retrying(
	sendOnce: (request: HttpRequest) => Promise<HttpResponse>,
	{ tries, pace, noted }: { tries: () => Backoff; pace: Limiter; noted: (why: string) => void },
): Send {
	return async (request) => {
		const left = tries();
		for (;;) {
			const outgoing = request();
			const outcome = await sendOnce(outgoing).catch(asTransient);
			const failed = outcome instanceof OpenGatewayError;
			const status = failed ? 0 : outcome.status;
			const isRefused = REJECTED_UNPROCESSED.includes(status);
			const isPassing = failed || isRefused || UPSTREAM_FAILURES.includes(status);
			const isSafe = isRefused || outgoing.idempotent !== false;
			if (isPassing && isSafe && !pace.down) {
				if (await left.next(failed ? 0 : outcome.retryAfter)) {
					noted(failed ? outcome.context.code : `HTTP ${status}`);
					continue;
				}
				if (failed) pace.gaveUp(outcome);
			}
			if (failed) throw outcome;
			return outcome;
		}
	};
}

function asTransient(error: unknown): OpenGatewayError {
	if (error instanceof OpenGatewayError && error.context.transient) return error;
	throw error;
}
