import { asObject, type HttpResponse } from './http';

/** What a server says when it refuses a request, in whatever shape its gateway gives it. */
export interface Refusal {
	/** The server's own code; `undefined` if it gave none. */
	readonly code: string | undefined;
	/** The server's own words; `undefined` if it gave none. */
	readonly words: string | undefined;
	/** Whether an API answered. If not, something else responds at this address, such as a web site. */
	readonly isOfApi: boolean;
}

/** Reads a response that is not a success. */
export function readRefusal({ json }: HttpResponse): Refusal {
	const { code, message } = asObject(json);
	return {
		code: typeof code === 'string' ? code : undefined,
		words: typeof message === 'string' ? message : undefined,
		isOfApi: typeof json === 'object',
	};
}

/** A longer wait (ms) than this is not one for a limit of rate. */
const LONGEST_RATE_LIMIT = 120_000;

/** Whether the quota of the application's contract is used up: no retry of this run will succeed. */
export function isQuotaExceeded(response: HttpResponse): boolean {
	const { status, retryAfter } = response;
	const { code = '', words = '' } = readRefusal(response);
	if (/^quota_?exceeded$/i.test(code)) return true;
	if (status !== 429) return false;
	if (retryAfter !== undefined) return retryAfter > LONGEST_RATE_LIMIT;
	return /\bquota\b/i.test(words) && !/\bper[ -]?(?:second|minute)\b/i.test(words);
}
