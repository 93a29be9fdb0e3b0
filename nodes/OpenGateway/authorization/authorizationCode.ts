import { createHash, randomBytes } from 'crypto';
import { deviceInWords, type Device } from '../device';
import { OpenGatewayError } from '../errors';
import { hidden } from '../sent';
import { authorizationError, authorizationErrorFor } from './authorizationErrors';
import { openState, sealState } from './authorizationState';
import type { Client } from './client';
import {
	tokenRequest,
	type Access,
	type AuthorizationServer,
	type Callback,
	type FrontendGrant,
} from './grant';
import { hasLoginHint, loginHint } from './loginHint';

/** No operator has it registered. */
const TEST_REDIRECT_URI = 'https://localhost/';

/**
 * Authorization code with PKCE (RFC 6749 section 4.1, RFC 7636, CAMARA's profile, "OIDC
 * Authorization Code Flow"): the device itself is sent to the operator, which recognises the
 * subscriber by the network that the device comes from.
 */
export const authorizationCode = (client: Client): FrontendGrant => ({
	flow: 'frontend',

	authorizationUrl({ redirectUri, expiresIn, device, reference }, scope, server) {
		const codeVerifier = randomBytes(32).toString('base64url');
		const expiresAt = Date.now() + expiresIn * 1000;
		const state = { codeVerifier, redirectUri, expiresAt, device, reference };
		const url = new URL(server.endpoint('authorization'));
		const query = {
			response_type: 'code',
			client_id: client.id,
			scope,
			redirect_uri: redirectUri,
			state: sealState(state, client, server.endpoint('token')),
			code_challenge: createHash('sha256').update(codeVerifier).digest('base64url'),
			code_challenge_method: 'S256',
			// Optional (OpenID Connect Core section 3.1.2.1), but some servers insist on it.
			...(scope.split(' ').includes('openid') && { nonce: randomBytes(16).toString('base64url') }),
			...(device && hasLoginHint(device) && { login_hint: loginHint(device) }),
		};
		for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
		return { url: url.href, expiresAt: new Date(expiresAt).toISOString() };
	},

	async redeem(callback, server) {
		const sealed = callbackText(callback.state);
		const error = callbackText(callback.error);
		if (sealed === undefined) {
			// Some servers send an error back without the state that RFC 6749 section 4.1.2.1 requires.
			if (error !== undefined) throw refusedInCallback(error, callback, client);
			throw incompleteCallback('state');
		}
		const state = openState(sealed, client, server.endpoint('token'));
		const { codeVerifier, redirectUri, device, reference } = state;
		if (error !== undefined) throw refusedInCallback(error, callback, client, state);
		const code = callbackText(callback.code);
		if (code === undefined) throw incompleteCallback('code');
		const form = {
			grant_type: 'authorization_code',
			code,
			redirect_uri: redirectUri,
			code_verifier: codeVerifier,
		};
		const context = {
			device: deviceInWords(device),
			subject: 'subscriber',
			idempotent: false,
		} as const;
		return { access: await tokenRequest(form, client, context, server), device, reference };
	},

	trials: [
		{
			endpoint: 'token',
			requests: [async (_scope, server) => await redeemUnknown(client, server)],
		},
		{
			endpoint: 'authorization',
			requests: [async (scope, server) => await openAuthorizationUrl(client, scope, server)],
		},
	],
});

/** Sends a code that was never issued: only an accepted client is told so (RFC 6749 section 5.2). */
async function redeemUnknown(client: Client, server: AuthorizationServer): Promise<Access> {
	const form = {
		grant_type: 'authorization_code',
		code: randomBytes(16).toString('base64url'),
		redirect_uri: TEST_REDIRECT_URI,
		code_verifier: randomBytes(32).toString('base64url'),
	};
	const context = { device: deviceInWords(undefined), subject: 'subscriber' } as const;
	return await tokenRequest(form, client, context, server);
}

/** The response is for a browser: a page, or a redirect to one. */
async function openAuthorizationUrl(
	client: Client,
	scope: string,
	server: AuthorizationServer,
): Promise<void> {
	const request = { redirectUri: TEST_REDIRECT_URI, expiresIn: 60 };
	const { url } = authorizationCode(client).authorizationUrl(request, scope, server);
	const headers = { accept: 'text/html', 'x-correlator': server.correlator };
	const response = await server.send(() => ({ method: 'GET', url, headers }));
	const { status, json } = response;
	// Any other page may be for a phone that the operator does not recognise.
	const isRefused = status === 404 || status === 405 || status >= 500;
	if (isRefused || (status === 400 && json !== undefined)) {
		throw authorizationError(response, deviceInWords(undefined));
	}
}

function callbackText(value: unknown): string | undefined {
	return typeof value === 'string' && value !== '' ? value : undefined;
}

function refusedInCallback(
	code: string,
	{ error_description: description, code: ofError }: Callback,
	client: Client,
	{ codeVerifier, device }: { codeVerifier?: string; device?: Device } = {},
): OpenGatewayError {
	const json = { error_description: callbackText(description) };
	const sent = hidden([client.secret(), codeVerifier, ofError]);
	return authorizationErrorFor(code, { json, sent }, deviceInWords(device));
}

function incompleteCallback(missing: 'state' | 'code'): OpenGatewayError {
	return new OpenGatewayError(`The callback has no ${missing}.`, {
		remedy:
			"'Callback Query' takes the query of the address to which the operator sent the phone back, as the Webhook node gives it: {{ $json.query }}.",
		code: 'INVALID_CALLBACK',
	});
}
