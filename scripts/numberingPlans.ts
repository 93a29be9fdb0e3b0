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
/** Among the types: those of a line. The others are services. */
const FIXED_LINE = 0;
const MOBILE = 1;

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
		distinct(sharing.flatMap(mobilePatternOf)).join('|'),
	].map((cell) => (cell ? String(cell) : '-'));
	const plans = sharing.map(
		(region) => `${String(region[LENGTHS])}/${lineLengthsOf(region)}:${String(region[PATTERN])}`,
	);
	return [...cells, ...distinct(plans)].join(' ');
}

const distinct = <Value>(values: Value[]) => [...new Set(values)];

function typeOf(region: Region, type: number): [pattern: string, lengths?: number[]] | undefined {
	const types = (region[TYPES] || []) as ([string, number[]?] | 0 | undefined)[];
	return types[type] || undefined;
}

/** Where mobile numbers are told apart from fixed ones by nothing, they have no pattern of their own. */
function mobilePatternOf(region: Region): string[] {
	const mobile = typeOf(region, MOBILE);
	const pattern = mobile && (mobile[0] || typeOf(region, FIXED_LINE)?.[0]);
	return pattern ? [pattern] : [];
}

/** The lengths of fixed and mobile lines, or of all numbers if the region has no lines. */
function lineLengthsOf(region: Region): string {
	const all = region[LENGTHS] as number[];
	const lines = [FIXED_LINE, MOBILE]
		.map((type) => typeOf(region, type))
		.flatMap((type) => (type ? (type[1] ?? all) : []));
	return distinct(lines.length > 0 ? lines : all)
		.sort((a, b) => a - b)
		.join();
}

/** The module that holds the table. */
export function numberingPlanTable(): string {
	return `/**
 * The numbering plan of each calling code, generated from libphonenumber-js ${version}:
 * npx tsx scripts/numberingPlans.ts
 *
 * Each row holds the calling code; the IDD prefix; the national prefix, and what replaces it; the
 * pattern of mobile numbers (all regular expressions; "-" if there is none); and for each region the
 * lengths of national numbers, "/", those of fixed and mobile lines alone, ":" and the pattern of
 * national numbers.
 */
export const NUMBERING_PLANS = String.raw\`
${regions.map(rowOf).join('\n')}
\`;
`;
}

if (require.main === module) writeFileSync(TABLE_FILE, numberingPlanTable());
