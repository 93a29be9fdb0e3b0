import { isQuotaExceeded } from '../nodes/OpenGateway/refusal';
import { responseOf } from './support/response';

const HOURS = 7_200_000;
const said = (message: string) => ({ json: { message } });

test.each<[what: string, status: number, response: object]>([
	['CAMARA’s code', 429, { json: { code: 'QUOTA_EXCEEDED', message: 'Out of resource quota.' } }],
	['the code with another status', 403, { json: { code: 'quotaExceeded' } }],
	[
		'the code with a short Retry-After',
		429,
		{ json: { code: 'QUOTA_EXCEEDED' }, retryAfter: 5000 },
	],
	['another gateway’s code', 429, { json: { code: 'insufficient_quota' } }],
	['Apigee’s code', 429, { json: { code: 'policies.ratelimit.QuotaViolation' } }],
	['a daily limit’s code', 403, { json: { code: 'dailyLimitExceeded' } }],
	[
		'RapidAPI’s words',
		429,
		said(
			'You have exceeded the MONTHLY quota for Requests on your current plan, BASIC. Upgrade your plan at https://rapidapi.com/x/pricing',
		),
	],
	['RapidAPI’s words of a day', 429, said('You have exceeded the DAILY quota for Requests')],
	['Azure’s words', 403, said('Out of call volume quota. Quota will be replenished in 01:23:45.')],
	['words of a monthly limit', 429, said('Monthly request limit exceeded.')],
	['a reset hours ahead', 429, { ...said('Too many requests'), retryAfter: HOURS }],
])('the quota is used up by %s', (_what, status, response) => {
	expect(isQuotaExceeded(responseOf({ status, ...response }))).toBe(true);
});

test.each<[what: string, status: number, response: object]>([
	['too many requests', 429, said('Too many requests')],
	[
		'TOO_MANY_REQUESTS',
		429,
		{ json: { code: 'TOO_MANY_REQUESTS', message: 'Rate limit reached.' } },
	],
	['a rate limit', 429, said('You have exceeded the rate limit per second for your plan, BASIC')],
	[
		'a quota per minute',
		429,
		said("Quota exceeded for quota metric 'Calls' and limit 'Calls per minute'"),
	],
	[
		'a quota that is free soon',
		429,
		{ ...said('You have exceeded your quota'), retryAfter: 30_000 },
	],
	['a long maintenance', 503, { ...said('Maintenance'), retryAfter: HOURS }],
	['a purpose that is not allowed', 403, said('The quota of this plan does not include the API')],
	['an internal error', 500, said('The quota service has exceeded its deadline')],
	['an answer', 200, { json: { roaming: true } }],
])('the quota is not used up by %s', (_what, status, response) => {
	expect(isQuotaExceeded(responseOf({ status, ...response }))).toBe(false);
});
