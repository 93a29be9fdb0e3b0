import { createHash, hkdfSync } from 'crypto';
import type { Device } from '../device';
import { OpenGatewayError } from '../errors';
import { ExpiringCache } from '../expiringCache';
import { KEY_LENGTH, seal, slowKey, unseal } from '../sealing';
import type { Client } from './client';

/** The content of `state`, which the phone carries sealed from the authorization URL to the callback. */
export interface AuthorizationState {
	/** RFC 7636 section 4.1. */
	readonly codeVerifier: string;
	readonly redirectUri: string;
	/** Milliseconds since the epoch. */
	readonly expiresAt: number;
	/** Hash of the cookie that the browser has to bring back; `null` if any browser may come back. */
	readonly browser: string | null;
	readonly device?: Device;
	readonly reference?: string;
}

/**
 * Encrypts and authenticates a state, so that the workflow stores nothing between its two webhooks
 * (RFC 9700 section 4.7.1: a `state` that nobody can forge).
 * @returns base64url, for the parameter `state`
 */
export async function sealState(
	state: AuthorizationState,
	client: Client,
	tokenEndpoint: string,
): Promise<string> {
	return seal(JSON.stringify(state), await keyOf(client), boundTo(client, tokenEndpoint));
}

/**
 * @throws {OpenGatewayError} `INVALID_CALLBACK` for a state that this client did not seal for this
 * authorization server, `EXPIRED_CALLBACK` for a state that has expired
 */
export async function openState(
	sealed: string,
	client: Client,
	tokenEndpoint: string,
): Promise<AuthorizationState> {
	const text = unseal(sealed, await keyOf(client), boundTo(client, tokenEndpoint));
	if (text === undefined) {
		throw new OpenGatewayError(
			'The state of this callback was altered, or made with another credential.',
			{
				remedy:
					'Select the same credential in Check Roaming and in Create Authorization URL. If it is the same, somebody may have forged the callback: no request was sent.',
				code: 'INVALID_CALLBACK',
			},
		);
	}
	const state = JSON.parse(text) as AuthorizationState;
	if (state.expiresAt <= Date.now()) {
		throw new OpenGatewayError('The authorization URL of this callback has expired.', {
			remedy:
				"Send the phone to a new one. If its owner needs more time, increase the option 'Expires After' of Create Authorization URL.",
			code: 'EXPIRED_CALLBACK',
		});
	}
	return state;
}

/** States that came back with a code, by their code verifier. */
const usedStates = new ExpiringCache<{ readonly expiresAt: number }>(100_000);

/**
 * Uses up a state (RFC 9700 section 4.2.4), in this process: in others, the authorization server
 * refuses a code that was used before (RFC 6749 section 4.1.2).
 * @returns whether this is its first use
 */
export async function useUp({ codeVerifier, expiresAt }: AuthorizationState): Promise<boolean> {
	const use = { expiresAt };
	const { value } = await usedStates.get(codeVerifier, async () => use);
	return value === use;
}

/** Sets the key apart from other uses of the secret, and from those of earlier forms of the state. */
const USE = 'Open Gateway state 2';

/** Keys that took long to derive. */
const keys = new ExpiringCache<{ readonly key: Buffer; readonly expiresAt: number }>(1000);

/**
 * A key for this use alone. Whoever has a sealed state can try client secrets on it, which may be
 * short: each try has to be slow (RFC 7914). A private key cannot be guessed (RFC 5869).
 */
async function keyOf(client: Client): Promise<Buffer> {
	const secret = client.secret();
	if (typeof secret !== 'string')
		return Buffer.from(hkdfSync('sha256', secret, '', USE, KEY_LENGTH));
	const owner = JSON.stringify([client.id, secret]);
	const { value } = await keys.get(
		createHash('sha256').update(owner).digest('base64url'),
		async () => ({ key: await slowKey(secret, `${USE} ${client.id}`), expiresAt: Infinity }),
	);
	return value.key;
}

/** Additional authenticated data: the state is valid for this client and authorization server only. */
function boundTo(client: Client, tokenEndpoint: string): string {
	return JSON.stringify([client.id, tokenEndpoint]);
}
