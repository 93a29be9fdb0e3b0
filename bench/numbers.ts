/** Figures of the runs of a variant. */
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
export const inFlight = ({ statistics }: Measured) => statistics.inFlight.peak;
export const allRight = ({ runs }: Row) => runs.every(({ right, devices }) => right === devices);

/** Time as a multiple of what the necessary requests take at exactly the allowed rate. */
export function ofIdeal(row: Row, requestsPerSecond: number): number {
	const requests = devicesOf(row) * 3;
	return msOf(row) / ((requests / requestsPerSecond) * 1000);
}

/** The share of requests that the operator throttled (HTTP 429). */
export function throttled({ runs }: Row): number {
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
