/** Longest body that is read (bytes, unpacked): answers of an API are a thousand times shorter. */
export const MAX_BODY_LENGTH = 1_000_000;

/** The body of a response is longer than {@link MAX_BODY_LENGTH}. */
export class BodyTooLong extends Error {
	constructor(
		/** HTTP status of the response. */
		readonly status: number,
	) {
		super('The body is too long');
	}
}

/** A readable stream of Node.js. */
interface BodyStream extends AsyncIterable<Buffer> {
	destroy(): void;
}

const isStream = (body: unknown): body is BodyStream =>
	typeof body === 'object' && body !== null && Symbol.asyncIterator in body;

/**
 * Reads the body of a response that n8n's helper gives as a stream, and unpacks as it is read: of a
 * longer one no more than {@link MAX_BODY_LENGTH} is ever unpacked or kept.
 * @param signal ends the reading when it aborts
 * @returns UTF-8 text; anything else than a stream as it is
 * @throws {BodyTooLong}
 */
export async function readBody(
	body: unknown,
	status: number,
	signal: AbortSignal,
): Promise<unknown> {
	if (!isStream(body)) return body;
	const destroy = () => body.destroy();
	if (signal.aborted) destroy();
	signal.addEventListener('abort', destroy);
	const chunks: Buffer[] = [];
	let length = 0;
	try {
		// To leave the loop destroys the stream.
		for await (const chunk of body) {
			length += chunk.length;
			if (length > MAX_BODY_LENGTH) throw new BodyTooLong(status);
			chunks.push(chunk);
		}
	} finally {
		signal.removeEventListener('abort', destroy);
	}
	return Buffer.concat(chunks).toString();
}
