import {
	OpenGatewayError,
	serverError,
	unexpectedResponse,
	type ErrorText,
	type ErrorTexts,
} from './errors';
import type { HttpRequest, HttpResponse } from './http';
import { asObject } from './json';
import { MAX_RETRY_AFTER } from './retryAfter';

/** What a server says when it refuses a request, in whatever shape its gateway gives it. */
export interface Refusal {
	/** The server's own code; `undefined` if it gave none. */
	readonly code: string | undefined;
	/** The server's own words; `undefined` if it gave none. */
	readonly words: string | undefined;
	/** The HTTP status, or the one that the body of a 2xx response names in its place. */
	readonly status: number;
	/** Whether an API answered. If not, something else responds at this address, such as a web site. */
	readonly isOfApi: boolean;
}

/** The name of a member, in lower-case letters, and its text. */
type Part = readonly [name: string, text: string];

/** The names of members that hold codes, words, and words if there are no others. */
const CODE = /^(?:(?:api|app|err|error|fault|result|response|return)?code|messageid|error|cause)$/;
const WORDS =
	/^(?:error|fault|long|user|developer|status)?(?:messages?|msg|description|details?|text|string|errors)$/;
const FALLBACK_WORDS = /^(?:|error|fault|reason|title)$/;
/** The names of members that hold a code in some documents, and other things in others. */
const PERHAPS_CODE = /^(?:status|type|reason)$/;

/** A code has no spaces, and a single capitalised word is no code: it is the status in words. */
const isCode = ([name, text]: Part) =>
	CODE.test(name) &&
	/^[\w.:#/-]{1,100}$/.test(text) &&
	!/^(?:0+|2\d\d|ok|success)$/i.test(text) &&
	(!/^(?:error|cause)$/.test(name) || /^(?![A-Z][a-z]+$|\d)/.test(text));

/**
 * Reads a response that is not a success, or holds a refusal in place of an answer: codes and words
 * by the names that they go by, at any depth, then in `WWW-Authenticate` (RFC 6750 section 3).
 * @param known the codes that may be meant, as keys: one of them counts before any other, however it
 * is spelled
 */
export function readRefusal(response: HttpResponse, known: object = {}): Refusal {
	const { json, text = '', challenge = '' } = response;
	const isHtml = /<(?:!doctype\s+html|html|head|body)\b/i.test(text.slice(0, 2000));
	const parts = [
		...partsOf(json === undefined ? textParts(text) : json),
		...[...challenge.slice(0, 2000).matchAll(CHALLENGE)].map(
			([, name = '', quotedText, word]): Part => [plain(name), quotedText ?? word ?? ''],
		),
	];
	const codes = parts.filter(isCode).map(([, code]) => code);
	const numeric = codes.find((code) => /^\d+$/.test(code));
	const isNamed = response.status < 300 && numeric !== undefined && /^[45]\d\d$/.test(numeric);
	const status = isNamed ? Number(numeric) : response.status;
	const words = wordsOf(parts, response.status >= 400);
	const spelled = spellingIn(known);
	const inTable = (texts: readonly string[]) =>
		texts.map(spelled).filter((code) => code !== undefined);
	const hints = inTable([
		...parts.filter(([name]) => PERHAPS_CODE.test(name)).map(([, text]) => text),
		...(words?.match(/\b[A-Z]+(?:_[A-Z]+)+\b/gi) ?? []),
	]);
	return {
		code:
			inTable(codes)[0] ??
			codes.find((code) => !/^\d+$/.test(code)) ??
			// With 404, such a text may be the status in words.
			hints.find((code) => !(status === 404 && code === 'NOT_FOUND')) ??
			codes.find((code) => Number(code) !== status),
		words,
		status,
		isOfApi: !isHtml && !(status >= 300 && status < 400),
	};
}

/**
 * Finds a code among the keys of a table: `invalidClient`, `DEVICE_STATUS.NOT_FOUND` and the last
 * part of a URL are spellings of `invalid_client`, `NOT_FOUND` and the code that it ends with.
 */
function spellingIn(known: object): (code: string) => string | undefined {
	const codes = new Map(Object.keys(known).map((code) => [plain(code), code]));
	return (code) => codes.get(plain(code)) ?? codes.get(plain(code.replace(/^.*[.:#/]/s, '')));
}

/** `a="b c", d=e`, the parameters of a challenge (RFC 9110 section 11.2). */
const CHALLENGE = /(?<![\w-])([\w-]+)=(?:"([^"]*)"|([^\s,"]+))/g;

const plain = (name: string) => name.toLowerCase().replace(/[^a-z\d]/g, '');

/** No document has a longer name (characters). */
const shortName = (name: string) => name.slice(0, 100);

/** At most so many members of a body are looked at. */
const MAX_PARTS = 500;

/** The texts and numbers of a body, the outer ones first. */
function partsOf(body: unknown): Part[] {
	const parts: Part[] = [];
	const members: [name: string, value: unknown][] = [['', body]];
	for (const [at, [name, value]] of members.entries()) {
		if (at >= MAX_PARTS) break;
		if (typeof value === 'number' && CODE.test(name)) parts.push([name, String(value)]);
		if (typeof value === 'string') {
			const inner = innerJson(value);
			if (inner === undefined) parts.push([name, value.trim()]);
			else members.push([name, inner]);
		}
		if (typeof value !== 'object' || value === null) continue;
		const inner = Object.entries(value)
			.slice(0, MAX_PARTS)
			.map(([key, member]): [string, unknown] => [
				Array.isArray(value) ? name : plain(shortName(key)),
				member,
			]);
		if (isListOfWords(name, inner)) parts.push([name, inOneLine(value)]);
		else members.push(...inner);
	}
	return parts.filter(([, text]) => text !== '');
}

/** Whether an object gives words by the names of the request's own fields. */
function isListOfWords(name: string, members: [name: string, value: unknown][]): boolean {
	return (
		(WORDS.test(name) || name === 'error') &&
		members.length > 0 &&
		!members.some(
			([member]) => WORDS.test(member) || CODE.test(member) || FALLBACK_WORDS.test(member),
		) &&
		members.every(([, value]) =>
			[value].flat().every((words) => typeof words === 'string' || typeof words === 'number'),
		)
	);
}

/** `{"phoneNumber": ["Missing"]}` → `phoneNumber: Missing` */
function inOneLine(value: object): string {
	const cut = (_name: string, leaf: unknown) =>
		typeof leaf === 'string' ? leaf.slice(0, 1000) : leaf;
	const members = Object.entries(value).map(([name, leaf]): [string, unknown] => [
		shortName(name),
		leaf,
	]);
	return JSON.stringify(Array.isArray(value) ? value : Object.fromEntries(members), cut)
		.slice(0, 1000)
		.replace(/[{}[\]"]/g, '')
		.replace(/(?<=\w)[:,](?=\S)/g, '$& ');
}

/** Characters of a refusal in a text, at most. */
const MAX_INNER_LENGTH = 20_000;

/** Gateways put a refusal of the server behind them into a text. */
function innerJson(text: string): unknown {
	if (text.length > MAX_INNER_LENGTH || !/^\s*[[{]/.test(text)) return undefined;
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}

/** A form, the elements of XML or HTML that hold text alone, or the text as it is. */
function textParts(text: string): unknown {
	const beginning = text.slice(0, 10_000);
	if (/^[\w.-]+=\S*$/.test(beginning)) return Object.fromEntries(new URLSearchParams(beginning));
	if (!beginning.trimStart().startsWith('<')) return text;
	const elements = beginning
		.replace(/<!\[CDATA\[|\]\]>/g, '')
		.matchAll(/<(?:[\w-]+:)?([\w-]+)(?:\s[^<>]*)?>([^<]+)<\//g);
	return [...elements].map(([, name = '', content = '']) => ({ [name]: content }));
}

/**
 * Several texts, such as a title and its explanation, are joined; one that repeats another is not.
 * @param isRefusal a sentence is the server's, whatever name it goes by
 */
function wordsOf(parts: readonly Part[], isRefusal: boolean): string | undefined {
	const named = (names: RegExp) =>
		parts.filter((part) => names.test(part[0]) && !isCode(part)).map(([, text]) => text);
	const others = isRefusal ? named(/./).filter((text) => /[a-z]{2} [a-z]/i.test(text)) : [];
	const texts =
		[named(WORDS), named(FALLBACK_WORDS).slice(0, 1), others].find(({ length }) => length > 0) ??
		[];
	const distinct = texts
		.slice(0, 10)
		.filter(
			(text, at) =>
				!texts.some(
					(other, place) => place !== at && other.includes(text) && (other !== text || place < at),
				),
		);
	return distinct.length > 0 ? distinct.slice(0, 3).join('; ') : undefined;
}

/** Answers to a poll that ask for the next one (CIBA core section 11). */
const PENDING = { authorization_pending: true, slow_down: true };

/**
 * The code of an answer that asks for the next poll, in any shape.
 * @returns `undefined` if the answer is another
 */
export function pendingCode(response: HttpResponse): keyof typeof PENDING | undefined {
	if (asObject(response.json).access_token !== undefined) return undefined;
	const { code } = readRefusal(response, PENDING);
	return code === 'authorization_pending' || code === 'slow_down' ? code : undefined;
}

/** Whether the flow itself has the request repeated: some servers send `slow_down` with HTTP 429. */
export function isPending(
	{ isPoll }: Pick<HttpRequest, 'isPoll'>,
	response: HttpResponse,
): boolean {
	return isPoll === true && pendingCode(response) !== undefined;
}

/** Such as CAMARA's `QUOTA_EXCEEDED`, `insufficient_quota` or Apigee's `policies.ratelimit.QuotaViolation`. */
const QUOTA_CODE =
	/(?:^|[._])(?:(?:insufficient|out_of)_quota|(?:quota|(?:daily|monthly)_?limit)_?(?:exceeded|exhausted|violation))$/i;

/** Whether gateways refuse with this status for a quota in words: some with a success. */
const isOfQuota = (status: number) => status < 300 || [402, 403, 429].includes(status);

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
	const { retryAfter } = response;
	const { code = '', words = '', status } = readRefusal(response, { QUOTA_EXCEEDED: true });
	if (QUOTA_CODE.test(code)) return true;
	if (status === 429 && retryAfter !== undefined) return retryAfter > MAX_RETRY_AFTER;
	const said = words.slice(0, SEARCHED);
	if (!isOfQuota(status) || RATE_WORDS.test(said)) return false;
	return QUOTA_WORDS.some((quota) => quota.test(said));
}

export const quotaExceeded: ErrorText = {
	happened: 'The application has used up the quota of its contract with the operator.',
	nextMove: 'registration',
	remedy: 'Send fewer requests, or have the quota raised in the operator’s developer portal.',
};

export const paymentRequired: ErrorText = {
	happened: 'The application’s contract with the operator does not cover this request.',
	nextMove: 'registration',
	remedy: 'Check its plan and its balance in the operator’s developer portal.',
};

/** A refusal with HTTP 2xx that gives no reason in a code. */
const refused: ErrorText = {
	happened: 'The operator refused the request about {device}.',
	nextMove: 'operator',
	remedy: 'Give the correlator to the operator’s support.',
};

/**
 * A refusal in words: those of its code, or else of its HTTP status.
 * @param texts by code, or by `HTTP_` and the status; `HTTP_400` and `HTTP_500` stand for all
 * statuses of their class (RFC 9110 section 15)
 * @param device in words
 */
export function refusalError(
	response: HttpResponse,
	texts: ErrorTexts,
	device: string,
): OpenGatewayError {
	const { code, words, status, isOfApi } = readRefusal(response, texts);
	if (status >= 300 && status < 400) {
		const found = `with HTTP ${status}, it sends the request elsewhere`;
		return unexpectedResponse({ ...response, json: undefined }, found);
	}
	if (isQuotaExceeded(response)) {
		const text = texts.QUOTA_EXCEEDED ?? quotaExceeded;
		return serverError(response, text, { code: 'QUOTA_EXCEEDED', message: words, device });
	}
	const ofCode =
		code === undefined || saysUnknownPath(code, words) ? undefined : textOf(code, texts);
	const known =
		(status === 403 && saysUnknownDevice(words) ? texts.NOT_FOUND : undefined) ??
		ofCode ??
		(status === 404 && isOfApi ? notFoundText(code, words, texts) : undefined) ??
		texts[`HTTP_${status}`] ??
		texts[`HTTP_${Math.floor(status / 100)}00`] ??
		refused;
	// Load balancers and firewalls have web pages for these, whatever is behind them.
	const isMisdirected = !isOfApi && status < 500 && status !== 429 && !known.misdirected;
	const text = isMisdirected ? ofWebPage(known) : known;
	return serverError(response, text, { code: code ?? `HTTP_${status}`, message: words, device });
}

const textOf = (code: string, texts: ErrorTexts) =>
	Object.hasOwn(texts, code) ? texts[code] : undefined;

const DEVICE = /\b(?:device|line|msisdn|subscriber|customer|user|phone|number|identifier)s?\b/i;
const PATH = /\b(?:path|endpoint|route|url|uri)\b|(?:^|[\s'"])\/\w/i;
const GATEWAY = /\b(?:resource|proxy|method|page|application|app|client|api)\b/i;

/** `phoneNumber`, `DEVICE_NOT_FOUND` → `phone Number`, `DEVICE NOT FOUND` */
const inWords = (text: string) => text.replace(/(?<=[a-z])(?=[A-Z])/g, ' ').replace(/[_.:-]/g, ' ');

/** Orange says so of a number that it does not know, with 403 and `FORBIDDEN`. */
function saysUnknownDevice(words = ''): boolean {
	const [, subject = ''] =
		/^(.*?)\b(?:does not exist|doesn't exist|is unknown|is not known|not found)\b/is.exec(
			inWords(words),
		) ?? [];
	return DEVICE.test(subject) && !PATH.test(subject) && !GATEWAY.test(subject);
}

/** Gateways have CAMARA's code for a path that they do not know, too. */
const saysUnknownPath = (code: string, words = '') =>
	code === 'NOT_FOUND' && PATH.test(inWords(words));

/**
 * With 404, an API does not know the device, or a gateway does not know the path, for which it has
 * no code, a numeric one, or words about the path.
 * @returns `undefined` if it is the path
 */
function notFoundText(code = '', words = '', texts: ErrorTexts): ErrorText | undefined {
	const said = inWords(`${code} ${words}`);
	if (PATH.test(said)) return undefined;
	if (DEVICE.test(said)) return texts.NOT_FOUND ?? texts.unknown_user_id;
	return /\D/.test(code) && !GATEWAY.test(said) ? texts.NOT_FOUND : undefined;
}

const ofWebPage = (text: ErrorText): ErrorText => ({
	...text,
	remedy: `${text.remedy} Check {field} in the credential, too: a web page came back from {address}, not the answer of an API.`,
	misdirected: true,
});

/**
 * The refusal that a 2xx response holds in place of an answer.
 * @returns `undefined` if it holds none
 */
export function refusalInAnswer(
	response: HttpResponse,
	texts: ErrorTexts,
	device: string,
): OpenGatewayError | undefined {
	const { code, words } = readRefusal(response, texts);
	const isEmpty = code === undefined && words === undefined;
	if (isEmpty || Object.keys(asObject(response.json)).length === 0) return undefined;
	return refusalError(response, texts, device);
}
