import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import {
	getCountries,
	getCountryCallingCode,
	getExampleNumber,
	parsePhoneNumberFromString,
	type PhoneNumber,
} from 'libphonenumber-js/max';
import metadata from 'libphonenumber-js/max/metadata';
import examples from 'libphonenumber-js/mobile/examples';
import { parsePhoneNumber } from '../../nodes/OpenGateway/device';
import { numberingPlanTable, TABLE_FILE } from '../../scripts/numberingPlans';
import { operatorsPatterns } from '../support/openapi';
import { outcomeOf } from '../properties/property';

/** The table of numbering plans against libphonenumber, from whose metadata it is generated. */
test('the table is what the script generates', () => {
	expect(readFileSync(TABLE_FILE, 'utf8')).toBe(numberingPlanTable());
});

/** @returns `undefined` if it is refused */
function parsed(written: unknown, callingCode?: string): string | undefined {
	const outcome = outcomeOf(() => parsePhoneNumber(written, callingCode));
	return 'value' in outcome ? outcome.value : undefined;
}

const countries = getCountries();
const SAMPLES = 10;

/** Whether libphonenumber itself reads the number as it writes it: some old ones it does not. */
const isReadAgain = (number: PhoneNumber) =>
	[number.formatNational(), number.number].every(
		(written) => parsePhoneNumberFromString(written, number.country)?.number === number.number,
	);

/** Valid numbers of every type (fixed, mobile, toll-free …) of each country, always the same ones. */
const numbers = countries.flatMap((country) => {
	const callingCode = getCountryCallingCode(country);
	const types = metadata.countries[country]?.[11] as ([pattern: string] | 0)[] | 0 | undefined;
	const drawn = (types || []).flatMap((type) =>
		type && type[0]
			? fc.sample(fc.stringMatching(new RegExp(`^(?:${type[0]})$`)), { numRuns: SAMPLES, seed: 1 })
			: [],
	);
	return [...new Set(drawn)]
		.map((national) => parsePhoneNumberFromString(`+${callingCode}${national}`))
		.filter((number): number is PhoneNumber => number?.isValid() === true && isReadAgain(number));
});
const mobiles = countries.flatMap((country) => getExampleNumber(country, examples) ?? []);

/** What is dialled at home before a number of the same calling code. */
function nationalPrefixOf({ countryCallingCode }: PhoneNumber): string {
	const [main = ''] = metadata.country_calling_codes[countryCallingCode] ?? [];
	return String(metadata.countries[main as keyof typeof metadata.countries]?.[5] || '');
}

/** As it is written at home; a line also as a spreadsheet or a person who forgets the + leaves it. */
function nationalFormsOf(number: PhoneNumber): unknown[] {
	const { nationalNumber, countryCallingCode } = number;
	const prefix = nationalPrefixOf(number);
	const national = number.formatNational();
	const spoilt = [
		...[
			`${countryCallingCode}${nationalNumber}`,
			`${prefix}${countryCallingCode}${nationalNumber}`,
		],
		...[Number(national.replace(/\D/g, '')), Number(nationalNumber)],
	];
	const isMobile = /MOBILE/.test(number.getType() ?? '');
	return [national, nationalNumber, prefix + nationalNumber, ...(isMobile ? spoilt : [])];
}

function internationalFormsOf(number: PhoneNumber): string[] {
	const { nationalNumber, countryCallingCode } = number;
	const prefix = nationalPrefixOf(number);
	return [
		number.number,
		`+${countryCallingCode} (${prefix}) ${nationalNumber}`,
		`00${countryCallingCode} ${prefix}${nationalNumber}`,
	];
}

function outcomesOf(number: PhoneNumber, forms: unknown[], callingCode?: string) {
	return forms.map((written) => ({
		written,
		callingCode,
		expected: number.number as string,
		outcome: parsed(written, callingCode),
	}));
}
const isRight = ({ outcome, expected }: { outcome?: string; expected: string }) =>
	outcome === expected;
const count = (total: number, part: number) => `${part} of ${total}`;

describe(`numbers of every type of ${countries.length} countries`, () => {
	const atHome = numbers.flatMap((number) =>
		outcomesOf(number, nationalFormsOf(number), number.countryCallingCode),
	);
	test(`are completed right (${count(atHome.length, atHome.filter(isRight).length)}) or refused as they are written at home`, () => {
		expect(numbers.length).toBeGreaterThan(5000);
		expect(atHome.filter((one) => one.outcome !== undefined && !isRight(one))).toEqual([]);
	});

	const abroad = numbers.flatMap((number) => outcomesOf(number, internationalFormsOf(number)));
	test(`are read right (${count(abroad.length, abroad.filter(isRight).length)}) or refused with their country and a prefix of home`, () => {
		expect(abroad.filter((one) => one.outcome !== undefined && !isRight(one))).toEqual([]);
	});
});

describe('mobile numbers', () => {
	test('are completed as they are written at home, with or without a prefix', () => {
		const mobile = numbers.filter((number) => /MOBILE/.test(number.getType() ?? ''));
		expect(mobile.length).toBeGreaterThan(2000);
		const outcomes = mobile.flatMap((number) =>
			outcomesOf(
				number,
				[number.formatNational(), number.nationalNumber],
				number.countryCallingCode,
			),
		);
		expect(outcomes.filter((one) => !isRight(one))).toEqual([]);
	});

	test('are read with 00 or spaces, and completed, in the example of each country', () => {
		const [pattern] = operatorsPatterns('MSISDN');
		for (const number of mobiles) {
			const { countryCallingCode: callingCode } = number;
			const forms = [number.formatInternational(), `00${number.number.slice(1)}`];
			const outcomes = [
				...outcomesOf(number, forms),
				...outcomesOf(number, [number.formatNational()], callingCode),
			];
			expect(outcomes.filter((one) => !isRight(one))).toEqual([]);
			if (pattern) expect(parsed(number.number)).toMatch(pattern);
		}
		expect(mobiles.length).toBeGreaterThan(200);
	});
});

describe('20,000 numbers without the + of another country', () => {
	const DEFAULTS = ['34', '49', '1', '44', '33', '39', '55', '91', '81', '7'];
	const others = DEFAULTS.flatMap((callingCode) => {
		const foreign = numbers.filter((number) => number.countryCallingCode !== callingCode);
		return Array.from({ length: 2000 }, (_, index) => foreign[(index * 7) % foreign.length]!).map(
			({ number }) => ({ written: number.slice(1), callingCode }),
		);
	}).map((one) => ({ ...one, outcome: parsed(one.written, one.callingCode) }));
	const completed = others.filter(({ outcome }) => outcome !== undefined);
	const share = ((100 * completed.length) / others.length).toFixed(1);

	test(`are completed only to a number that is possible with the default calling code: ${share} %`, () => {
		expect(others).toHaveLength(20_000);
		expect(Number(share)).toBeLessThan(3);
		for (const { written, callingCode, outcome } of completed) {
			const number = parsePhoneNumberFromString(outcome!);
			expect([written, number?.isPossible()]).toEqual([written, true]);
			expect(outcome!.startsWith(`+${callingCode}`)).toBe(true);
			expect(written.endsWith(outcome!.slice(1 + callingCode.length))).toBe(true);
		}
	});
});
