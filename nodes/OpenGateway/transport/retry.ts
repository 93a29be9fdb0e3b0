import { OpenGatewayError } from '../errors';
import {
	UPSTREAM_FAILURES,
	type Backoff,
	type HttpRequest,
	type HttpResponse,
	type Send,
} from '../http';
import type { CircuitBreaker } from './circuitBreaker';

/** Longest delay before the first retry (ms), and before any. */
const INITIAL_DELAY = 500;
const MAX_DELAY = 30_000;
/** A response with a longer `Retry-After` (ms) is final. */
export const MAX_RETRY_AFTER = 120_000;

/** Exponential backoff with full jitter (AWS): at most `retries` retries, delays up to 0.5, 1, 2 … 30 s. */
export function exponentialBackoff(retries: number, wait: (ms: number) => Promise<void>): Backoff {
	let retried = 0;
	return {
		async next(atLeast = 0) {
			if (retried >= retries || atLeast > MAX_RETRY_AFTER) return false;
			const longest = Math.min(INITIAL_DELAY * 2 ** retried++, MAX_DELAY);
			await wait(atLeast + Math.random() * longest);
			return true;
		},
	};
}

/** Statuses of a server that did not process the request (as in RFC 9113 section 8.7). */
const REJECTED_UNPROCESSED: readonly number[] = [429, 503];

/**
 * Retries after transient failures. A request that is not {@link HttpRequest.idempotent} is retried
 * only if the server rejected it unprocessed.
 * @param sendOnce rejects if there is no response
 * @param onRetry is called with the reason of each retry, such as `HTTP 429` or `TIMEOUT`
 */
export function retrying(
	sendOnce: (request: HttpRequest) => Promise<HttpResponse>,
	{
		backoff,
		breaker,
		onRetry,
	}: {
		backoff: () => Backoff;
		breaker: Pick<CircuitBreaker, 'openError' | 'onGiveUp'>;
		onRetry: (reason: string) => void;
	},
): Send {
	return async (makeRequest) => {
		const retries = backoff();
		for (;;) {
			const request = makeRequest();
			const outcome = await sendOnce(request).catch(asTransient);
			const isLost = outcome instanceof OpenGatewayError;
			const status = isLost ? 0 : outcome.status;
			const isRejected = REJECTED_UNPROCESSED.includes(status);
			const isTransient = isLost || isRejected || UPSTREAM_FAILURES.includes(status);
			const isSafe = isRejected || request.idempotent !== false;
			if (isTransient && isSafe && !breaker.openError) {
				if (await retries.next(isLost ? 0 : outcome.retryAfter)) {
					onRetry(isLost ? outcome.context.code : `HTTP ${status}`);
					continue;
				}
				if (isLost) breaker.onGiveUp(outcome);
			}
			if (isLost) throw outcome;
			return outcome;
		}
	};
}

function asTransient(error: unknown): OpenGatewayError {
	if (error instanceof OpenGatewayError && error.context.transient) return error;
	throw error;
}
