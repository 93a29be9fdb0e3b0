/** @returns `undefined` for a text that is not JSON */
export function parseJson(body: unknown): unknown {
	if (typeof body !== 'string') return body;
	try {
		// A byte order mark is not part of the text (RFC 8259 section 8.1).
		return JSON.parse(body.replace(/^\uFEFF/, ''));
	} catch {
		return undefined;
	}
}

/** The value as an object whose fields can be read, or an empty one. */
export function asObject(value: unknown): Record<string, unknown> {
	return typeof value === 'object' && value !== null && !Array.isArray(value)
		? (value as Record<string, unknown>)
		: {};
}

/** Longest text that is read as a time (characters). */
const MAX_TIME_LENGTH = 64;

/** @returns the text without white space around it, or `''` for a value that cannot be a time */
export function timeText(value: unknown): string {
	return typeof value === 'string' && value.length <= MAX_TIME_LENGTH ? value.trim() : '';
}
