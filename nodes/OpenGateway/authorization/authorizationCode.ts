import { createHash, randomBytes } from 'crypto';
import { addressFault } from '../credentialFields';
import { deviceInWords, type Device } from '../device';
import { OpenGatewayError } from '../errors';
import { hidden } from '../sent';
import { authorizationError, authorizationErrorFor } from './authorizationErrors';
import { openState, sealState, useUp } from './authorizationState';
import { bindBrowser, isBound } from './browserBinding';
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

	async authorizationUrl(request, scope, server) {
		const { redirectUri, expiresIn, device, reference, forAnyone = false } = request;
		const codeVerifier = randomBytes(32).toString('base64url');
		const expiresAt = Date.now() + expiresIn * 1000;
		const binding = forAnyone ? undefined : bindBrowser(expiresIn);
		const browser = binding?.hash ?? null;
		const state = { codeVerifier, redirectUri, expiresAt, browser, device, reference };
		const url = new URL(server.endpoint('authorization'));
		const query = {
			response_type: 'code',
			client_id: client.id,
			scope,
			redirect_uri: redirectUri,
			state: await sealState(state, client, server.endpoint('token')),
			code_challenge: createHash('sha256').update(codeVerifier).digest('base64url'),
			code_challenge_method: 'S256',
			// Optional (OpenID Connect Core section 3.1.2.1), but some servers insist on it.
			...(scope.split(' ').includes('openid') && { nonce: randomBytes(16).toString('base64url') }),
			...(device && hasLoginHint(device) && { login_hint: loginHint(device) }),
		};
		for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
		return {
			url: url.href,
			expiresAt: new Date(expiresAt).toISOString(),
			setCookie: binding?.setCookie ?? null,
		};
	},

	async redeem({ query, cookies, address }, server) {
		const sealed = callbackText(query.state);
		const error = callbackText(query.error);
		if (sealed === undefined) {
			// Some servers send an error back without the state that RFC 6749 section 4.1.2.1 requires.
			if (error !== undefined) throw refusedInCallback(error, query, client);
			throw incompleteCallback('state');
		}
		const state = await openState(sealed, client, server.endpoint('token'));
		const { codeVerifier, redirectUri, browser, device, reference } = state;
		if (!isSameAddress(address, redirectUri)) throw otherAddress();
		const code = callbackText(query.code);
		// A code that another browser brings uses up the state, too.
		const isFirstUse = code === undefined || (await useUp(state));
		if (browser !== null && !isBound(cookies, browser)) throw otherBrowser();
		if (error !== undefined) throw refusedInCallback(error, query, client, state);
		if (code === undefined) throw incompleteCallback('code');
		if (!isFirstUse) throw usedBefore();
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
	const { url } = await authorizationCode(client).authorizationUrl(request, scope, server);
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
	{ error_description: description, code: ofError }: Callback['query'],
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

/** Whether an address is the redirect URI, whose query the operator adds to. */
function isSameAddress(address: unknown, redirectUri: string): boolean {
	const written = callbackText(address);
	if (written === undefined || addressFault(written) !== undefined) return false;
	return withoutQuery(written) === withoutQuery(redirectUri);
}

/** n8n answers with and without slashes at the end. */
function withoutQuery(address: string): string {
	const { origin, pathname } = new URL(address);
	return origin + pathname.replace(/(?<!\/)\/+$/, '');
}

function otherAddress(): OpenGatewayError {
	return new OpenGatewayError(
		'The authorization URL of this callback was made for another redirect URI.',
		{
			remedy:
				"Bring it to the workflow that the URL was made for. If this is it, 'Redirect URI' of Create Authorization URL and 'Callback Address' have to be the same address: the Webhook node gives it as webhookUrl.",
			code: 'INVALID_CALLBACK',
		},
	);
}

function otherBrowser(): OpenGatewayError {
	return new OpenGatewayError(
		'The phone came back in another browser than the one that was sent to the authorization URL.',
		{
			remedy:
				"Its owner must open a new link, and stay in one browser. If no phone succeeds, let the Respond to Webhook node that redirects it send the header Set-Cookie, with setCookie of Create Authorization URL as its value, and leave 'Callback Cookies' as it was.",
			code: 'OTHER_BROWSER',
		},
	);
}

function usedBefore(): OpenGatewayError {
	return new OpenGatewayError('This callback was used before.', {
		remedy:
			'Send the phone to a new authorization URL: each answers once. A page that is loaded again, and a node that retries, use the callback again.',
		code: 'USED_CALLBACK',
	});
}
