import { NUMBERING_PLANS } from './numberingPlanTable';

/** How numbers under one calling code are written and dialled. */
export interface NumberingPlan {
	readonly callingCode: string;
	/** Whether there are national numbers of this length and beginning. */
	isPossible(national: string): boolean;
	/** The same, and fixed or mobile lines have that length: a number of a service is no device's. */
	isLine(national: string): boolean;
	/** Whether it is a mobile line's, by its beginning. */
	isMobile(national: string): boolean;
	/** Without the national prefix and a carrier's code, which E.164 does not keep. */
	withoutNationalPrefix(national: string): string;
	/** The digits behind each IDD prefix that they may begin with, which leads abroad from here. */
	behindIddPrefix(digits: string): string[];
}

/** Rows of the table by calling code; a row is a plan once it was needed. */
const plans = new Map<string, string | NumberingPlan>(
	NUMBERING_PLANS.trim()
		.split('\n')
		.map((row) => [row.slice(0, row.indexOf(' ')), row]),
);

/** `undefined` if the calling code is not assigned (ITU-T E.164, list of assigned country codes). */
export function numberingPlan(callingCode: string): NumberingPlan | undefined {
	const found = plans.get(callingCode);
	if (typeof found !== 'string') return found;
	const plan = compiled(found);
	plans.set(callingCode, plan);
	return plan;
}

/** The plan of an international number without its `+`. No calling code is the beginning of another. */
export function numberingPlanOf(digits: string): NumberingPlan | undefined {
	for (let length = 1; length <= 3; length++) {
		const plan = numberingPlan(digits.slice(0, length));
		if (plan) return plan;
	}
	return undefined;
}

const MAX_IDD_PREFIX_LENGTH = 8;

function compiled(row: string): NumberingPlan {
	const [callingCode = '', idd, prefix, replacement = '', mobilePattern, ...regions] =
		row.split(' ');
	const parts = regions.map((region) => /^([^/]+)\/([^:]+):(.+)$/.exec(region) ?? []);
	const possible = anyOf(parts.map(([, lengths, , pattern]) => ofLength(lengths, pattern)));
	const line = anyOf(parts.map(([, , lengths, pattern]) => ofLength(lengths, pattern)));
	const mobile = mobilePattern === '-' ? line : anyOf([mobilePattern]);
	const nationalPrefix = new RegExp(prefix === '-' ? '^' : `^(?:${prefix})`);
	const iddPrefix = idd === '-' ? undefined : anyOf([idd]);
	return {
		callingCode,
		isPossible: (national) => possible.test(national),
		isLine: (national) => line.test(national),
		isMobile: (national) => mobile.test(national),
		withoutNationalPrefix(national) {
			const match = nationalPrefix.exec(national);
			if (!match) return national;
			const isReplaced = replacement !== '-' && match.length > 1 && match.at(-1) !== undefined;
			const rest = isReplaced
				? national.replace(nationalPrefix, replacement)
				: national.slice(match[0].length);
			// A replacement that lengthens the number adds an area, which would be a guess.
			return rest.length < national.length ? rest : national;
		},
		behindIddPrefix: (digits) =>
			Array.from({ length: iddPrefix ? MAX_IDD_PREFIX_LENGTH : 0 }, (_, index) => index + 1)
				.filter((length) => iddPrefix?.test(digits.slice(0, length)))
				.map((length) => digits.slice(length)),
	};
}

const anyOf = (patterns: unknown[]) => new RegExp(`^(?:${patterns.join('|')})$`);

/** @param lengths like `9,10` */
function ofLength(lengths = '', pattern = ''): string {
	return `(?=(?:${lengths.replace(/\d+/g, '\\d{$&}').replaceAll(',', '|')})$)(?:${pattern})`;
}
