/**
 * An operator's authorization server: oidc-provider, an OpenID-certified one, with the paths, scopes
 * and applications of a dialect.
 */
import { generateKeyPairSync } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';

import type * as Jose from 'jose';
import type { Middleware, Next } from 'koa';
import mount from 'koa-mount';
import type {
	ClientMetadata,
	Configuration,
	errors,
	KoaContextWithOIDC,
	Provider,
} from 'oidc-provider';

import {
	applications,
	ciba,
	jwtBearer,
	type Keys,
	type Registration,
	registrations,
} from '../applications';
import { received } from '../exchanges';
import { lineOf } from '../lines';
import type { Settings } from '../settings';
import { Accounts } from './accounts';
import { assertionRefusal, signingAlgorithms } from './assertions';
import { backchannelFlow, consentLifetimeS } from './ciba';
import { type Authorized, type Dialect, scopeRefusal } from './dialect';
import { clientIdFromAssertion, offerJwtBearer } from './jwtBearer';
import { expiringStorage } from './storage';

/** Signs the cookies. Nobody here is worth impersonating. */
export const cookieKeys = ['sandbox'];

const refreshTokenS = 24 * 3600;

export interface AuthorizationServer {
	/** Answers a request under the dialect's path. */
	readonly answer: Middleware;
	/** What `token` allows; undefined where it is unknown or has expired. */
	authorizedBy(token: string): Promise<Authorized | undefined>;
}

/** What is published for ES modules alone, and so has to be loaded at run time. */
interface Libraries {
	Provider: typeof Provider;
	errors: typeof errors;
	jose: typeof Jose;
}

/** Loads the servers' code, which takes a moment; the result makes one at an origin. */
export async function loadAuthorization() {
	const { Provider, errors } = await quietly(() => import('oidc-provider'));
	const libraries: Libraries = { Provider, errors, jose: await import('jose') };
	return (origin: string, dialect: Dialect, keys: Keys, settings: Settings) =>
		authorizationServer(origin, dialect, keys, settings, libraries);
}

/** On Node 20 oidc-provider warns as it loads; nothing used here needs more, as the tests show. */
async function quietly<Result>(load: () => Promise<Result>): Promise<Result> {
	const { warn } = console;
	console.warn = () => undefined;
	try {
		return await load();
	} finally {
		console.warn = warn;
	}
}

function authorizationServer(
	origin: string,
	dialect: Dialect,
	keys: Keys,
	settings: Settings,
	{ Provider, errors, jose }: Libraries,
): AuthorizationServer {
	const accounts = new Accounts();
	const backchannel = backchannelFlow(dialect, accounts, settings, errors);

	const configuration: Configuration = {
		adapter: expiringStorage,
		clients: Object.entries(registrations).map(([name, registration]) =>
			client(applications[name as keyof typeof applications], registration, dialect, keys),
		),
		scopes: ['openid', ...new Set(Object.values(dialect.scopes).flat())],
		claims: { openid: ['sub'] },
		responseTypes: ['code'],
		enabledJWA: { clientAuthSigningAlgValues: [...signingAlgorithms] },
		// It would prolong the life of tokens too.
		clockTolerance: 0,
		assertJwtClientAuthClaimsAndHeader({ oidc }, claims) {
			const refusal = assertionRefusal(claims, oidc.urlFor(oidc.route));
			if (refusal) throw new errors.InvalidClientAuth(refusal);
		},
		clientAuthMethods: ['client_secret_basic', 'client_secret_post', 'private_key_jwt', 'none'],
		routes: {
			authorization: '/authorize',
			backchannel_authentication: '/bc-authorize',
			token: '/token',
			jwks: '/jwks',
		},
		ttl: {
			AccessToken: () => settings.accessTokenS,
			ClientCredentials: () => settings.accessTokenS,
			IdToken: 3600,
			RefreshToken: refreshTokenS,
			Grant: refreshTokenS,
			// A client may ask for another lifetime (CIBA core 7.1).
			BackchannelAuthenticationRequest: (ctx) =>
				Math.min(Number(ctx.oidc.params?.requested_expiry ?? consentLifetimeS), consentLifetimeS),
		},
		jwks: { keys: [signingKey()] },
		cookies: { keys: cookieKeys },
		renderError: (ctx, out) => {
			ctx.body = out;
		},
		findAccount: (_ctx, accountId) =>
			lineOf(accounts.identityOf(accountId)).consent && {
				accountId,
				claims: () => ({ sub: accountId }),
			},
		// oidc-provider passes over scopes it does not know, and has no other place to refuse them in.
		extraTokenClaims({ oidc }, token) {
			if (token.kind !== 'ClientCredentials') return undefined;
			const wanted = String(oidc.body?.scope);
			const refusal = scopeRefusal(wanted, oidc.client?.scope);
			if (refusal) throw new errors.InvalidScope(refusal, wanted);
			return undefined;
		},
		features: {
			devInteractions: { enabled: false },
			resourceIndicators: { enabled: false },
			userinfo: { enabled: false },
			rpInitiatedLogout: { enabled: false },
			pushedAuthorizationRequests: { enabled: false },
			dPoP: { enabled: false },
			clientCredentials: { enabled: dialect.clientCredentials },
			ciba: backchannel.configuration,
		},
	};
	const provider: Provider = new Provider(origin + dialect.path, configuration);
	offerJwtBearer(provider, accounts, keys, errors, jose);
	provider.use(
		formCompleted((path, form) => {
			if (!dialect.openid) withOpenid(path, form);
			clientIdFromAssertion(jose, path, form);
		}),
	);
	provider.use(backchannel.watchPolling);
	provider.use(unauthorizedClient);
	provider.on('server_error', (_ctx, error) => console.error(error));

	return {
		answer: mount(dialect.path, provider),
		async authorizedBy(token) {
			if (token === dialect.fixedToken) return { scopes: new Set(dialect.scopes.roaming) };
			const found =
				(await provider.AccessToken.find(token)) ?? (await provider.ClientCredentials.find(token));
			if (!found) return undefined;
			const scopes = new Set(found.scope?.split(' '));
			return found.kind === 'AccessToken'
				? { line: accounts.identityOf(found.accountId), scopes }
				: { scopes };
		},
	};
}

function client(
	{ clientId, clientSecret }: { clientId: string; clientSecret?: string },
	{ authentication, grants, api }: Registration,
	{ scopes, clientCredentials }: Dialect,
	{ jwks }: Keys,
): ClientMetadata {
	const offered = grants.filter(
		(grant) =>
			grant === ciba ||
			grant === jwtBearer ||
			(grant === 'client_credentials' && clientCredentials),
	);
	return {
		client_id: clientId,
		...(clientSecret !== undefined && { client_secret: clientSecret }),
		token_endpoint_auth_method: authentication,
		...(clientSecret === undefined && { jwks: jwks as ClientMetadata['jwks'] }),
		grant_types: offered,
		response_types: [],
		redirect_uris: [],
		scope: ['openid', ...scopes[api]].join(' '),
		id_token_signed_response_alg: 'ES256',
		...(offered.includes(ciba) && { backchannel_token_delivery_mode: 'poll' }),
	};
}

function signingKey() {
	const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
	return { ...privateKey.export({ format: 'jwk' }), use: 'sig' };
}

/** oidc-provider says invalid_request; RFC 6749 5.2 and CIBA core 13 have a code for it. */
async function unauthorizedClient(ctx: KoaContextWithOIDC, next: Next): Promise<void> {
	await next();
	const { route, client: asking, params } = ctx.oidc;
	const grant = route === 'backchannel_authentication' ? ciba : String(params?.grant_type);
	const { error } = ctx.body as { error?: string };
	if (error === 'invalid_request' && asking && !asking.grantTypeAllowed(grant)) {
		ctx.body = {
			error: 'unauthorized_client',
			error_description: 'the application may not use this grant type',
		};
	}
}

/** OpenID Connect's CIBA requires the scope `openid`, which Telefónica's clients do not send. */
function withOpenid(path: string, form: URLSearchParams): void {
	const scopes = form.getAll('scope');
	if (path !== '/bc-authorize' || scopes.length !== 1 || scopes[0] === '') return;
	form.set('scope', `openid ${scopes[0]}`);
}

/**
 * The request once more, with a form that `complete` has completed: its own body has been read for
 * the record, and can be read only once.
 */
function formCompleted(complete: (path: string, form: URLSearchParams) => void) {
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
