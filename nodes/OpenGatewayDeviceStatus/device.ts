import { maskedPhoneNumber, OpenGatewayError } from './errors';

declare const parsed: unique symbol;
type Parsed<Kind extends string> = string & { readonly [parsed]: Kind };

/** E.164 with its `+`: 5 to 15 digits, the first not 0. */
export type PhoneNumber = Parsed<'PhoneNumber'>;
/** 3GPP GPSI as an external identifier (TS 23.003 section 19.7.2): `local@domain`. */
export type NetworkAccessIdentifier = Parsed<'NetworkAccessIdentifier'>;
/** Dotted quad without a mask. */
export type Ipv4Address = Parsed<'Ipv4Address'>;
/** RFC 5952, without a mask or zone. */
export type Ipv6Address = Parsed<'Ipv6Address'>;
/** TCP or UDP port, 1 to 65535. */
export type Port = number & { readonly [parsed]: 'Port' };

/**
 * One device, known by one identifier, in the shape of CAMARA's `Device`. It can only come from
 * the parsers below, so whoever holds one need not check it again.
 */
export type Device =
	| { readonly phoneNumber: PhoneNumber }
	| { readonly networkAccessIdentifier: NetworkAccessIdentifier }
	| { readonly ipv4Address: { readonly publicAddress: Ipv4Address; readonly publicPort?: Port } }
	| { readonly ipv6Address: Ipv6Address };

function refused(happened: string, remedy: string): OpenGatewayError {
	return new OpenGatewayError(happened, { remedy, code: 'INVALID_DEVICE' });
}

/**
 * What people and address books put between digits, and the invisible marks that come along. A
 * slash stands behind an area; with few digits to follow it begins a second number, "…56/57".
 */
const SEPARATORS = /[\p{Zs}\t\p{Cf}\p{Pd}\u2212.()]|(?<=\d\p{Zs}?)\/(?=(?:\D*\d){5})/gu;
const PHONE_NUMBER_REMEDY =
	'Write it with its country, like +34600123456 or 0034600123456; spaces, dashes and parentheses do not matter.';

/**
 * Takes a phone number as people write it. Without its country it is completed only where
 * `defaultCallingCode` names one: a guess would ask about a stranger's line.
 * @throws {OpenGatewayError} `INVALID_DEVICE`
 */
export function parsePhoneNumber(input: unknown, defaultCallingCode?: unknown): PhoneNumber {
	const written = textOf(input, 'phone number', PHONE_NUMBER_REMEDY);
	if (/^\+?\d+\.(?:0+|\d{1,2})$/.test(written)) {
		throw refused('The phone number was made a decimal number.', 'Keep it as text at its source.');
	}
	const compact = written.replace(SEPARATORS, '');
	const stray = /[^\d]/u.exec(compact.replace(/^\+/, ''));
	if (stray) {
		throw refused(`The phone number contains ${character(stray[0])}.`, PHONE_NUMBER_REMEDY);
	}
	if (!/\d/.test(compact)) throw refused('The phone number has no digits.', PHONE_NUMBER_REMEDY);
	const digits = /^(?:\+|00)/.test(compact)
		? withoutTrunkPrefix(compact.replace(/^(?:\+|00)/, ''))
		: completed(compact, defaultCallingCode);
	if (digits.startsWith('0')) {
		throw refused(
			'The phone number has a 0 where its country code should begin.',
			PHONE_NUMBER_REMEDY,
		);
	}
	if (!/^\d{5,15}$/.test(digits)) {
		throw refused(
			`The phone number has ${digits.length} ${digits.length === 1 ? 'digit' : 'digits'} with its country; it must have 5 to 15.`,
			PHONE_NUMBER_REMEDY,
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
	const callingCode = String(defaultCallingCode ?? '')
		.replace(/\s/g, '')
		.replace(/^(?:\+|00)/, '');
	const ending = `The phone number ending in ${national.slice(-3)}`;
	if (callingCode === '') {
		throw refused(
			`${ending} does not say its country.`,
			`${PHONE_NUMBER_REMEDY} Or set the option Default Calling Code, if all numbers without one are of the same country.`,
		);
	}
	if (!/^[1-9]\d{0,2}$/.test(callingCode)) {
		throw refused(
			'The option Default Calling Code is not a country calling code.',
			'Write 1 to 3 digits, like 34 for Spain or 1 for the United States.',
		);
	}
	const form = NATIONAL_NUMBER[callingCode] ?? BEHIND_OPTIONAL_ZERO;
	const [, number] = form.exec(national) ?? [];
	if (number === undefined) {
		throw refused(
			`${ending} cannot be completed with the calling code ${callingCode}.`,
			PHONE_NUMBER_REMEDY,
		);
	}
	if (number.startsWith(callingCode) && form.test(number.slice(callingCode.length))) {
		throw refused(
			`${ending} begins with ${callingCode}, which may be its country or a part of it.`,
			PHONE_NUMBER_REMEDY,
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

const NAI_REMEDY = 'It should look like 123456789@domain.com.';

/** @throws {OpenGatewayError} `INVALID_DEVICE` */
export function parseNetworkAccessIdentifier(input: unknown): NetworkAccessIdentifier {
	const written = textOf(input, 'network access identifier', NAI_REMEDY);
	if (!/^[\w.!#$%&'*+/=?^`{|}~-]{1,128}@[a-z\d]([a-z\d.-]{0,125}[a-z\d])?$/i.test(written)) {
		throw refused('The network access identifier is not of the form local@domain.', NAI_REMEDY);
	}
	return written as NetworkAccessIdentifier;
}

const IPV4_REMEDY =
	'Write the public address that your server sees, like 80.90.34.2, without a mask; a port goes into the field Port.';

/** @throws {OpenGatewayError} `INVALID_DEVICE` */
export function parseIpv4Address(input: unknown): Ipv4Address {
	const written = textOf(input, 'IPv4 address', IPV4_REMEDY);
	const octets = written.split('.');
	if (
		octets.length !== 4 ||
		!octets.every((octet) => /^(0|[1-9]\d{0,2})$/.test(octet) && Number(octet) <= 255)
	) {
		throw refused('The IPv4 address is not four numbers from 0 to 255 with dots.', IPV4_REMEDY);
	}
	return written as Ipv4Address;
}

/**
 * @returns `undefined` where no port is given: empty, or 0, as the field stands when left alone.
 * @throws {OpenGatewayError} `INVALID_DEVICE`
 */
export function parsePort(input: unknown): Port | undefined {
	const port = typeof input === 'string' && /^\s*\d{0,5}\s*$/.test(input) ? Number(input) : input;
	if (port === undefined || port === null || port === 0) return undefined;
	if (typeof port !== 'number' || !Number.isInteger(port) || port < 1 || port > 65_535) {
		throw refused(
			'The port is not a whole number from 1 to 65535.',
			'Leave it at 0 if it is not known.',
		);
	}
	return port as Port;
}

const IPV6_REMEDY =
	'Write one address of the device, like 2001:db8::1, without a mask, a zone, brackets or a port.';

/** @throws {OpenGatewayError} `INVALID_DEVICE` */
export function parseIpv6Address(input: unknown): Ipv6Address {
	const written = textOf(input, 'IPv6 address', IPV6_REMEDY);
	// The host part of a URL accepts exactly the IPv6 addresses, and writes them as RFC 5952 does.
	if (!/^[\da-f:.]{2,45}$/i.test(written) || !URL.canParse(`http://[${written}]`)) {
		throw refused('The IPv6 address is not one.', IPV6_REMEDY);
	}
	return new URL(`http://[${written}]`).hostname.slice(1, -1) as Ipv6Address;
}

const MAX_WRITTEN_LENGTH = 300;

/** The trimmed text of a field, whose value may be whatever an expression gave. */
function textOf(input: unknown, name: string, remedy: string): string {
	if (typeof input === 'number' && Number.isSafeInteger(input) && input >= 0) return String(input);
	if (typeof input === 'number')
		throw refused(`The ${name} is a number that cannot be one.`, remedy);
	if (input === undefined || input === null) throw refused(`The ${name} is missing.`, remedy);
	if (typeof input !== 'string') {
		const kind = Array.isArray(input)
			? 'a list'
			: typeof input === 'object'
				? 'an object'
				: `a ${typeof input}`;
		throw refused(
			`The ${name} is ${kind}, not text.`,
			`${remedy} Check the expression in the field.`,
		);
	}
	if (input.trim() === '') throw refused(`The ${name} is empty.`, remedy);
	if (input.length > MAX_WRITTEN_LENGTH) {
		throw refused(`The ${name} is ${input.length} characters long.`, remedy);
	}
	return input.trim();
}

/** A character as it can be shown: `"&"`, or `U+0007` where it has no shape of its own. */
function character(found: string): string {
	const codePoint = (found.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
	return /^[!-~]|\p{L}$/u.test(found) ? `"${found}"` : `the character U+${codePoint}`;
}

/** The device as it may be named in an error: recognisable to its sender, useless to others. */
export function maskedDevice(device: Device): string {
	if ('phoneNumber' in device) return maskedPhoneNumber(device.phoneNumber);
	if ('networkAccessIdentifier' in device) {
		return `•••${device.networkAccessIdentifier.slice(device.networkAccessIdentifier.indexOf('@'))}`;
	}
	if ('ipv4Address' in device) {
		return `${device.ipv4Address.publicAddress.split('.').slice(0, 2).join('.')}.•.•`;
	}
	return `${device.ipv6Address.split(':').slice(0, 2).join(':')}:•`;
}
