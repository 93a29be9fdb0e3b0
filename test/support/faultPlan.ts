import { createHash } from 'node:crypto';

/** Faults of a request on its way to an operator and back. */
export const faults = [
	'delayed',
	'reset before it was forwarded',
	'reset after it was forwarded',
	'closed in the middle of the body',
	'body cut off',
	'429 with Retry-After in seconds',
	'429 with Retry-After as a date',
	'429 without Retry-After',
	'rejected without a word',
	'failed before it was processed',
	'failed after it was processed',
	'a page in place of JSON',
	'JSON cut off',
	'JSON of another type',
	'never answered',
] as const;

export type Fault = (typeof faults)[number];

export interface Plan {
	readonly seed: number;
	/** The share of requests that meet a fault (0 to 1). */
	readonly share: number;
	/** Faults that no request meets. */
	readonly except?: readonly Fault[];
}

/** A fault with a variation (0 to 1), which each fault interprets for itself. */
export interface PlannedFault {
	readonly fault: Fault;
	readonly variation: number;
}

/**
 * The fault depends on the request, not on its time, so that requests may overtake each other.
 *
 * @param attempt number of earlier requests that were the same
 */
export function planned(
	{ seed, share, except = [] }: Plan,
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
	const possible = faults.filter((fault) => !except.includes(fault));
	return { fault: possible[Math.floor(which * possible.length)] as Fault, variation };
}
