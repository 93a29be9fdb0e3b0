/** Writes the table of mobile country codes that ships: `npx tsx scripts/mobileCountryCodes.ts`. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { all } from 'mcc-mnc-list';
import { version } from 'mcc-mnc-list/package.json';

export const TABLE_FILE = join(__dirname, '../nodes/OpenGateway/apis/mobileCountryCodeTable.ts');

/**
 * The list has the territories of the networks under a code. The ITU assigned some codes that have no
 * network yet, and a few networks serve another territory than that of their code (ITU-T E.212, list
 * of mobile country codes).
 */
const ASSIGNED_BY_ITU: Readonly<Record<string, string>> = {
	225: 'VA',
	234: 'GB',
	255: 'UA',
	270: 'LU',
	310: 'US',
	311: 'US',
	313: 'US',
	332: 'VI',
	338: 'JM',
	406: 'IN',
	430: 'AE',
	431: 'AE',
	461: 'CN',
	505: 'AU',
	534: 'MP',
	535: 'GU',
};

/** The module that holds the table. */
export function mobileCountryCodeTable(): string {
	const territories = new Map<string, Set<string>>();
	for (const { mcc, countryCode } of all()) {
		const codes = (countryCode ?? '').split('/').filter((code) => /^[A-Z]{2}$/.test(code));
		const known = territories.get(mcc) ?? new Set();
		territories.set(mcc, new Set([...known, ...codes]));
	}
	for (const [mcc, code] of Object.entries(ASSIGNED_BY_ITU)) territories.set(mcc, new Set([code]));
	const rows = [...territories]
		.filter(([, codes]) => codes.size > 0)
		.sort(([mcc], [other]) => Number(mcc) - Number(other))
		.map(([mcc, codes]) => [mcc, ...[...codes].sort()].join(' '));
	return `/**
 * The territories of each mobile country code (ITU-T E.212), as ISO 3166-1 alpha-2 codes, generated
 * from mcc-mnc-list ${version}: npx tsx scripts/mobileCountryCodes.ts
 */
export const MOBILE_COUNTRY_CODES = \`
${rows.join('\n')}
\`;
`;
}

if (require.main === module) writeFileSync(TABLE_FILE, mobileCountryCodeTable());
