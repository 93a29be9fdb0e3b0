/** Words of others, made fit to be shown: n8n's editor renders errors and hints as HTML. */

/** Values that were sent, each with the text that is shown in its place if it comes back. */
export type SentValues = ReadonlyMap<string, string>;

/** Reads them, which only a server's words that are shown need: most responses are answers. */
export type Sent = () => SentValues;

/** Stands for a secret. */
export const HIDDEN = '•••';

/** Characters without a shape, such as control characters and direction marks; not white space. */
const INVISIBLE = /[^\P{C}\t-\r\u0085]|\p{Default_Ignorable_Code_Point}/gu;

function onOneLine(words: string): string {
	return words.replace(INVISIBLE, '').replace(/[\s\u0085]+/g, ' ');
}

const LOOKALIKES: Readonly<Record<string, string>> = { '<': '‹', '>': '›', '`': "'" };

/** The editor would read these characters as HTML, or as code. */
function withoutMarkup(words: string): string {
	return words.replace(/[<>`]/g, (mark) => LOOKALIKES[mark] ?? '');
}

/** Text on one line, in which nothing marks up, hides or reorders the rest. */
export function asText(words: string): string {
	return withoutMarkup(onOneLine(words)).trim();
}

/** Characters. */
const MAX_QUOTED_LENGTH = 200;

/**
 * A server's words as an error may quote them: {@link asText}, at most 200 characters, without what
 * was sent, with identifiers of devices masked and anything that could be a token removed.
 */
export function quoted(words: string, sent?: Sent): string {
	const read = onOneLine(decoded(words.slice(0, 4 * MAX_QUOTED_LENGTH)));
	const safe = withoutMarkup(withoutLongWords(masked(withoutSent(read, sent)))).trim();
	return shortened(safe, MAX_QUOTED_LENGTH);
}

/** `…` stands for the rest of a text that is too long (characters). */
export function shortened(text: string, length: number): string {
	if (text.length <= length) return text;
	// Half of a surrogate pair at the end would not be valid text.
	return `${text.slice(0, length - 1).replace(/\p{Cs}$/u, '')}…`;
}

const MAX_WORD_LENGTH = 60;

/** Long words of scripts that put spaces between them are no words. */
function withoutLongWords(words: string): string {
	return words.replace(/[^\s\p{Lo}]{61,}/gu, (word) => shortened(word, MAX_WORD_LENGTH));
}

/** Percent-encoding hides from a search what a reader can decode. */
function decoded(words: string): string {
	return words.replace(/(?:%[\da-f]{2})+/gi, (escapes) => {
		try {
			return decodeURIComponent(escapes);
		} catch {
			return escapes;
		}
	});
}

/** Replaces whatever was sent, in any of its forms, and any large part of a secret. */
function withoutSent(words: string, sent?: Sent): string {
	const longestFirst = [...(sent?.() ?? [])].sort(([one], [other]) => other.length - one.length);
	return longestFirst.reduce((left, [value, shown]) => {
		const safe = formsOf(value).reduce(
			(rest, form) => rest.replaceAll(form, () => (form === value ? shown : HIDDEN)),
			left,
		);
		return shown === HIDDEN ? withoutParts(safe, value) : safe;
	}, words);
}

/** Whether any of the values is in a text that cannot be shown in part. */
export function holdsSent(text: string, sent?: Sent): boolean {
	return [...(sent?.().keys() ?? [])].some((value) =>
		formsOf(value).some((form) => text.includes(form)),
	);
}

/** A value as servers write it: as it is, in a form, in Base64. The words are {@link decoded}. */
function formsOf(value: string): string[] {
	const bytes = Buffer.from(value);
	const padded = bytes.toString('base64');
	const encoded = [padded, padded.replaceAll('=', ''), bytes.toString('base64url')];
	const read = [value, value.replaceAll(' ', '+')].flatMap((form) => [
		form,
		onOneLine(form),
		onOneLine(decoded(form)),
	]);
	return [...new Set([...read, ...encoded])];
}

/** So many characters of a secret are not shown either. */
const PART_LENGTH = 8;

function withoutParts(words: string, secret: string): string {
	let safe = '';
	for (let at = 0; at < words.length;) {
		let end = at + PART_LENGTH;
		if (end > words.length || !secret.includes(words.slice(at, end))) {
			safe += words[at++];
			continue;
		}
		while (end < words.length && secret.includes(words.slice(at, end + 1))) end++;
		safe += HIDDEN;
		at = end;
	}
	return safe;
}

const IPV6 = /(?<!\w)(?:[\da-f]|::)[\da-f:.]*/gi;
const IPV4 = /(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?!\w|\.\d)/g;
const NETWORK_ACCESS_IDENTIFIER = /(?<![^\s"'(),:;<>@[\]{}•])[^\s"'(),:;<>@[\]{}•]+@(?=[a-z\d])/gi;
const PHONE_NUMBER = /\+?\d(?:[ ()./\u2212\p{Pd}]{0,3}\d){5,}/gu;
const TOKEN = /[\w.~+/=-]{20,}/g;

/** Masks identifiers of devices by their shape, and removes words that could be tokens. */
function masked(words: string): string {
	return words
		.replace(NETWORK_ACCESS_IDENTIFIER, `${HIDDEN}@`)
		.replace(IPV6, maskedIpv6Address)
		.replace(IPV4, maskedIdentifier)
		.replace(TOKEN, (word) => (/\d/.test(word) ? HIDDEN : word))
		.replace(PHONE_NUMBER, (number) => maskedPhoneNumber(number.replace(/[^+\d]/g, '')));
}

/** @param text of the characters of an address, with which a sentence may go on */
function maskedIpv6Address(text: string): string {
	if (text.indexOf(':') === text.lastIndexOf(':')) return text;
	for (let end = Math.min(text.length, 45); end > 2; end--) {
		const address = text.slice(0, end);
		if (URL.canParse(`http://[${address}]`)) return maskedIdentifier(address) + text.slice(end);
	}
	return text;
}

/** `+34600000001` → `+346•••••001`: enough to recognise the number, too little to call it. */
export function maskedPhoneNumber(phoneNumber: string): string {
	const shown = phoneNumber.length < 10 ? 2 : 4;
	const hidden = Math.max(phoneNumber.length - shown - 3, 0);
	return phoneNumber.slice(0, shown) + '•'.repeat(hidden) + phoneNumber.slice(-3);
}

/**
 * `1@domain.com` → `•••@domain.com`, `80.90.34.2` → `80.90.•.•`, `2001:db8::1` → `2001:db8:•`, and
 * phone numbers as {@link maskedPhoneNumber}.
 */
export function maskedIdentifier(identifier: string): string {
	const beginning = (separator: string) => identifier.split(separator).slice(0, 2).join(separator);
	if (identifier.includes('@')) return HIDDEN + identifier.slice(identifier.indexOf('@'));
	if (identifier.includes(':')) return `${beginning(':')}:•`;
	if (identifier.includes('.')) return `${beginning('.')}.•.•`;
	return maskedPhoneNumber(identifier);
}
