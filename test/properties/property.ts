import type { IRawProperty } from 'fast-check';
import { OpenGatewayError } from '../../nodes/OpenGateway/errors';

/** A statement that holds for every input. */
export interface Property {
	/** As a sentence. */
	readonly name: string;
	readonly holds: IRawProperty<unknown>;
}

/** The outcome of an input: a value, or a clear refusal. */
export type Outcome<Value> = { value: Value } | { refusal: OpenGatewayError };

/** @throws any error that is no refusal */
export function outcomeOf<Value>(attempt: () => Value): Outcome<Value> {
	try {
		return { value: attempt() };
	} catch (error) {
		return { refusal: clear(error) };
	}
}

/** @throws any error that is no refusal */
export async function outcomeOfAsync<Value>(
	attempt: () => Promise<Value>,
): Promise<Outcome<Value>> {
	try {
		return { value: await attempt() };
	} catch (error) {
		return { refusal: clear(error) };
	}
}

/** Characters of a refusal's texts: too few to repeat a long input. */
const MAX_WORDS = 700;

/** A refusal says, as sentences that can be shown, what happened and what to do. */
function clear(error: unknown): OpenGatewayError {
	if (!(error instanceof OpenGatewayError)) throw error;
	const words = wordsOf(error);
	if (error.context.code.length > 200 || words.length > MAX_WORDS || /\p{C}/u.test(words)) {
		throw new Error(`Not fit to be shown: ${words}`, { cause: error });
	}
	for (const sentence of [error.message, error.context.remedy]) {
		if (!/^'?\p{Lu}.+\.$/u.test(sentence)) throw new Error(`No sentence: ${sentence}`);
	}
	return error;
}

/** All that a person reads of a refusal. */
export function wordsOf({ message, context }: OpenGatewayError): string {
	return [message, context.remedy, context.serverMessage ?? ''].join(' ').trim();
}

/** Whether a refusal has this code, and nothing else came of the input. */
export function refusedWith<Value>(outcome: Outcome<Value>, code: string): boolean {
	return 'refusal' in outcome && outcome.refusal.context.code === code;
}
