/** The benchmark's devices, and which result is right for each. */
import { isDeepStrictEqual } from 'node:util';
import { subscriberOf } from '../sandbox/subscribers';

/** Subscribers that are answered for at once: abroad, at home, in five territories, on another network. */
const ENDINGS = ['1', '2', '3', '6'];

let used = 0;

/** Phone numbers that no run has used before. */
export function freshDevices(count: number): string[] {
	return Array.from({ length: count }, () => {
		const digits = String(used).padStart(7, '0') + ENDINGS[used % ENDINGS.length]!;
		used++;
		return `+346${digits}`;
	});
}

/** The output of a variant for one device: Telefónica's response, or this node's item. */
export interface Result {
	readonly device?: { readonly phoneNumber?: string };
	readonly roaming?: boolean;
	readonly countryCode?: number | null;
	readonly countryName?: readonly string[];
}

/** The number of right results; there is one for each device, in their order. */
export function rightResults(phoneNumbers: readonly string[], results: readonly Result[]): number {
	return phoneNumbers.filter((phoneNumber, index) => {
		const { device, roaming, countryCode, countryName } = results[index] ?? {};
		const { status } = subscriberOf(phoneNumber);
		return (
			(device?.phoneNumber ?? phoneNumber) === phoneNumber &&
			roaming === status?.roaming &&
			(countryCode ?? undefined) === status?.countryCode &&
			isDeepStrictEqual(countryName ?? [], status?.countryName ?? [])
		);
	}).length;
}
