import type { OpenGatewayError } from '../errors';

/** Given-up requests in a row that open the circuit, and how long it stays open (ms). */
const BREAKER = { threshold: 10, openFor: 10_000 };

/**
 * A circuit breaker: after many requests in a row that got no response in any of their retries, all
 * further ones fail at once for a while. Then the circuit is half-open: requests are sent again, and
 * the first result decides. A response closes the circuit; a request given up opens it again. Few
 * requests probe, because the concurrency limit has fallen to about one by then.
 */
export class CircuitBreaker {
	/** Requests given up since the last response. */
	#givenUp = 0;
	#last: { readonly error: OpenGatewayError; readonly at: number } | undefined;

	/** The error every request fails with while the circuit is open; `undefined` while it is closed or half-open. */
	get openError(): OpenGatewayError | undefined {
		if (this.#last === undefined || this.#givenUp < BREAKER.threshold) return undefined;
		return performance.now() < this.#last.at + BREAKER.openFor ? this.#last.error : undefined;
	}

	/** The operator responded, with whatever status. */
	onSuccess(): void {
		this.#givenUp = 0;
	}

	/** A request got no response, and no retry is left. */
	onGiveUp(error: OpenGatewayError): void {
		this.#givenUp++;
		this.#last = { error, at: performance.now() };
	}
}
