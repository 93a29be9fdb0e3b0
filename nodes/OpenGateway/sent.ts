import { HIDDEN, maskedIdentifier, type Sent, type SentValues } from './words';

/** A request as far as its values are read. */
interface Request {
	readonly url: string;
	readonly headers: Readonly<Record<string, string>>;
	readonly body?: string;
}

/** Values that are no secret: they name the application, and what it asks for. */
const PUBLIC: readonly string[] = [
	...['accept', 'content-type', 'x-correlator', 'x-rapidapi-host'],
	...['client_id', 'scope', 'grant_type', 'response_type', 'redirect_uri'],
	...['client_assertion_type', 'code_challenge_method'],
];

/** Members of an authorization server's answers that give access. */
const TOKENS = ['access_token', 'refresh_token', 'id_token', 'auth_req_id'] as const;

/** Shorter values (characters) are ordinary words: replaced, they would make others unreadable. */
const MIN_LENGTH = 6;
/** Of longer values, so much is searched for (characters): a server sets the length of its tokens. */
const MAX_LENGTH = 4096;

/**
 * The values of a request and the tokens of its answer that are not shown if a server sends them
 * back: secrets, and identifiers of devices, which are masked.
 * @param json body of the answer
 */
export const sentIn = (request: Request, json: unknown): Sent =>
	once(() => valuesIn(request, json));

function valuesIn({ url, headers, body = '' }: Request, json: unknown): SentValues {
	const isJson = headers['content-type'] === 'application/json';
	const [, query = ''] = url.split('?');
	const fields = [
		...Object.entries(headers),
		...new URLSearchParams(query),
		...new URLSearchParams(isJson ? '' : body),
	].filter(([name]) => !PUBLIC.includes(name));
	const hints = fields.filter(([name]) => name === 'login_hint').map(([, hint]) => hint);
	const identifiers = [
		...(isJson ? textsIn(JSON.parse(body)) : []),
		...hints.map(identifierIn),
	].flatMap((identifier) => [identifier, identifier.replace(/^\+/, '')]);
	const secrets = [
		...fields.filter(([name]) => name !== 'login_hint').flatMap(([, value]) => secretsIn(value)),
		...tokensIn(json),
	];
	return new Map([...shownAs(maskedIdentifier, identifiers), ...shownAs(() => HIDDEN, secrets)]);
}

/** Values that are not shown at all. */
export const hidden = (secrets: readonly unknown[]): Sent =>
	once(() => shownAs(() => HIDDEN, secrets));

function shownAs(shown: (value: string) => string, values: readonly unknown[]): SentValues {
	const texts = values
		.filter((value) => typeof value === 'string')
		.filter(({ length }) => length >= MIN_LENGTH)
		.map((value) => value.slice(0, MAX_LENGTH));
	return new Map(texts.map((value) => [value, shown(value)]));
}

/** Without the scheme of HTTP authentication; with the secret of `id:secret` (RFC 6749 section 2.3.1). */
function secretsIn(value: string): string[] {
	const [, scheme, credentials = value] = /^(Basic|Bearer) (.*)$/.exec(value) ?? [];
	if (scheme !== 'Basic') return [credentials];
	const pair = Buffer.from(credentials, 'base64').toString();
	const secret = pair.slice(pair.indexOf(':') + 1);
	return [credentials, secret, new URLSearchParams(`secret=${secret}`).get('secret') ?? ''];
}

/** `tel:+34600000001` → `+34600000001`, `ipport:[2001:db8::1]:80` → `2001:db8::1` */
function identifierIn(loginHint: string): string {
	const identifier = loginHint.slice(loginHint.indexOf(':') + 1);
	return identifier.replace(/^\[(.*)\].*$|^([\d.]+):\d+$/, '$1$2');
}

/** The texts of a body that can be identifiers; words of letters alone name a purpose, say. */
function textsIn(value: unknown): string[] {
	if (typeof value === 'string') return /^[a-z]+$/i.test(value) ? [] : [value];
	if (typeof value !== 'object' || value === null) return [];
	return Object.values(value).flatMap(textsIn);
}

function tokensIn(json: unknown): unknown[] {
	if (typeof json !== 'object' || json === null) return [];
	const answer = json as Record<string, unknown>;
	return TOKENS.map((name) => answer[name]);
}

/** Values of one flow that are kept: the last ones. */
const MAX_VALUES = 40;

/** What several requests have sent, the first before the later ones. */
export const allSent = (...all: readonly (Sent | undefined)[]): Sent =>
	once(() => {
		const values: SentValues = new Map(all.flatMap((sent) => [...(sent?.() ?? [])]));
		return new Map([...values].slice(-MAX_VALUES));
	});

function once(read: Sent): Sent {
	let values: SentValues | undefined;
	return () => (values ??= read());
}

/** Requests of one flow that are kept whole; of those before them, such as polls, the values are. */
const MAX_REQUESTS = 10;

/** Adds to each response what the requests before it have sent. */
export function remembering<Request, Response extends { readonly sent?: Sent }>(
	send: (request: Request) => Promise<Response>,
): (request: Request) => Promise<Response> {
	let earlier: readonly (Sent | undefined)[] = [];
	return async (request) => {
		const response = await send(request);
		const sent = allSent(...earlier, response.sent);
		earlier = earlier.length < MAX_REQUESTS ? [...earlier, response.sent] : [valuesOf(sent)];
		return { ...response, sent };
	};
}

/** Without the requests that they were read from. */
function valuesOf(sent: Sent): Sent {
	const values = sent();
	return () => values;
}
