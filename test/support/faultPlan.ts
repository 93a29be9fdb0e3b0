import { createHash } from 'node:crypto';

/** What can happen to a request on its way to an operator and back. */
export const faults = [
	'delayed',
	'reset before it was forwarded',
	'reset after it was forwarded',
	'closed in the middle of the body',
	'body cut off',
	'429 with Retry-After in seconds',
	'429 with Retry-After as a date',
	'429 without Retry-After',
	'502',
	'503',
	'504',
	'a page in place of JSON',
	'JSON cut off',
	'JSON of another type',
	'never answered',
] as const;

export type Fault = (typeof faults)[number];

export interface Plan {
	readonly seed: number;
	/** Of all requests, from 0 to 1. */
	readonly share: number;
}

/** A fault, and how it comes out: a number from 0 to 1 that means to each fault what it will. */
export interface PlannedFault {
	readonly fault: Fault;
	readonly variation: number;
}

/**
 * Decides by what the request is alone, not by when it comes: requests that overtake each other
 * meet the same faults.
 * @param attempt how often the same was asked before
 */
export function planned(
	{ seed, share }: Plan,
	path: string,
	device: string,
	attempt: number,
): PlannedFault | undefined {
	const digest = createHash('sha256')
		.update(JSON.stringify([seed, path, device, attempt]))
		.digest();
	const [met = 0, which = 0, variation = 0] = [0, 4, 8].map(
		(offset) => digest.readUInt32BE(offset) / 2 ** 32,
	);
	if (met >= share) return undefined;
	return { fault: faults[Math.floor(which * faults.length)] as Fault, variation };
}
