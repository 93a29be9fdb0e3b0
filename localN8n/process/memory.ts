/** Peak memory of a process, which only Linux tells. */
import { readFile, writeFile } from 'node:fs/promises';

/** Resets the peak to the memory in use. */
export async function forgetPeak(processId: number): Promise<void> {
	// man 5 proc: 5 resets the peak resident set size.
	if (process.platform === 'linux') await writeFile(`/proc/${processId}/clear_refs`, '5');
}

/** Resident set size (MB), now and at its peak since `forgetPeak`; undefined if nothing tells. */
export async function memoryOf(
	processId: number,
): Promise<{ now: number; peak: number } | undefined> {
	if (process.platform !== 'linux') return undefined;
	const status = await readFile(`/proc/${processId}/status`, 'utf8');
	const mb = (name: string) =>
		Number(new RegExp(`^${name}:\\s*(\\d+)`, 'm').exec(status)?.[1]) / 1024;
	return { now: mb('VmRSS'), peak: mb('VmHWM') };
}
