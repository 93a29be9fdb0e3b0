import { createHash, randomBytes } from 'crypto';
import { deviceInWords } from '../device';
import { OpenGatewayError } from '../errors';
import { authorizationErrorFor } from './authorizationErrors';
import { openState, sealState } from './authorizationState';
import type { Client } from './client';
import { tokenRequest, type FrontendGrant } from './grant';
import { loginHint } from './loginHint';

/**
 * Authorization code with PKCE (RFC 6749 section 4.1, RFC 7636, CAMARA's profile, "OIDC
 * Authorization Code Flow"): the line's own device is sent to the operator, who recognises the line
 * by the network that the device comes from.
 */
export const authorizationCode = (client: Client): FrontendGrant => ({
	flow: 'frontend',

	authorizationUrl({ redirectUri, expiresIn, device, reference }, scope, endpoints) {
		const codeVerifier = randomBytes(32).toString('base64url');
		const expiresAt = Date.now() + expiresIn * 1000;
		const state = { codeVerifier, redirectUri, expiresAt, device, reference };
		const url = new URL(endpoints.authorization);
		const query = {
			response_type: 'code',
			client_id: client.id,
			scope,
			redirect_uri: redirectUri,
			state: sealState(state, client, endpoints.token),
			code_challenge: createHash('sha256').update(codeVerifier).digest('base64url'),
			code_challenge_method: 'S256',
			// The operator knows no login hint of this kind.
			...(device && !('networkAccessIdentifier' in device) && { login_hint: loginHint(device) }),
		};
		for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
		return { url: url.href, expiresAt: new Date(expiresAt).toISOString() };
	},

	async redeem(callback, server) {
		const sealed = callbackText(callback.state);
		if (sealed === undefined) throw incomplete('state');
		const state = openState(sealed, client, server.endpoints.token);
		const { codeVerifier, redirectUri, device, reference } = state;

		const error = callbackText(callback.error);
		if (error !== undefined) {
			const answer = { json: { error_description: callbackText(callback.errorDescription) } };
			throw authorizationErrorFor(error, answer, deviceInWords(device));
		}
		const code = callbackText(callback.code);
		if (code === undefined) throw incomplete('code');
		const form = {
			grant_type: 'authorization_code',
			code,
			redirect_uri: redirectUri,
			code_verifier: codeVerifier,
		};
		const whom = { line: deviceInWords(device), subject: 'line', idempotent: false } as const;
		return { access: await tokenRequest(form, client, whom, server), device, reference };
	},

	/** A code that was never given: who hears just that has been let in (RFC 6749 section 5.2). */
	async probe(_scope, server) {
		const form = {
			grant_type: 'authorization_code',
			code: randomBytes(16).toString('base64url'),
			redirect_uri: 'https://localhost/',
			code_verifier: randomBytes(32).toString('base64url'),
		};
		const whom = { line: deviceInWords(undefined), subject: 'line' } as const;
		await tokenRequest(form, client, whom, server).catch((error: unknown) => {
			if (!(error instanceof OpenGatewayError && error.context.code === 'invalid_grant')) {
				throw error;
			}
		});
	},
});

function callbackText(value: unknown): string | undefined {
	return typeof value === 'string' && value !== '' ? value : undefined;
}

function incomplete(what: 'state' | 'code'): OpenGatewayError {
	return new OpenGatewayError(`The callback has no ${what}.`, {
		remedy: `The field ${what === 'state' ? 'State' : 'Code'} takes the parameter "${what}" of the address to which the operator sent the device back, as the webhook gives it: {{ $json.query.${what} }}.`,
		code: 'INVALID_CALLBACK',
	});
}
