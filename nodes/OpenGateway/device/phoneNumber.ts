import { CHECK_FIELD_NAME, invalidDevice, SPLIT_OUT, textOf, type Parsed } from './field';
import { numberingPlan, numberingPlanOf, type NumberingPlan } from './numberingPlan';

/** E.164 with its `+`: 5 to 15 digits, the first of which is not 0. */
export type PhoneNumber = Parsed<'PhoneNumber'>;

/**
 * Characters that people and address books put between digits, and invisible marks. A slash follows
 * an area code; with fewer than five digits behind it, it begins a second number, "…56/57".
 */
const SEPARATORS = /[\p{Zs}\t\p{Cf}\p{Pd}\u2212.()]|(?<=\d\p{Zs}?)\/(?=(?:\D*\d){5})/gu;
const REMEDY = 'Write it with its country, like +34600123456 or 0034600123456.';
const ADD_PLUS = 'Put a + before it if it begins with its country: +{{ $json.phone }}.';
const KEEP_AS_TEXT = 'Keep it as text at its source.';

/**
 * Parses a phone number as people write it. A number without its country is completed only with
 * `defaultCallingCode`, and only if it can be read in one way: a guess would ask about a stranger.
 * @throws {OpenGatewayError} `INVALID_DEVICE`
 */
export function parsePhoneNumber(input: unknown, defaultCallingCode?: unknown): PhoneNumber {
	const compact = digitsOf(textOf(input, 'Phone Number', REMEDY));
	const digits = compact.startsWith('+')
		? withoutTrunkPrefix(compact.slice(1))
		: completed(compact, planOf(defaultCallingCode));
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
 * @returns the digits, behind a `+` if there is one
 * @throws {OpenGatewayError} `INVALID_DEVICE`
 */
function digitsOf(written: string): string {
	if (/^\+?\d+\.(?:0+|\d{1,2})$/.test(written) || /^\d([.,]\d+)?E\+?\d+$/i.test(written)) {
		throw invalidDevice("'Phone Number' was converted to a decimal number.", KEEP_AS_TEXT);
	}
	const compact = written.replace(SEPARATORS, '');
	const [stray] = /\D/u.exec(compact.replace(/^\+/, '')) ?? [];
	if (stray !== undefined) {
		throw invalidDevice(
			`'Phone Number' contains ${character(stray)}.`,
			/[,;/|+\n]/.test(stray) ? `It takes one number. ${SPLIT_OUT}` : REMEDY,
		);
	}
	if (!/\d/.test(compact)) {
		throw invalidDevice("'Phone Number' has no digits.", `${CHECK_FIELD_NAME} ${REMEDY}`);
	}
	return compact;
}

/**
 * @returns `undefined` if there is no default calling code
 * @throws {OpenGatewayError} `INVALID_DEVICE`
 */
function planOf(defaultCallingCode: unknown): NumberingPlan | undefined {
	const [only, ...others] = [defaultCallingCode ?? ''].flat() as unknown[];
	const written = others.length > 0 || typeof only === 'object' ? 'no text' : String(only);
	const callingCode = written.replace(/\s/g, '').replace(/^(?:\+|00)/, '');
	if (callingCode === '') return undefined;
	const plan = numberingPlan(callingCode);
	if (plan) return plan;
	throw invalidDevice(
		"The option 'Default Calling Code' is not a country calling code.",
		'Write 1 to 3 digits, like 34 for Spain or 1 for the United States.',
	);
}

/**
 * A number with `+` is taken at its word, since numbering plans change, and operators' test numbers
 * are in none. It loses only a trunk prefix, as in "+44 (0)20 …", without which alone it is possible.
 */
function withoutTrunkPrefix(digits: string): string {
	return possibleAbroad(digits)[0] ?? digits;
}

/**
 * The digits of E.164 if there is such a number as written, without the country's trunk prefix, or
 * without a 0, which people write by habit behind any calling code: "+34 (0)600 …".
 * @returns none or one
 */
function possibleAbroad(digits: string): string[] {
	const plan = numberingPlanOf(digits);
	if (plan === undefined) return [];
	const national = digits.slice(plan.callingCode.length);
	const possible = [
		national,
		plan.withoutNationalPrefix(national),
		national.replace(/^0/, ''),
	].find(plan.isPossible);
	return possible === undefined ? [] : [plan.callingCode + possible];
}

/**
 * @param digits without a `+`
 * @param plan of the default calling code
 * @returns the digits of E.164
 * @throws {OpenGatewayError} `INVALID_DEVICE`
 */
function completed(digits: string, plan: NumberingPlan | undefined): string {
	const ending = `The phone number ending in ${digits.slice(-3)}`;
	const [reading, ...others] = plan ? readingsOf(digits, plan) : behind00(digits);
	if (reading !== undefined) {
		const doubts = plan ? doubtsAbout(digits, plan) : [];
		if ([...others, ...doubts].some((other) => other !== reading)) {
			throw invalidDevice(
				`${ending} can be read as two numbers.`,
				'Write it with a + and its country, like +34600123456.',
			);
		}
		const country = plan && callingCodeIn(digits, plan, reading);
		if (country) {
			throw invalidDevice(
				`${ending} begins with ${country}, which may be its country or a part of it.`,
				`${ADD_PLUS} If it does not, put +${plan.callingCode} before it.`,
			);
		}
		return reading;
	}
	if (digits.startsWith('00')) {
		throw invalidDevice(
			`${ending} begins with 00, but no number of a country follows.`,
			'Check it. If it is right, write + instead of 00.',
		);
	}
	const lacksPlus = possibleAbroad(digits).length > 0;
	if (plan === undefined) {
		throw invalidDevice(
			`${ending} does not say its country.`,
			`${lacksPlus ? ADD_PLUS : REMEDY} Or set the option 'Default Calling Code', if all numbers without one are of the same country.`,
		);
	}
	throw invalidDevice(
		`${ending} is not possible with the calling code ${plan.callingCode}.`,
		lacksPlus ? ADD_PLUS : REMEDY,
	);
}

/** The line behind 00, if there is such a line. */
function behind00(digits: string): string[] {
	return digits.startsWith('00') ? possibleAbroad(digits.slice(2)) : [];
}

/** The lines that the digits name: abroad, behind 00 or an IDD prefix of the plan, or at home. */
function readingsOf(digits: string, plan: NumberingPlan): string[] {
	const atHome = digits.startsWith('00')
		? []
		: [digits, plan.withoutNationalPrefix(digits)].filter(plan.isLine);
	return [
		...behind00(digits),
		...plan.behindIddPrefix(digits).flatMap((rest) => possibleAbroad(rest)),
		...atHome.map((national) => plan.callingCode + national),
	];
}

/** What else the digits could name. */
function doubtsAbout(digits: string, plan: NumberingPlan): string[] {
	const from00 = digits.startsWith('00');
	if (from00 && plan.behindIddPrefix(digits).includes(digits.slice(2))) return [];
	// If 00 does not lead abroad from here, it may begin the number of a service.
	// A spreadsheet takes away the 0 of a prefix like Hungary's 06.
	const other = from00 ? digits : plan.withoutNationalPrefix(`0${digits}`);
	return other !== `0${digits}` && plan.isPossible(other) ? [plan.callingCode + other] : [];
}

/**
 * The calling code that the digits begin with, if they may have lost their `+` before it.
 * @param reading what they name otherwise
 */
function callingCodeIn(digits: string, plan: NumberingPlan, reading: string): string | undefined {
	const { callingCode } = plan;
	const own = [digits, plan.withoutNationalPrefix(digits)]
		.filter((written) => written.startsWith(callingCode))
		.map((written) => written.slice(callingCode.length))
		.flatMap((national) => [national, plan.withoutNationalPrefix(national)])
		.filter(plan.isLine);
	if (own.some((national) => callingCode + national !== reading)) return callingCode;
	// Almost any number of the world could be a fixed line in a country with numbers of many lengths.
	const isDoubtful = reading === callingCode + digits && !plan.isMobile(digits);
	return isDoubtful && possibleAbroad(digits).length > 0
		? numberingPlanOf(digits)?.callingCode
		: undefined;
}

/** A character as it can be shown: `"&"`, or `U+0007` for one without a shape. */
function character(found: string): string {
	const codePoint = (found.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
	return /^[!-~]|\p{L}$/u.test(found) ? `"${found}"` : `the character U+${codePoint}`;
}
