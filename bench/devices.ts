/** Devices that are asked about, and what is right to answer about each. */
import { isDeepStrictEqual } from 'node:util';
import { subscriberOf } from '../sandbox/subscribers';

/** Lines that are answered for at once: abroad, at home, in five territories, on another network. */
const endings = ['1', '2', '3', '6'];

let used = 0;

/** Phone numbers that were never asked about before. */
export function freshDevices(count: number): string[] {
	return Array.from({ length: count }, () => {
		const line = String(used).padStart(7, '0') + endings[used % endings.length]!;
		used++;
		return `+346${line}`;
	});
}

/** What a way put out about a device: Telefónica's answer, or this node's. */
export interface Answer {
	readonly device?: { readonly phoneNumber?: string };
	readonly roaming?: boolean;
	readonly countryCode?: number | null;
	readonly countryName?: readonly string[];
}

/** How many of the answers, one for each device in their order, are right. */
export function rightAnswers(phoneNumbers: readonly string[], answers: readonly Answer[]): number {
	return phoneNumbers.filter((phoneNumber, index) => {
		const { device, roaming, countryCode, countryName } = answers[index] ?? {};
		const { status } = subscriberOf(phoneNumber);
		return (
			(device?.phoneNumber ?? phoneNumber) === phoneNumber &&
			roaming === status?.roaming &&
			(countryCode ?? undefined) === status?.countryCode &&
			isDeepStrictEqual(countryName ?? [], status?.countryName ?? [])
		);
	}).length;
}
