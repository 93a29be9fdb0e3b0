import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'crypto';
import type { Device } from '../device';
import { OpenGatewayError } from '../errors';
import type { Client } from './client';

/** The content of `state`, which the phone carries sealed from the authorization URL to the callback. */
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
 * Encrypts and authenticates a state, so that the workflow stores nothing between its two webhooks
 * (RFC 9700 section 4.7.1: a `state` that nobody can forge).
 * @returns base64url, for the parameter `state`
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
 * authorization server, `EXPIRED_CALLBACK` for a state that has expired
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
					'Select the same credential in Check Roaming and in Create Authorization URL. If it is the same, somebody may have forged the callback: no request was sent.',
				code: 'INVALID_CALLBACK',
			},
		);
	}
	if (state.expiresAt <= Date.now()) {
		throw new OpenGatewayError('The authorization URL of this callback has expired.', {
			remedy:
				"Send the phone to a new one. If its owner needs more time, increase the option 'Expires After' of Create Authorization URL.",
			code: 'EXPIRED_CALLBACK',
		});
	}
	return state;
}

/** @returns `undefined` unless {@link sealState} made these bytes for the same client */
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

/** A key for this use alone, derived from the client's secret or private key (RFC 5869). */
function keyOf(client: Client): Buffer {
	return Buffer.from(hkdfSync('sha256', client.secret(), '', 'Open Gateway state', 32));
}

/** Additional authenticated data: the state is valid for this client and authorization server only. */
function boundTo(client: Client, tokenEndpoint: string): Buffer {
	return Buffer.from(JSON.stringify([client.id, tokenEndpoint]));
}
