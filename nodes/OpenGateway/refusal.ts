import { asObject, MAX_RETRY_AFTER, type HttpResponse } from './http';

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

/** Such as CAMARA's `QUOTA_EXCEEDED`, `insufficient_quota` or Apigee's `policies.ratelimit.QuotaViolation`. */
const QUOTA_CODE =
	/(?:^|[._])(?:(?:insufficient|out_of)_quota|(?:quota|(?:daily|monthly)_?limit)_?(?:exceeded|exhausted|violation))$/i;

/** Statuses with which gateways refuse for a quota in words. */
const QUOTA_STATUSES: readonly number[] = [402, 403, 429];

const QUOTA_WORDS = [
	// "You have exceeded the MONTHLY quota for Requests on your current plan", "Out of call volume quota."
	/\b(?:exceed\w*|exhaust\w*|reached|used up|out of|over)\b.*\b(?:quotas?|(?:monthly|weekly|daily) (?:\w+ )?limit)\b/is,
	// "Monthly quota exceeded", "The daily request limit was reached."
	/\b(?:quotas?|(?:monthly|weekly|daily) (?:\w+ )?limit)\b.*\b(?:exceeded|exhausted|reached|used up)\b/is,
];

/** A quota of so short a time is a limit of the rate. */
const RATE_WORDS = /\b(?:per[ -]?|a |each |every )(?:second|minute)s?\b/i;

/** Characters of a server's words that are searched. */
const SEARCHED = 500;

/** Whether the quota of the application's contract is used up: no retry of this run will succeed. */
export function isQuotaExceeded(response: HttpResponse): boolean {
	const { status, retryAfter } = response;
	const { code = '', words = '' } = readRefusal(response);
	if (QUOTA_CODE.test(code)) return true;
	if (status === 429 && retryAfter !== undefined) return retryAfter > MAX_RETRY_AFTER;
	const said = words.slice(0, SEARCHED);
	if (!QUOTA_STATUSES.includes(status) || RATE_WORDS.test(said)) return false;
	return QUOTA_WORDS.some((quota) => quota.test(said));
}
