/** Writes the table of numbering plans that ships: `npx tsx scripts/numberingPlans.ts`. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import metadata from 'libphonenumber-js/max/metadata';
import { version } from 'libphonenumber-js/package.json';

export const TABLE_FILE = join(__dirname, '../nodes/OpenGateway/device/numberingPlanTable.ts');

/** A region's numbering plan by its position in libphonenumber-js's metadata (its METADATA.md). */
const CALLING_CODE = 0;
const IDD_PREFIX = 1;
const PATTERN = 2;
const LENGTHS = 3;
const NATIONAL_PREFIX = 5;
const NATIONAL_PREFIX_FOR_PARSING = 7;
const NATIONAL_PREFIX_REPLACEMENT = 8;
const TYPES = 11;
/** Among the types: those of a line that a device can have. The others are services. */
const LINES = [0, 1];

/** An absent member is missing, or 0. */
type Region = readonly unknown[];

const regions = [
	...Object.values(metadata.country_calling_codes).map((names) =>
		names.map((name): Region => metadata.countries[name] ?? []),
	),
	...Object.values(metadata.nonGeographic).map((region): Region[] => [region]),
];

/** The first region of a calling code is the one whose prefixes hold if no region is known. */
function rowOf(sharing: Region[]): string {
	const [main = []] = sharing;
	const cells = [
		main[CALLING_CODE],
		main[IDD_PREFIX],
		main[NATIONAL_PREFIX_FOR_PARSING] || main[NATIONAL_PREFIX],
		main[NATIONAL_PREFIX_REPLACEMENT],
	].map((cell) => (cell ? String(cell) : '-'));
	const plans = sharing.map(
		(region) => `${String(region[LENGTHS])}/${lineLengthsOf(region)}:${String(region[PATTERN])}`,
	);
	return [...cells, ...new Set(plans)].join(' ');
}

/** The lengths of fixed and mobile lines, or of all numbers if the region has no lines. */
function lineLengthsOf(region: Region): string {
	const types = (region[TYPES] || []) as readonly unknown[];
	const lengths = LINES.map((line) => types[line] as readonly unknown[] | 0 | undefined)
		.filter((type) => type !== 0 && type !== undefined)
		.flatMap(([, own]) => (own ?? region[LENGTHS]) as number[]);
	const known = lengths.length > 0 ? lengths : (region[LENGTHS] as number[]);
	return [...new Set(known)].sort((a, b) => a - b).join();
}

/** The module that holds the table. */
export function numberingPlanTable(): string {
	return `/**
 * The numbering plan of each calling code, generated from libphonenumber-js ${version}:
 * npx tsx scripts/numberingPlans.ts
 *
 * Each row holds the calling code; the IDD prefix; the national prefix, and what replaces it (all
 * regular expressions; "-" if there is none); and for each region the lengths of national numbers,
 * "/", those of fixed and mobile lines alone, ":" and the pattern of national numbers.
 */
export const NUMBERING_PLANS = String.raw\`
${regions.map(rowOf).join('\n')}
\`;
`;
}

if (require.main === module) writeFileSync(TABLE_FILE, numberingPlanTable());
