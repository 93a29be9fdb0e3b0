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
