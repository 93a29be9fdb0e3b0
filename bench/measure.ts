import { forgetPeak, memoryOf } from '../localN8n/process/memory';
import type { RunningSandbox } from '../sandbox/client';
import type { Statistics } from '../sandbox/statistics';
import { rightResults } from './devices';
import type { InstalledVariant } from './instance';

/** One run of a variant. */
export interface Measured {
	/** Duration by n8n's own record (ms). */
	readonly ms: number;
	/** Resident memory of n8n's process (MB); undefined if the system does not tell. */
	readonly memory: { readonly before: number; readonly peak: number } | undefined;
	/** Number of devices, and of right results. */
	readonly devices: number;
	readonly right: number;
	/** The message of a failed run. */
	readonly error: string | undefined;
	/** The operator's statistics of this run. */
	readonly statistics: Statistics;
}

/** Runs a variant once. */
export async function measure(
	variant: InstalledVariant,
	phoneNumbers: readonly string[],
	operator: RunningSandbox,
): Promise<Measured> {
	await operator.forgetStatistics();
	await forgetPeak(variant.processId);
	const before = await memoryOf(variant.processId);
	const { record } = await variant.run(phoneNumbers);
	// Reading the record takes memory, too, and is no part of the run.
	const after = await memoryOf(variant.processId);
	const statistics = await operator.statistics();
	const { ms, results, error } = await record();
	const right = rightResults(phoneNumbers, results);
	const memory = before && after && { before: before.now, peak: after.peak };
	return { ms, memory, devices: phoneNumbers.length, right, error, statistics };
}
