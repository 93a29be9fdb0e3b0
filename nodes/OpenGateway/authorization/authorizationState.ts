import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'crypto';
import type { Device } from '../device';
import { OpenGatewayError } from '../errors';
import type { Client } from './client';

/** What the line's own device carries, unread, from the authorization URL to the callback. */
export interface AuthorizationState {
	/** RFC 7636 section 4.1. */
	readonly codeVerifier: string;
	readonly redirectUri: string;
	/** Milliseconds since the epoch. */
	readonly expiresAt: number;
	readonly device?: Device;
	readonly reference?: string;
}

const CIPHER = 'aes-256-gcm';
/** Bytes. */
const NONCE = 12;
/** Bytes. */
const TAG = 16;

/**
 * Encrypts and signs a state, so that nothing need be kept between the two webhooks of a workflow
 * (RFC 9700 section 4.7.1 asks for a `state` that nobody can forge).
 * @returns base64url, as the parameter `state` takes it
 */
export function sealState(
	state: AuthorizationState,
	client: Client,
	tokenEndpoint: string,
): string {
	const nonce = randomBytes(NONCE);
	const cipher = createCipheriv(CIPHER, keyOf(client), nonce).setAAD(
		boundTo(client, tokenEndpoint),
	);
	const text = Buffer.concat([cipher.update(JSON.stringify(state)), cipher.final()]);
	return Buffer.concat([nonce, cipher.getAuthTag(), text]).toString('base64url');
}

/**
 * @throws {OpenGatewayError} `INVALID_CALLBACK` for a state that this client did not seal for this
 * authorization server, `EXPIRED_CALLBACK` for one whose time is over
 */
export function openState(
	sealed: string,
	client: Client,
	tokenEndpoint: string,
): AuthorizationState {
	const state = decrypted(Buffer.from(sealed, 'base64url'), client, tokenEndpoint);
	if (state === undefined) {
		throw new OpenGatewayError(
			'The state of this callback was altered, or made with another credential.',
			{
				remedy:
					'Use the credential here that Create Authorization URL uses. If it is the same, somebody may have forged the callback: nothing was asked.',
				code: 'INVALID_CALLBACK',
			},
		);
	}
	if (state.expiresAt <= Date.now()) {
		throw new OpenGatewayError('The authorization URL of this callback has expired.', {
			remedy:
				'Send the device to a new one. If its owner needs longer, set the option Expires After of Create Authorization URL.',
			code: 'EXPIRED_CALLBACK',
		});
	}
	return state;
}

/** `undefined` where the bytes are not exactly what {@link sealState} made for the same client. */
function decrypted(
	bytes: Buffer,
	client: Client,
	tokenEndpoint: string,
): AuthorizationState | undefined {
	try {
		const decipher = createDecipheriv(CIPHER, keyOf(client), bytes.subarray(0, NONCE))
			.setAAD(boundTo(client, tokenEndpoint))
			.setAuthTag(bytes.subarray(NONCE, NONCE + TAG));
		const text = Buffer.concat([decipher.update(bytes.subarray(NONCE + TAG)), decipher.final()]);
		return JSON.parse(text.toString()) as AuthorizationState;
	} catch {
		return undefined;
	}
}

/** A key for this use alone, derived from what only the client knows (RFC 5869). */
function keyOf(client: Client): Buffer {
	return Buffer.from(hkdfSync('sha256', client.secret(), '', 'Open Gateway state', 32));
}

/** Read by nobody, but part of what is signed. */
function boundTo(client: Client, tokenEndpoint: string): Buffer {
	return Buffer.from(JSON.stringify([client.id, tokenEndpoint]));
}
