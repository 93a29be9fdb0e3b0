import type { Statistics } from '../sandbox/statistics';
import type { RunningSandbox } from '../sandbox/client';
import { rightAnswers } from './devices';
import type { InstalledWay } from './instance';
import { forgetPeak, memoryOf } from './memory';

/** One run of a way. */
export interface Measured {
	/** By n8n's own record. */
	readonly ms: number;
	/** Of n8n's process, before the run and at its peak, MB; undefined where nothing tells. */
	readonly memory: { readonly before: number; readonly peak: number } | undefined;
	/** How many devices were asked about, and how many of them answered as they should be. */
	readonly devices: number;
	readonly right: number;
	/** What the run failed with, where it did. */
	readonly error: string | undefined;
	/** What the operator saw of it. */
	readonly statistics: Statistics;
}

/** Runs a way once, about the devices. */
export async function measure(
	way: InstalledWay,
	phoneNumbers: readonly string[],
	operator: RunningSandbox,
): Promise<Measured> {
	await operator.forgetStatistics();
	await forgetPeak(way.processId);
	const before = await memoryOf(way.processId);
	const { record } = await way.run(phoneNumbers);
	// Before the record is read, which is no part of the run.
	const after = await memoryOf(way.processId);
	const statistics = await operator.statistics();
	const { ms, answers, error } = await record();
	const right = rightAnswers(phoneNumbers, answers);
	const memory = before && after && { before: before.now, peak: after.peak };
	return { ms, memory, devices: phoneNumbers.length, right, error, statistics };
}
