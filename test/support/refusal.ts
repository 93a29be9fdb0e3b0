import { OpenGatewayError } from '../../nodes/OpenGateway/errors';

/** An error of the node, spread out for a test to compare. */
export type Refusal = OpenGatewayError['context'] & {
	/** What happened, and what to do: all that a person reads of it. */
	readonly words: string;
};

/**
 * The error that an attempt ends with.
 * @throws if it succeeds, or ends with an error of another kind
 */
export function refusal(attempt: () => unknown): Refusal {
	try {
		return notRefused(attempt());
	} catch (error) {
		return spreadOut(error);
	}
}

/** As `refusal`, for what takes time. */
export async function failure(asked: Promise<unknown>): Promise<Refusal> {
	return spreadOut(await asked.then(notRefused).catch((error: unknown) => error));
}

function notRefused(value: unknown): never {
	throw new Error(`It was not refused: ${JSON.stringify(value)}`);
}

function spreadOut(error: unknown): Refusal {
	if (!(error instanceof OpenGatewayError)) throw error;
	const { message, context, nextMove } = error;
	return { ...context, nextMove, words: `${message} ${context.remedy}` };
}

/** The message of a table's entry, as an item's error has it. */
export function textOf(
	{ happened, remedy }: { readonly happened: string; readonly remedy: string },
	device: string,
): string {
	return `${happened} ${remedy}`.replace(/\{device\}/g, device);
}

/** Matches a refusal with this code, of which a person reads `words`, among others. */
export function refusedWith(code: string, words: RegExp = /./): Refusal {
	return expect.objectContaining({
		code,
		words: expect.stringMatching(words) as string,
	}) as Refusal;
}
