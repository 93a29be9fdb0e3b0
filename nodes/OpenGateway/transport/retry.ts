import { OpenGatewayError } from '../errors';
import {
	REJECTED_UNPROCESSED,
	TRANSIENT_STATUSES,
	type Backoff,
	type HttpRequest,
	type HttpResponse,
	type Send,
} from '../http';
import { MAX_RETRY_AFTER } from '../retryAfter';
import { isPending, isQuotaExceeded } from '../refusal';
import type { CircuitBreaker } from './circuitBreaker';

/** Longest delay before the first retry (ms), and before any. */
const INITIAL_DELAY = 500;
const MAX_DELAY = 30_000;

/**
 * Exponential backoff with full jitter (AWS): at most `retries` retries, delays up to 0.5, 1, 2 … 30 s.
 * @param onRetry is called with the reason of each retry
 * @param onGiveUp is called when no retry is left, with the time of the first delay (`performance.now()`)
 */
export function exponentialBackoff(
	retries: number,
	wait: (ms: number) => Promise<void>,
	{ onRetry, onGiveUp }: { onRetry?(reason: string): void; onGiveUp?(since: number): void } = {},
): Backoff {
	let retried = 0;
	let since: number | undefined;
	return {
		async next(reason, atLeast = 0) {
			since ??= performance.now();
			if (retried >= retries || atLeast > MAX_RETRY_AFTER) {
				onGiveUp?.(since);
				return false;
			}
			const longest = Math.min(INITIAL_DELAY * 2 ** retried++, MAX_DELAY);
			await wait(atLeast + Math.random() * longest);
			onRetry?.(reason);
			return true;
		},
	};
}

/**
 * Retries after transient failures. A request that is not {@link HttpRequest.idempotent} is retried
 * only if the server rejected it unprocessed; one that {@link HttpRequest.isPoll}, by its flow only.
 * @param sendOnce rejects if there is no response
 * @param onRefused is called for each response that a retry may not meet
 */
export function retrying(
	sendOnce: (request: HttpRequest) => Promise<HttpResponse>,
	{
		backoff,
		breaker,
		onRefused,
	}: {
		backoff: () => Backoff;
		breaker: Pick<CircuitBreaker, 'openError' | 'onGiveUp'>;
		onRefused: () => void;
	},
): Send {
	return async (makeRequest) => {
		const retries = backoff();
		for (;;) {
			const request = makeRequest();
			const outcome = await sendOnce(request).catch(asTransient);
			const isLost = outcome instanceof OpenGatewayError;
			const isRefused = !isLost && !isPending(request, outcome) && isTransient(outcome);
			if (isRefused) onRefused();
			if ((isLost || isRefused) && isSafe(request, outcome) && !breaker.openError) {
				const [reason, atLeast] = isLost
					? ([outcome.context.code] as const)
					: ([`HTTP ${outcome.status}`, outcome.retryAfter] as const);
				if (await retries.next(reason, atLeast)) continue;
				if (isLost) breaker.onGiveUp(outcome);
			}
			if (isLost) throw outcome;
			return outcome;
		}
	};
}

function isTransient(response: HttpResponse): boolean {
	return TRANSIENT_STATUSES.includes(response.status) && !isQuotaExceeded(response);
}

function isSafe(
	{ idempotent, isPoll }: HttpRequest,
	outcome: HttpResponse | OpenGatewayError,
): boolean {
	if (isPoll) return false;
	if (idempotent !== false) return true;
	return !(outcome instanceof OpenGatewayError) && REJECTED_UNPROCESSED.includes(outcome.status);
}

function asTransient(error: unknown): OpenGatewayError {
	if (error instanceof OpenGatewayError && error.context.transient) return error;
	throw error;
}
