import { OpenGatewayError } from '../errors';

declare const parsed: unique symbol;
/** A string that the parser of its kind returned; it need not be checked again. */
export type Parsed<Kind extends string> = string & { readonly [parsed]: Kind };

/** @param remedy the next step, as whole sentences */
export function invalidDevice(happened: string, remedy: string): OpenGatewayError {
	return new OpenGatewayError(happened, { remedy, code: 'INVALID_DEVICE' });
}

/** Remedies for the values that expressions give by mistake. */
export const CHECK_FIELD_NAME =
	"If an expression fills it in, check the field's name in the expression.";
export const SPLIT_OUT = 'Use a Split Out node before this one, so that each item has one.';
const NAME_A_FIELD = 'Name the field in it that is meant, as in {{ $json.customer.phone }}.';

const MAX_WRITTEN_LENGTH = 300;

/**
 * The trimmed text of a field, whose value may be anything that an expression can give.
 * @param name of the field, as the form shows it
 * @throws {OpenGatewayError} `INVALID_DEVICE`
 */
export function textOf(input: unknown, name: string, remedy: string): string {
	const refused = (is: string, ...remedies: string[]) =>
		invalidDevice(`'${name}' is ${is}.`, remedies.join(' '));
	if (typeof input === 'number') {
		if (Number.isSafeInteger(input) && input >= 0) return String(input);
		throw refused('a number that is not valid here', remedy);
	}
	if (input === undefined || input === null) throw refused('missing', CHECK_FIELD_NAME, remedy);
	if (Array.isArray(input)) throw refused('a list', SPLIT_OUT);
	if (typeof input === 'object') throw refused('an object', NAME_A_FIELD);
	if (typeof input !== 'string') {
		throw refused(`a ${typeof input}, not text`, 'Check the expression in the field.', remedy);
	}
	const written = input.trim();
	if (written === '') throw refused('empty', CHECK_FIELD_NAME, remedy);
	if (input.length > MAX_WRITTEN_LENGTH) throw refused(`${input.length} characters long`, remedy);
	// Text around an expression turns its value into text, as in "+{{ $json.phone }}".
	if (/^\+?(undefined|null|NaN)$/.test(written)) throw refused('missing', CHECK_FIELD_NAME, remedy);
	if (/^\+?\[object Object]$/.test(written)) throw refused('an object', NAME_A_FIELD);
	const [, ...behind] = written.split('{{');
	if (/^[^$]*\$.*\}\}/s.test(behind.join('{{'))) {
		throw refused('an expression as text', 'Switch the field from Fixed to Expression.');
	}
	return written;
}
