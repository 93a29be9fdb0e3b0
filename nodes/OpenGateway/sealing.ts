import { createCipheriv, createDecipheriv, randomBytes, scrypt } from 'crypto';

const CIPHER = 'aes-256-gcm';
/** Bytes. */
const NONCE = 12;
/** Bytes. */
const TAG = 16;

/** Bytes of a key. */
export const KEY_LENGTH = 32;

/**
 * Encrypts and authenticates a text (AES-256-GCM).
 * @param boundTo additional authenticated data, without which it is not opened
 * @returns base64url
 */
export function seal(text: string, key: Buffer, boundTo: string): string {
	const nonce = randomBytes(NONCE);
	const cipher = createCipheriv(CIPHER, key, nonce).setAAD(Buffer.from(boundTo));
	const encrypted = Buffer.concat([cipher.update(text), cipher.final()]);
	return Buffer.concat([nonce, cipher.getAuthTag(), encrypted]).toString('base64url');
}

/** @returns `undefined` unless {@link seal} made it with the same key and data */
export function unseal(sealed: string, key: Buffer, boundTo: string): string | undefined {
	const bytes = Buffer.from(sealed, 'base64url');
	// Node would accept a shorter tag.
	if (bytes.length <= NONCE + TAG) return undefined;
	try {
		const decipher = createDecipheriv(CIPHER, key, bytes.subarray(0, NONCE))
			.setAAD(Buffer.from(boundTo))
			.setAuthTag(bytes.subarray(NONCE, NONCE + TAG));
		const text = Buffer.concat([decipher.update(bytes.subarray(NONCE + TAG)), decipher.final()]);
		return text.toString();
	} catch {
		return undefined;
	}
}

/** 32 MiB and some 0.2 s of a processor. */
const SLOW = { N: 2 ** 15, r: 8, p: 3, maxmem: 2 ** 26 };

/**
 * Derives a key from a secret that may be short, such that each guess is slow (scrypt, RFC 7914).
 * @param length bytes
 */
export async function slowKey(secret: string, salt: string, length = KEY_LENGTH): Promise<Buffer> {
	return await new Promise((resolve, reject) => {
		scrypt(secret, salt, length, SLOW, (error, key) => (error ? reject(error) : resolve(key)));
	});
}
