import type { Exchange } from '../../sandbox/exchanges';
import type { Recording } from './recordings';

/** Secrets and the identifiers of devices, as they were seen on the wire. */
export interface Confidential {
	secrets: Set<string>;
	/** Phone numbers without `+`, addresses, network access identifiers. */
	identifiers: Set<string>;
}

/** The fields of forms and JSON responses whose values give access. */
const SECRET_FIELDS = [
	'client_secret',
	'client_assertion',
	'assertion',
	'auth_req_id',
	'code',
	'code_verifier',
	'access_token',
	'refresh_token',
	'id_token',
];

/** What the node's own texts give as examples. */
const EXAMPLES = ['80.90.34.2', '10.0.0.1', '2001:db8::1', '123456789@domain.com', '123456789'];

const IDENTIFIERS = [
	/\d{8,15}/g,
	/\b(?!127\.|0\.)(?:\d{1,3}\.){3}\d{1,3}\b/g,
	/(?<=ipport:\[|"ipv6Addr(?:ess)?":")[\da-f:]+/g,
	/[^\s"&=:]+@[\w.-]+/g,
];

/** Of a webhook or a request; the digits of some look like a phone number. */
const UUID = /[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}/gi;

/** The secrets and identifiers of these exchanges. */
export function confidential(exchanges: Exchange[]): Confidential {
	const secrets = new Set<string>();
	const identifiers = new Set<string>();
	for (const { path, headers, body, answerHeaders, answer } of exchanges) {
		const [scheme, credentials = ''] = String(headers.authorization ?? '').split(' ');
		secrets.add(credentials);
		if (scheme === 'Basic') {
			const [, secret = ''] = Buffer.from(credentials, 'base64').toString().split(':');
			secrets.add(decodeURIComponent(secret.replaceAll('+', ' ')));
		}
		secrets.add(String(headers['x-rapidapi-key'] ?? ''));
		const redirect = new URL(String(answerHeaders.location ?? ''), 'http://localhost');
		for (const form of [new URLSearchParams(body), redirect.searchParams]) {
			for (const field of SECRET_FIELDS) secrets.add(form.get(field) ?? '');
		}
		for (const [, field = '', value = ''] of answer.matchAll(/"(\w+)":"([^"]+)"/g)) {
			// The field "code" holds error codes, too.
			if (field !== 'code' && SECRET_FIELDS.includes(field)) secrets.add(value);
		}
		// The token that an operator has to send events with.
		for (const [, token = ''] of body.matchAll(/"accessToken":"([^"]+)"/g)) secrets.add(token);
		const sent = decodeURIComponent(`${path.split('?')[1] ?? ''} ${body}`).replace(UUID, '');
		for (const [identifier] of IDENTIFIERS.flatMap((shape) => [...sent.matchAll(shape)])) {
			if (!EXAMPLES.includes(identifier)) identifiers.add(identifier);
		}
	}
	return { secrets: recognisable(secrets), identifiers };
}

/** A value in the encodings in which a server may send it back. */
export function encodings(value: string): string[] {
	const bytes = Buffer.from(value);
	const base64 = [bytes.toString('base64').replace(/=+$/, ''), bytes.toString('base64url')];
	return [...new Set([value, encodeURIComponent(value), ...base64])];
}

/** The lines of a private key in PEM, each of which is searched for by itself. */
export function linesOfKey(pem: string): Set<string> {
	return recognisable(pem.split('\n').filter((line) => !line.startsWith('-----')));
}

/** Drops secrets that are too short to tell from ordinary words, as wrong secrets in tests are. */
function recognisable(words: Iterable<string>): Set<string> {
	return new Set([...words].filter((word) => word.length >= 8));
}

/** The texts of a recording that a user can read: outputs may hold identifiers, errors may not. */
export function readable(recording: Recording): { outputs: string[]; errors: string[] } {
	switch (recording.kind) {
		case 'execution':
			return {
				outputs: [JSON.stringify(recording.outputs), JSON.stringify(recording.run)],
				errors: [
					...errorsIn(recording.outputs),
					...errorsIn(recording.run),
					...recording.logged,
				].map((error) => JSON.stringify(error)),
			};
		case 'credentialTest':
			return { outputs: [], errors: [JSON.stringify(recording.result)] };
		case 'log':
			return { outputs: [], errors: recording.lines };
		case 'exchanges':
		case 'deliveries':
		case 'privateKeys':
		case 'confidential':
			return { outputs: [], errors: [] };
	}
}

/** The value of every field "error". */
function errorsIn(value: unknown): unknown[] {
	if (typeof value !== 'object' || value === null) return [];
	return Object.entries(value).flatMap(([name, inner]) =>
		name === 'error' ? [inner] : errorsIn(inner),
	);
}

/** Secrets in any text, and identifiers in errors and log lines. */
export function leaks(recording: Recording, { secrets, identifiers }: Confidential): string[] {
	const { outputs, errors } = readable(recording);
	const found = (texts: string[], words: Set<string>, kind: string) => {
		const search = searchFor(words);
		return texts.flatMap((text) => search(text).map((word) => `${kind} ${word} in ${text}`));
	};
	return [
		...found([...outputs, ...errors], secrets, 'secret'),
		...found(errors, identifiers, 'identifier'),
	];
}

type Search = (text: string) => string[];

const searches = new WeakMap<Set<string>, Search>();

/** Finds any of the words in one pass over a text, however many they are, by how they begin. */
function searchFor(words: Set<string>): Search {
	const known = searches.get(words);
	if (known) return known;
	const length = Math.min(...[...words].map((word) => word.length));
	const byBeginning = new Map<string, string[]>();
	for (const word of words) {
		const beginning = word.slice(0, length);
		byBeginning.set(beginning, [...(byBeginning.get(beginning) ?? []), word]);
	}
	const search: Search = (text) => {
		const found = new Set<string>();
		for (let at = 0; at + length <= text.length; at++) {
			const candidates = byBeginning.get(text.slice(at, at + length));
			for (const word of candidates ?? []) if (text.startsWith(word, at)) found.add(word);
		}
		return [...found];
	};
	searches.set(words, search);
	return search;
}
