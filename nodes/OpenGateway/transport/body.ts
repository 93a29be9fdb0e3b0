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
interface BodyStream {
	on(event: 'data', listener: (chunk: Buffer) => void): void;
	on(event: 'end' | 'close', listener: () => void): void;
	on(event: 'error', listener: (error: Error) => void): void;
	destroy(): void;
}

const isStream = (body: unknown): body is BodyStream =>
	typeof body === 'object' && body !== null && 'destroy' in body && 'on' in body;

/**
 * Reads the body of a response that n8n's helper gives as a stream, and unpacks as it is read: of a
 * longer one little more than {@link MAX_BODY_LENGTH} is ever unpacked or kept.
 * @param signal of this response alone; ends the reading when it aborts
 * @returns UTF-8 text; anything else than a stream as it is
 * @throws {BodyTooLong}
 */
export async function readBody(
	body: unknown,
	status: number,
	signal: AbortSignal,
): Promise<unknown> {
	if (!isStream(body)) return body;
	// Each request pays for this: an iteration of the stream takes twice the time of its events.
	return await new Promise((resolve, reject) => {
		const chunks: Buffer[] = [];
		let length = 0;
		body.on('data', (chunk) => {
			length += chunk.length;
			if (length <= MAX_BODY_LENGTH) return void chunks.push(chunk);
			reject(new BodyTooLong(status));
			body.destroy();
		});
		body.on('end', () => resolve(Buffer.concat(chunks).toString()));
		body.on('error', reject);
		body.on('close', () => reject(new Error('The body was not read to its end')));
		if (signal.aborted) body.destroy();
		else signal.addEventListener('abort', () => body.destroy());
	});
}
