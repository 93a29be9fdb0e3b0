import { readFileSync } from 'node:fs';
import { MOBILE_COUNTRY_CODES } from '../nodes/OpenGateway/apis/mobileCountryCodeTable';
import { currencyTable, EXAMPLE_FILE, exampleWithCurrencies } from '../scripts/currencies';

const rows = currencyTable().trimEnd().split('\n');

test('the currencies of the example are what the script generates', () => {
	const example = readFileSync(EXAMPLE_FILE, 'utf8');

	expect(example).toContain(JSON.stringify(currencyTable()).slice(1, -1));
	expect(exampleWithCurrencies(example)).toBe(example);
});

test('each row is a code, a name and a currency', () => {
	expect(rows).toEqual(
		expect.arrayContaining(['DE Germany EUR', 'GB United Kingdom GBP', 'PF French Polynesia XPF']),
	);
	expect(rows.filter((row) => !/^[A-Z]{2} [^`$\\]+ [A-Z]{3}$/.test(row))).toEqual([]);
});

test('every territory of a mobile country code has a currency', () => {
	const known = rows.map((row) => row.slice(0, 2));
	const territories = MOBILE_COUNTRY_CODES.match(/\b[A-Z]{2}\b/g) ?? [];

	expect(territories.length).toBeGreaterThan(200);
	expect(territories.filter((code) => !known.includes(code))).toEqual([]);
});
