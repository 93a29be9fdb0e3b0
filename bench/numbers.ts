/** What is read off the runs of a way. */
import type { Row } from './comparisons';
import type { Measured } from './measure';

export function median(values: readonly number[]): number {
	const sorted = [...values].sort((one, other) => one - other);
	const middle = (sorted.length - 1) / 2;
	return (sorted[Math.floor(middle)]! + sorted[Math.ceil(middle)]!) / 2;
}

export const msOf = ({ runs }: Row) => median(runs.map(({ ms }) => ms));
export const devicesOf = ({ runs }: Row) => runs[0]!.devices;
export const most = ({ runs }: Row, of: (run: Measured) => number) => Math.max(...runs.map(of));
export const atOnce = ({ statistics }: Measured) => statistics.inFlight.peak;
export const allRight = ({ runs }: Row) => runs.every(({ right, devices }) => right === devices);

/** How many times as long as the requests needed take at exactly the rate that is allowed. */
export function ofIdeal(row: Row, requestsPerSecond: number): number {
	const requests = devicesOf(row) * 3;
	return msOf(row) / ((requests / requestsPerSecond) * 1000);
}

/** The share of requests that were refused for coming too fast. */
export function tooMany({ runs }: Row): number {
	return median(runs.map(({ statistics }) => (statistics.answers[429] ?? 0) / statistics.requests));
}

export const ratio = (value: number) => value.toFixed(2);
export const percent = (share: number) => `${(share * 100).toFixed(1)} %`;
export const count = (value: number) => value.toLocaleString('en');

/** The median, and in brackets the least and the greatest. */
export function spread(values: readonly number[], written: (value: number) => string): string {
	const [least, greatest] = [Math.min(...values), Math.max(...values)].map(written);
	return `${written(median(values))} (${least}–${greatest})`;
}
