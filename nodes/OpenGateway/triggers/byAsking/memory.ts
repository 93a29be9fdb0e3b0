import { createHmac } from 'crypto';
import type { Application } from '../../credential/application';
import type { Device } from '../../device';
import { asObject } from '../../json';
import type { LastStatus } from './change';

/** What an ask leaves behind for the next one, as n8n stores it with the workflow. */
export interface Memory {
	/** Stands for the key of the hashes: another credential, or a changed one, has another. */
	readonly key: string;
	/** When it was written (ms since the epoch). */
	readonly at: number;
	/** {@link writtenStatus} by the keyed hash of the device's identifier. */
	readonly devices: Readonly<Record<string, string>>;
}

/** @returns `undefined` if n8n has stored nothing, or anything else */
export function readMemory(stored: unknown): Memory | undefined {
	const { key, at, devices } = asObject(stored);
	if (typeof key !== 'string' || typeof at !== 'number') return undefined;
	return { key, at, devices: asObject(devices) as Record<string, string> };
}

/** Bytes of a hash: among 100,000 devices, two alike have a chance of 1 in 10^12. */
const HASH_LENGTH = 9;

/**
 * Hashes identifiers with a key that follows from the credential, which n8n encrypts: whoever reads
 * the stored workflow alone cannot try out all phone numbers.
 * @returns `key`: stands for the key, without revealing it
 */
export function hashes({ fingerprint }: Pick<Application, 'fingerprint'>): {
	key: string;
	of(device: Device): string;
} {
	const secret = createHmac('sha256', fingerprint).update('remembered devices').digest();
	const hash = (text: string) =>
		createHmac('sha256', secret)
			.update(text)
			.digest()
			.subarray(0, HASH_LENGTH)
			.toString('base64url');
	return { key: hash('key'), of: (device) => hash(JSON.stringify(device)) };
}

/** The status of a device that was there before the credential changed. */
export const FORGOTTEN = '';

/** `0`: at home; `1`: roaming; `1FR208`, `1340`: with the country and the MCC that are known. */
export function writtenStatus({ roaming, country, countryCode }: LastStatus): string {
	return `${roaming ? 1 : 0}${country ?? ''}${countryCode ?? ''}`;
}

/** @returns `undefined` if it is {@link FORGOTTEN}, or was not written by {@link writtenStatus} */
export function readStatus(written: unknown): LastStatus | undefined {
	if (typeof written !== 'string') return undefined;
	const [, roaming, country, countryCode] = /^([01])([A-Z]{2})?(\d{1,3})?$/.exec(written) ?? [];
	if (roaming === undefined) return undefined;
	return {
		roaming: roaming === '1',
		country: country ?? null,
		countryCode: countryCode === undefined ? null : Number(countryCode),
	};
}
