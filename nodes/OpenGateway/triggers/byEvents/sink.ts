import { createHmac, timingSafeEqual } from 'crypto';
import type { SubscriptionType } from '../../apis/roamingSubscription';
import type { Device } from '../../device';
import { ExpiringCache } from '../../expiringCache';
import * as sealing from '../../sealing';
import { KEY_LENGTH } from '../../sealing';

/** The content of a sink's address, which only its node can read. */
export interface SealedSubscription {
	readonly device: Device;
	readonly type: SubscriptionType;
	/** ms since the epoch. */
	readonly createdAt: number;
	/** When its token ends (ms since the epoch). */
	readonly expiresAt: number;
}

/** The keys of an application's sinks. */
export interface SinkKey {
	readonly cipher: Buffer;
	readonly token: Buffer;
	readonly expiresAt: number;
}

/** The parameter of a sink's address that holds the sealed subscription. */
const PARAMETER = 'k';

const keys = new ExpiringCache<SinkKey>(1000);

/**
 * Derives the keys from an application's secrets (RFC 7914), once in a process.
 * @param fingerprint of the application
 */
export async function sinkKey(fingerprint: string): Promise<SinkKey> {
	const { value } = await keys.get(fingerprint, async () => {
		const derived = await sealing.slowKey(fingerprint, 'Open Gateway sink', 2 * KEY_LENGTH);
		const [cipher, token] = [derived.subarray(0, KEY_LENGTH), derived.subarray(KEY_LENGTH)];
		return { cipher, token, expiresAt: Infinity };
	});
	return value;
}

/**
 * Encrypts and authenticates a subscription, so that nothing has to be stored, and no phone number
 * stands in the sink's address.
 * @param boundTo the node that it is for: no other one opens it
 * @returns base64url
 */
export function seal(
	{ device, type, createdAt, expiresAt }: SealedSubscription,
	key: SinkKey,
	boundTo: string,
): string {
	const content = JSON.stringify([device, type, createdAt, expiresAt]);
	return sealing.seal(content, key.cipher, boundTo);
}

/** @returns `undefined` unless {@link seal} made it with the same key for the same node */
export function open(
	sealed: string,
	key: SinkKey,
	boundTo: string,
): SealedSubscription | undefined {
	// Decoding overlooks characters that base64url does not have.
	if (Buffer.from(sealed, 'base64url').toString('base64url') !== sealed) return undefined;
	const content = sealing.unseal(sealed, key.cipher, boundTo);
	if (content === undefined) return undefined;
	const [device, type, createdAt, expiresAt] = JSON.parse(content) as [
		Device,
		SubscriptionType,
		number,
		number,
	];
	return { device, type, createdAt, expiresAt };
}

/** The token with which the operator delivers events to a sink: nobody else can derive it. */
export function sinkToken(sealed: string, key: SinkKey): string {
	return createHmac('sha256', key.token).update(sealed).digest('base64url');
}

/** Compares in a time that does not depend on the texts. */
export function isSinkToken(presented: string, sealed: string, key: SinkKey): boolean {
	const expected = Buffer.from(sinkToken(sealed, key));
	const given = Buffer.from(presented);
	return given.length === expected.length && timingSafeEqual(given, expected);
}

/** @param address of the node's webhook */
export function sinkAt(address: string, sealed: string): string {
	return `${address}?${PARAMETER}=${sealed}`;
}

/** Whether a sink is an address of this webhook. */
export function isSinkAt(address: string, sink: string): boolean {
	return sink === address || sink.startsWith(`${address}?`);
}

/** @returns `undefined` if the sink has another form than {@link sinkAt} gives it */
export function sealedIn(sink: string): string | undefined {
	const query = sink.split('?')[1] ?? '';
	return new URLSearchParams(query).get(PARAMETER) ?? undefined;
}

/** @returns the same, of the query of a request to the sink */
export function sealedInQuery(query: Readonly<Record<string, unknown>>): string | undefined {
	const { [PARAMETER]: sealed } = query;
	return typeof sealed === 'string' && sealed !== '' ? sealed : undefined;
}
