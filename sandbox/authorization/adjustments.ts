/** Adjusts oidc-provider to the operators. */
import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import type { Next } from 'koa';
import type { KoaContextWithOIDC } from 'oidc-provider';
import { CIBA, registrations } from '../applications';
import { received } from '../exchanges';

/** oidc-provider says invalid_request for what RFC 6749 (5.2) and CIBA Core (13) have separate codes for. */
export async function unauthorizedClient(ctx: KoaContextWithOIDC, next: Next): Promise<void> {
	await next();
	const { route, client, params } = ctx.oidc;
	const grant = route === 'backchannel_authentication' ? CIBA : String(params?.grant_type);
	const { error } = ctx.body as { error?: string };
	const known = Object.values(registrations).some(({ grants }) => grants.includes(grant));
	if (error === 'invalid_request' && known && client && !client.grantTypeAllowed(grant)) {
		ctx.body = {
			error: 'unauthorized_client',
			error_description: 'the application may not use this grant type',
		};
	}
}

/** OpenID Connect's CIBA requires the scope `openid`, which Telefónica's clients do not send. */
export function addOpenid(path: string, form: URLSearchParams): void {
	const scopes = form.getAll('scope');
	if (path !== '/bc-authorize' || scopes.length !== 1 || scopes[0] === '') return;
	form.set('scope', `openid ${scopes[0]}`);
}

/** oidc-provider redirects with 303, the operators' documents with 302. */
export async function redirectsWith302(ctx: KoaContextWithOIDC, next: Next): Promise<void> {
	await next();
	if (ctx.status === 303) ctx.status = 302;
}

/** Writes `expires_in` as text, as Orange's lab does (RFC 6749 section 5.1 has a number). */
export async function lifetimesAsText(ctx: KoaContextWithOIDC, next: Next): Promise<void> {
	await next();
	const answer = ctx.body as { expires_in?: number | string } | undefined;
	if (answer?.expires_in !== undefined) answer.expires_in = String(answer.expires_in);
}

/** Drops a nonce, which oidc-provider refuses without an ID token; Telefónica issues none. */
export async function withoutNonce(ctx: KoaContextWithOIDC, next: Next): Promise<void> {
	if (ctx.path === '/authorize') {
		const query = { ...ctx.query };
		delete query.nonce;
		ctx.query = query;
	}
	await next();
}

/** The scope that asks for a refresh token (OpenID Connect Core, section 11). */
export const OFFLINE_ACCESS = 'offline_access';

/** oidc-provider ignores the scope without `prompt=consent`, which CAMARA's examples do not send. */
export async function offlineAccessUnprompted(ctx: KoaContextWithOIDC, next: Next): Promise<void> {
	const { scope, prompt } = ctx.query;
	if (ctx.path === '/authorize' && !prompt && String(scope).split(' ').includes(OFFLINE_ACCESS)) {
		ctx.query = { ...ctx.query, prompt: 'consent' };
	}
	await next();
}

/**
 * Replaces the request by one with a form that `complete` has changed. The body of the original has
 * been read for the record, and a body can be read only once.
 */
export function formCompleted(complete: (path: string, form: URLSearchParams) => void) {
	return async (ctx: KoaContextWithOIDC, next: Next): Promise<void> => {
		let body = received(ctx);
		if (ctx.is('application/x-www-form-urlencoded')) {
			const form = new URLSearchParams(body);
			complete(ctx.path, form);
			body = form.toString();
		}
		const content = Buffer.from(body);
		const { method, url, socket } = ctx.req;
		const headers = { ...ctx.req.headers, 'content-length': String(content.length) };
		delete headers['transfer-encoding'];
		const again = Object.assign(Readable.from([content]), { method, url, socket, headers });
		ctx.req = ctx.request.req = again as unknown as IncomingMessage;
		await next();
	};
}
