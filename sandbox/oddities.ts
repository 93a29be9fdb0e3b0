/** Answers and refusals off the documents, as operators have been seen to give them. */
import type { Context } from 'koa';

interface Refused {
	readonly status: number;
	readonly headers?: Readonly<Record<string, string>>;
	readonly body: unknown;
}

/** What an answer becomes; the status that it replaces is that of a device that roams. */
type Answered = Readonly<Record<string, unknown>>;

export const oddAnswers: Readonly<Record<string, Answered>> = {
	/** Nokia: a dialling code in place of the MCC. */
	diallingCode: { roaming: true, countryCode: 36, countryName: ['HU'] },
	timeWithoutZone: { roaming: true, lastStatusTime: '2026-11-26T10:20:30.123' },
	emptyTime: { roaming: true, countryCode: 262, countryName: ['DE'], lastStatusTime: '' },
	timeInSeconds: { roaming: false, lastStatusTime: 1795688430 },
	nullDevice: { roaming: true, countryCode: 262, countryName: ['DE'], device: null },
	nullMembers: { roaming: false, countryCode: null, countryName: null, lastStatusTime: null },
	/** Orange. */
	countryInWords: { roaming: true, countryCode: 34, countryName: ['Spain'] },
	roamingAlone: { roaming: true },
	codeAsText: { roaming: true, countryCode: '262', countryName: ['DE'] },
	nameAsText: { roaming: true, countryCode: 262, countryName: 'DE' },
	nameInLowerCase: { roaming: true, countryName: ['fr'] },
	codeWithoutName: { roaming: true, countryCode: 340 },
	codeOutOfRange: { roaming: true, countryCode: 1000, countryName: ['XX'] },
	/** These are no answers. */
	roamingInWords: { roaming: 'true' },
	roamingMissing: { countryCode: 262, countryName: ['DE'] },
};

export const oddRefusals: Readonly<Record<string, Refused>> = {
	/** Nokia. */
	detail: { status: 401, body: { detail: 'Could not validate the credentials' } },
	detailOfDevice: { status: 404, body: { detail: 'Device not found' } },
	detailOfFault: { status: 500, body: { detail: 'Internal Server Error' } },
	detailObject: {
		status: 422,
		body: { detail: { code: 'SERVICE_NOT_APPLICABLE', message: 'No such service here' } },
	},
	detailWithSuccess: {
		status: 200,
		body: { detail: { code: 'SERVICE_NOT_APPLICABLE', message: 'No such service here' } },
	},
	endpointMessage: { status: 404, body: { message: "Endpoint '/x' does not exist" } },
	messages: { status: 400, body: { messages: ['phoneNumber must begin with +'] } },
	monthlyQuota: {
		status: 429,
		body: { message: 'You have exceeded the MONTHLY quota for Requests on your current plan' },
	},
	/** Orange. */
	numericCode: {
		status: 401,
		body: { code: 42, message: 'Expired credentials', description: 'The token has expired' },
	},
	unknownDevice: {
		status: 403,
		body: { status: 403, code: 'FORBIDDEN', message: 'The device does not exist for this API' },
	},
	/** Apigee and WSO2. */
	fault: {
		status: 403,
		body: { fault: { code: 900908, message: 'Resource forbidden', description: 'Not subscribed' } },
	},
	faultString: {
		status: 500,
		body: { fault: { faultstring: 'Spike arrest', detail: { errorcode: 'policies.Failed' } } },
	},
	errorCode: { status: 403, body: { ErrorCode: '4031', Error: 'Client is not allowed' } },
	oAuthError: {
		status: 401,
		body: { error: 'invalid_token', error_description: 'The token has been revoked' },
	},
	problem: {
		status: 429,
		headers: { 'content-type': 'application/problem+json' },
		body: { type: 'about:blank', title: 'Too Many Requests', detail: 'Slow down', status: 429 },
	},
	challengeAlone: {
		status: 401,
		headers: { 'www-authenticate': 'Bearer error="invalid_token", error_description="Expired"' },
		body: '',
	},
	emptyBody: { status: 403, body: '' },
	webPage: { status: 502, headers: { 'content-type': 'text/html' }, body: '<h1>Bad Gateway</h1>' },
};

/** Marks a response that is odd on purpose, with the oddity's name. */
export const ODDITY_HEADER = 'x-sandbox-oddity';

/** Oddities by the last character of the devices that get them, or by `*` for all requests. */
export type Oddities = Readonly<Record<string, string>>;

/** @returns `undefined` if a name or a key is unknown */
export function odditiesSent(sent: unknown): Oddities | undefined {
	if (typeof sent !== 'object' || sent === null || Array.isArray(sent)) return undefined;
	const isKnown = ([key, name]: [string, unknown]) =>
		/^[\da-z*]$/.test(key) &&
		typeof name === 'string' &&
		(Object.hasOwn(oddAnswers, name) || Object.hasOwn(oddRefusals, name));
	return Object.entries(sent).every(isKnown) ? (sent as Oddities) : undefined;
}

/**
 * Answers oddly, if the settings say so.
 * @param key last character of the device's identifier, or `*`
 * @returns whether they do
 */
export function answeredOddly(ctx: Context, oddities: Oddities, key: string): boolean {
	const name = oddities[key];
	if (name === undefined) return false;
	const {
		status,
		headers = {},
		body,
	} = oddRefusals[name] ?? { status: 200, body: oddAnswers[name] };
	ctx.status = status;
	ctx.set(ODDITY_HEADER, name);
	ctx.body = body;
	ctx.set(headers);
	return true;
}
