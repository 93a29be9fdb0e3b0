/** Writes the table of currencies into the example that uses it: `npx tsx scripts/currencies.ts`. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { countries } from 'countries-list';

export const EXAMPLE_FILE = join(__dirname, '../examples/welcome-offer.json');

/** The node of the example that holds the table, between the backquotes of its code. */
const NODE = 'Country and Currency';
const TABLE = /(?<=`\n).*(?=`;)/s;

interface Example {
	readonly nodes: ReadonlyArray<{
		readonly name: string;
		readonly parameters: { jsCode?: string };
	}>;
}

/** A row for each country that has a currency: its ISO 3166-1 code, name, and first ISO 4217 code. */
export function currencyTable(): string {
	return Object.entries(countries)
		.filter(([, { currency }]) => currency.length > 0)
		.map(([code, { name, currency }]) => `${code} ${name} ${currency[0]}\n`)
		.sort()
		.join('');
}

/** The text of the example with the table of today. */
export function exampleWithCurrencies(text: string): string {
	const { nodes } = JSON.parse(text) as Example;
	const code = nodes.find(({ name }) => name === NODE)?.parameters.jsCode ?? '';
	const renewed = code.replace(TABLE, currencyTable);
	return text.replace(JSON.stringify(code), () => JSON.stringify(renewed));
}

if (require.main === module) {
	writeFileSync(EXAMPLE_FILE, exampleWithCurrencies(readFileSync(EXAMPLE_FILE, 'utf8')));
}
