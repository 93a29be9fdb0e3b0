import { asObject, timeText } from './json';

/** A server that asks for a longer wait (ms) than this does not limit a rate. */
export const MAX_RETRY_AFTER = 120_000;

/**
 * How long a server asks the client to wait (ms from now): `Retry-After`, or the reset of a limit
 * that is used up, whichever is longer.
 */
export function waitAskedFor(
	status: number,
	headers: Readonly<Record<string, unknown>>,
	json: unknown,
): number | undefined {
	const waits = [
		parseRetryAfter(headers['retry-after']),
		...(status === 429
			? [...resetsOfUsedUpLimits(headers), ...resetsIn(headers.ratelimit), nextAccess(json)]
			: []),
	].filter((wait) => wait !== undefined);
	return waits.length > 0 ? Math.max(...waits) : undefined;
}

/** `X-RateLimit-Reset`, `X-RateLimit-<limit>-Reset` or `RateLimit-Reset`: seconds, a Unix time or a date. */
const RESET = /^((?:x-)?rate-?limit(?:-[\w-]+)?)-reset$/;

function resetsOfUsedUpLimits(headers: Readonly<Record<string, unknown>>): number[] {
	return Object.entries(headers).flatMap(([name, value]) => {
		const [, limit] = RESET.exec(name) ?? [];
		if (limit === undefined || Number(headers[`${limit}-remaining`] ?? 0) > 0) return [];
		const reset = Number(value);
		// A number of ten digits or more is a time.
		if (reset >= 1e9) return [Math.max((reset < 1e12 ? reset * 1000 : reset) - Date.now(), 0)];
		const wait = parseRetryAfter(value);
		return wait ? [wait] : [];
	});
}

/** Characters of a field with all limits. */
const MAX_LIMITS_LENGTH = 1000;

/** `"burst";r=5;t=1, "daily";r=0;t=3600`, or `limit=10, remaining=0, reset=30` (drafts of RateLimit). */
function resetsIn(limits: unknown): number[] {
	if (typeof limits !== 'string' || limits.length > MAX_LIMITS_LENGTH) return [];
	return (limits.includes('reset=') ? [limits] : limits.split(',')).flatMap((limit) => {
		const [, remaining] = /\b(?:remaining|r)=(\d{1,9})/.exec(limit) ?? [];
		const [, reset] = /\b(?:reset|t)=(\d{1,9})/.exec(limit) ?? [];
		return Number(remaining) === 0 && reset !== undefined ? [Number(reset) * 1000] : [];
	});
}

/** `nextAccessTime` of WSO2, such as "2026-Nov-28 00:00:00+0000 UTC". */
function nextAccess(json: unknown): number | undefined {
	const { fault, nextAccessTime } = asObject(json);
	return parseRetryAfter(nextAccessTime ?? asObject(fault).nextAccessTime);
}

/** @returns ms from now, of seconds or a date (RFC 9110 section 10.2.3) */
function parseRetryAfter(value: unknown): number | undefined {
	const written = timeText(value);
	// The document has whole seconds; some servers send a fraction.
	if (/^\d{1,9}(?:\.\d{1,9})?$/.test(written)) return Number(written) * 1000;
	// `Date.parse` would read any other number as a year.
	const at = /[a-z]/i.test(written) ? Date.parse(written) : NaN;
	return Number.isNaN(at) ? undefined : Math.max(at - Date.now(), 0);
}
