import { OpenGatewayError } from '../errors';

declare const parsed: unique symbol;
/** A string that the parser of its kind returned; it need not be checked again. */
export type Parsed<Kind extends string> = string & { readonly [parsed]: Kind };

/** @param remedy the next step, as whole sentences */
export function invalidDevice(happened: string, remedy: string): OpenGatewayError {
	return new OpenGatewayError(happened, { remedy, code: 'INVALID_DEVICE' });
}

const MAX_WRITTEN_LENGTH = 300;

/**
 * The trimmed text of a field, whose value may be anything that an expression can give.
 * @param name of the field, as the form shows it
 * @throws {OpenGatewayError} `INVALID_DEVICE`
 */
export function textOf(input: unknown, name: string, remedy: string): string {
	if (typeof input === 'number' && Number.isSafeInteger(input) && input >= 0) return String(input);
	if (typeof input === 'number')
		throw invalidDevice(`'${name}' is a number that is not valid here.`, remedy);
	if (input === undefined || input === null) throw invalidDevice(`'${name}' is missing.`, remedy);
	if (typeof input !== 'string') {
		const kind = Array.isArray(input)
			? 'a list'
			: typeof input === 'object'
				? 'an object'
				: `a ${typeof input}`;
		throw invalidDevice(
			`'${name}' is ${kind}, not text.`,
			`${remedy} Check the expression in the field.`,
		);
	}
	if (input.trim() === '') throw invalidDevice(`'${name}' is empty.`, remedy);
	if (input.length > MAX_WRITTEN_LENGTH) {
		throw invalidDevice(`'${name}' is ${input.length} characters long.`, remedy);
	}
	return input.trim();
}
