import type { Middleware } from 'koa';
import { type Operator, Refusal } from './operators/operation';
import type { Settings } from './settings';

const WINDOW_MS = 1000;

/**
 * Throttles requests beyond the rate that is set for all operators together: before any delay, and
 * with one body for all paths, as a gateway in front of an operator does.
 */
export function rateLimited(settings: Settings, operators: readonly Operator[]): Middleware {
	/** Times at which the requests of the last second were accepted (ms of `performance.now()`). */
	const accepted: number[] = [];

	return async (ctx, next) => {
		const operator = operators.find(({ path }) => ctx.path.startsWith(path));
		const { requestsPerSecond } = settings;
		if (!operator || requestsPerSecond === Infinity) return await next();

		const now = performance.now();
		while (now - accepted[0]! >= WINDOW_MS) accepted.shift();
		if (accepted.length < requestsPerSecond) {
			accepted.push(now);
			return await next();
		}
		// In whole seconds (RFC 9110, 10.2.3); the window has room again within one.
		ctx.set('retry-after', '1');
		const message = `No more than ${requestsPerSecond} requests a second`;
		const refusal = new Refusal(429, 'TOO_MANY_REQUESTS', message);
		ctx.status = refusal.status;
		ctx.body = operator.errorBody(refusal);
	};
}
