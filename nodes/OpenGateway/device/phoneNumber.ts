import { invalidDevice, textOf, type Parsed } from './field';

/** E.164 with its `+`: 5 to 15 digits, the first not 0. */
export type PhoneNumber = Parsed<'PhoneNumber'>;

/**
 * What people and address books put between digits, and the invisible marks that come along. A
 * slash stands behind an area; with few digits to follow it begins a second number, "…56/57".
 */
const SEPARATORS = /[\p{Zs}\t\p{Cf}\p{Pd}\u2212.()]|(?<=\d\p{Zs}?)\/(?=(?:\D*\d){5})/gu;
const REMEDY =
	'Write it with its country, like +34600123456 or 0034600123456; spaces, dashes and parentheses do not matter.';

/**
 * Takes a phone number as people write it. Without its country it is completed only where
 * `defaultCallingCode` names one: a guess would ask about a stranger's line.
 * @throws {OpenGatewayError} `INVALID_DEVICE`
 */
export function parsePhoneNumber(input: unknown, defaultCallingCode?: unknown): PhoneNumber {
	const written = textOf(input, 'phone number', REMEDY);
	if (/^\+?\d+\.(?:0+|\d{1,2})$/.test(written)) {
		throw invalidDevice(
			'The phone number was made a decimal number.',
			'Keep it as text at its source.',
		);
	}
	const compact = written.replace(SEPARATORS, '');
	const stray = /\D/u.exec(compact.replace(/^\+/, ''));
	if (stray) {
		throw invalidDevice(`The phone number contains ${character(stray[0])}.`, REMEDY);
	}
	if (!/\d/.test(compact)) throw invalidDevice('The phone number has no digits.', REMEDY);
	const digits = /^(?:\+|00)/.test(compact)
		? withoutTrunkPrefix(compact.replace(/^(?:\+|00)/, ''))
		: completed(compact, defaultCallingCode);
	if (digits.startsWith('0')) {
		throw invalidDevice('The phone number has a 0 where its country code should begin.', REMEDY);
	}
	if (!/^\d{5,15}$/.test(digits)) {
		throw invalidDevice(
			`The phone number has ${digits.length} ${digits.length === 1 ? 'digit' : 'digits'} with its country; it must have 5 to 15.`,
			REMEDY,
		);
	}
	return `+${digits}` as PhoneNumber;
}

/**
 * The part of a national number that E.164 keeps, by calling code, where that is not all that
 * follows an optional 0. Where the prefix could also be digits of the number, its length decides.
 */
const NATIONAL_NUMBER: Record<string, RegExp> = {
	1: /^1?([2-9]\d{9})$/,
	7: /^8?([3-9]\d{9})$/,
	36: /^(?:06)?([1-9]\d{7,8})$/,
	370: /^[08]?([1-9]\d{7})$/,
	375: /^(?:80)?([1-9]\d{8})$/,
	692: /^1?([2-9]\d{6})$/,
	993: /^8?([1-9]\d{7})$/,
	// A leading 0 belongs to the number.
	39: /^(\d{6,11})$/,
	225: /^(\d{10})$/,
	226: /^(\d{8})$/,
	229: /^(\d{10})$/,
	242: /^(\d{9})$/,
	378: /^(\d{6,10})$/,
	992: /^(\d{9})$/,
	241: /^0?(\d{8})$/,
	// The 0 can be followed by the digits of a carrier, which are no part of the number.
	52: /^([1-9]\d{9})$/,
	55: /^0?([1-9]\d{9,10})$/,
	57: /^([1-9]\d{9})$/,
	591: /^0?([1-9]\d{7})$/,
	// At home a 15 in the middle says mobile; in E.164 a 9 in front does, and only that is safe.
	54: /^0?(9\d{10})$/,
};
const BEHIND_OPTIONAL_ZERO = /^0?([1-9]\d*)$/;

/** A national number with its country in front. */
function completed(national: string, defaultCallingCode: unknown): string {
	const [only, ...others] = [defaultCallingCode ?? ''].flat() as unknown[];
	const written = others.length > 0 || typeof only === 'object' ? 'no text' : String(only);
	const callingCode = written.replace(/\s/g, '').replace(/^(?:\+|00)/, '');
	const ending = `The phone number ending in ${national.slice(-3)}`;
	if (callingCode === '') {
		throw invalidDevice(
			`${ending} does not say its country.`,
			`${REMEDY} Or set the option Default Calling Code, if all numbers without one are of the same country.`,
		);
	}
	if (!/^[1-9]\d{0,2}$/.test(callingCode)) {
		throw invalidDevice(
			'The option Default Calling Code is not a country calling code.',
			'Write 1 to 3 digits, like 34 for Spain or 1 for the United States.',
		);
	}
	const form = NATIONAL_NUMBER[callingCode] ?? BEHIND_OPTIONAL_ZERO;
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

/** A calling code (ITU-T E.164, list of assigned country codes), and a number with a 0 in front. */
const ZERO_BEHIND_CALLING_CODE =
	/^(1|7|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]|2[1-689]\d|3[578]\d|42\d|5[09]\d|6[7-9]\d|8[035789]\d|9[679]\d)(0\d*)$/;

/** "+44 (0)20 …" shows the 0 that is dialled at home; it is no part of most countries' numbers. */
function withoutTrunkPrefix(digits: string): string {
	const [, callingCode, national] = ZERO_BEHIND_CALLING_CODE.exec(digits) ?? [];
	return callingCode && national ? completed(national, callingCode) : digits;
}

/** A character as it can be shown: `"&"`, or `U+0007` where it has no shape of its own. */
function character(found: string): string {
	const codePoint = (found.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
	return /^[!-~]|\p{L}$/u.test(found) ? `"${found}"` : `the character U+${codePoint}`;
}
