import { invalidDevice, textOf, type Parsed } from './field';
import { nationalNumberOf, ZERO_BEHIND_CALLING_CODE } from './numberingPlans';

/** E.164 with its `+`: 5 to 15 digits, the first of which is not 0. */
export type PhoneNumber = Parsed<'PhoneNumber'>;

/**
 * Characters that people and address books put between digits, and invisible marks. A slash follows
 * an area code; with fewer than five digits behind it, it begins a second number, "…56/57".
 */
const SEPARATORS = /[\p{Zs}\t\p{Cf}\p{Pd}\u2212.()]|(?<=\d\p{Zs}?)\/(?=(?:\D*\d){5})/gu;
const REMEDY =
	'Write it with its country, like +34600123456 or 0034600123456; spaces, dashes and parentheses do not matter.';

/**
 * Parses a phone number as people write it. A number without its country is completed only with
 * `defaultCallingCode`: a guess would ask about a stranger.
 * @throws {OpenGatewayError} `INVALID_DEVICE`
 */
export function parsePhoneNumber(input: unknown, defaultCallingCode?: unknown): PhoneNumber {
	const written = textOf(input, 'Phone Number', REMEDY);
	if (/^\+?\d+\.(?:0+|\d{1,2})$/.test(written)) {
		throw invalidDevice(
			"'Phone Number' was converted to a decimal number.",
			'Keep it as text at its source.',
		);
	}
	const compact = written.replace(SEPARATORS, '');
	const stray = /\D/u.exec(compact.replace(/^\+/, ''));
	if (stray) {
		throw invalidDevice(`'Phone Number' contains ${character(stray[0])}.`, REMEDY);
	}
	if (!/\d/.test(compact)) throw invalidDevice("'Phone Number' has no digits.", REMEDY);
	const digits = /^(?:\+|00)/.test(compact)
		? withoutTrunkPrefix(compact.replace(/^(?:\+|00)/, ''))
		: completed(compact, defaultCallingCode);
	if (digits.startsWith('0')) {
		throw invalidDevice("'Phone Number' begins with 0 instead of a country code.", REMEDY);
	}
	if (!/^\d{5,15}$/.test(digits)) {
		throw invalidDevice(
			`'Phone Number' has ${digits.length} ${digits.length === 1 ? 'digit' : 'digits'} with its country; it must have 5 to 15.`,
			REMEDY,
		);
	}
	return `+${digits}` as PhoneNumber;
}

/**
 * @returns the digits of E.164 for a national number
 * @throws {OpenGatewayError} `INVALID_DEVICE`
 */
function completed(national: string, defaultCallingCode: unknown): string {
	const [only, ...others] = [defaultCallingCode ?? ''].flat() as unknown[];
	const written = others.length > 0 || typeof only === 'object' ? 'no text' : String(only);
	const callingCode = written.replace(/\s/g, '').replace(/^(?:\+|00)/, '');
	const ending = `The phone number ending in ${national.slice(-3)}`;
	if (callingCode === '') {
		throw invalidDevice(
			`${ending} does not say its country.`,
			`${REMEDY} Or set the option 'Default Calling Code', if all numbers without one are of the same country.`,
		);
	}
	if (!/^[1-9]\d{0,2}$/.test(callingCode)) {
		throw invalidDevice(
			"The option 'Default Calling Code' is not a country calling code.",
			'Write 1 to 3 digits, like 34 for Spain or 1 for the United States.',
		);
	}
	const form = nationalNumberOf(callingCode);
	const [, number] = form.exec(national) ?? [];
	if (number === undefined) {
		throw invalidDevice(
			`${ending} cannot be completed with the calling code ${callingCode}.`,
			REMEDY,
		);
	}
	if (number.startsWith(callingCode) && form.test(number.slice(callingCode.length))) {
		throw invalidDevice(
			`${ending} begins with ${callingCode}, which may be its country or a part of it.`,
			REMEDY,
		);
	}
	return callingCode + number;
}

/** Removes the trunk prefix of "+44 (0)20 …", which is dialled at home only. */
function withoutTrunkPrefix(digits: string): string {
	const [, callingCode, national] = ZERO_BEHIND_CALLING_CODE.exec(digits) ?? [];
	return callingCode && national ? completed(national, callingCode) : digits;
}

/** A character as it can be shown: `"&"`, or `U+0007` for one without a shape. */
function character(found: string): string {
	const codePoint = (found.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
	return /^[!-~]|\p{L}$/u.test(found) ? `"${found}"` : `the character U+${codePoint}`;
}
