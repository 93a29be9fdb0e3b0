/**
 * An operator's authorization server: oidc-provider, which is OpenID-certified, with the paths, scopes
 * and applications of a dialect.
 */
import { generateKeyPairSync } from 'node:crypto';
import type * as Jose from 'jose';
import type { Middleware } from 'koa';
import mount from 'koa-mount';
import type {
	ClientMetadata,
	Configuration,
	errors,
	interactionPolicy,
	Provider,
} from 'oidc-provider';
import { applications, CIBA, type Keys, type Registration, registrations } from '../applications';
import { subscriberOf } from '../subscribers';
import type { Settings } from '../settings';
import type { Counters } from '../statistics';
import { Accounts } from './accounts';
import {
	addOpenid,
	formCompleted,
	lifetimesAsText,
	OFFLINE_ACCESS,
	offlineAccessUnprompted,
	redirectsWith302,
	unauthorizedClient,
	withoutNonce,
} from './adjustments';
import { assertionRefusal, signingAlgorithms } from './assertions';
import { backchannelFlow, CONSENT_LIFETIME_S } from './ciba';
import { type Authorized, type Dialect, scopeRefusal } from './dialect';
import { allowLoopbackRedirects, interactionPages, interactionsAt } from './frontend';
import { addClientId, offerJwtBearer } from './jwtBearer';
import { expiringStorage } from './storage';

/** Sign the cookies, which protect nothing here. */
export const COOKIE_KEYS = ['sandbox'];

const REFRESH_TOKEN_LIFETIME_S = 24 * 3600;

export interface AuthorizationServer {
	/** Answers requests under the dialect's path. */
	readonly answer: Middleware;
	/** The page of the frontend flow, and its form. */
	readonly interaction: { readonly show: Middleware; readonly decide: Middleware };
	/** Returns what `token` allows; undefined if it is unknown or has expired. */
	authorizedBy(token: string): Promise<Authorized | undefined>;
}

/** ES modules, which CommonJS has to load at run time. */
interface Libraries {
	Provider: typeof Provider;
	errors: typeof errors;
	interactionPolicy: typeof interactionPolicy;
	jose: typeof Jose;
}

/** Loads the libraries; the result makes an authorization server. */
export async function loadAuthorization() {
	const oidcProvider = await quietly(() => import('oidc-provider'));
	const libraries: Libraries = { ...oidcProvider, jose: await import('jose') };
	return (origin: string, dialect: Dialect, keys: Keys, settings: Settings, counters: Counters) =>
		authorizationServer(origin, dialect, keys, settings, counters, libraries);
}

/** Suppresses oidc-provider's warning about Node 20, on which all that is used here works. */
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
	counters: Counters,
	libraries: Libraries,
): AuthorizationServer {
	const { Provider, errors, jose } = libraries;
	const accounts = new Accounts();
	const backchannel = backchannelFlow(dialect, accounts, settings, errors);

	const configuration: Configuration = {
		adapter: expiringStorage,
		clients: Object.entries(registrations).map(([name, registration]) =>
			client(applications[name as keyof typeof applications], registration, dialect, keys),
		),
		scopes: ['openid', OFFLINE_ACCESS, ...new Set(Object.values(dialect.scopes).flat())],
		claims: { openid: ['sub'] },
		responseTypes: ['code'],
		enabledJWA: {
			clientAuthSigningAlgValues: [...(dialect.signingAlgorithms ?? signingAlgorithms)],
		},
		// A tolerance would prolong the life of tokens.
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
			AuthorizationCode: 60,
			Interaction: 600,
			Session: 600,
			RefreshToken: REFRESH_TOKEN_LIFETIME_S,
			Grant: REFRESH_TOKEN_LIFETIME_S,
			// A client may ask for another lifetime (CIBA Core, 7.1).
			BackchannelAuthenticationRequest: (ctx) =>
				Math.min(
					Number(ctx.oidc.params?.requested_expiry ?? CONSENT_LIFETIME_S),
					CONSENT_LIFETIME_S,
				),
		},
		jwks: { keys: [signingKey()] },
		cookies: {
			keys: COOKIE_KEYS,
			// No browser sends this cookie back, so that the phone is recognised anew for each request.
			long: { path: `${dialect.path}/session` },
		},
		interactions: interactionsAt(dialect, libraries),
		allowOmittingSingleRegisteredRedirectUri: false,
		issueRefreshToken: (_ctx, asking, source) =>
			source.kind === 'AuthorizationCode' &&
			asking.grantTypeAllowed('refresh_token') &&
			(!dialect.openid || source.scopes.has(OFFLINE_ACCESS)),
		// As CAMARA's profile recommends ("Refresh Token Security").
		rotateRefreshToken: true,
		expiresWithSession: () => false,
		renderError: (ctx, out) => {
			ctx.body = out;
		},
		findAccount: (_ctx, accountId) =>
			subscriberOf(accounts.identityOf(accountId)).consent && {
				accountId,
				claims: () => ({ sub: accountId }),
			},
		// oidc-provider ignores unknown scopes, and has no other place to refuse them.
		extraTokenClaims({ oidc }, token) {
			if (token.kind !== 'ClientCredentials') return undefined;
			if (dialect.clientCredentials === 'withoutScope' && oidc.body?.scope === undefined) {
				return undefined;
			}
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
			clientCredentials: { enabled: dialect.clientCredentials !== 'no' },
			ciba: backchannel.configuration,
		},
	};
	const provider: Provider = new Provider(origin + dialect.path, configuration);
	allowLoopbackRedirects(provider, errors);
	offerJwtBearer(provider, accounts, keys, errors, jose);
	provider.use(
		formCompleted((path, form) => {
			if (!dialect.openid) addOpenid(path, form);
			addClientId(jose, path, form);
		}),
	);
	provider.use(dialect.openid ? offlineAccessUnprompted : withoutNonce);
	provider.use(backchannel.watchPolling);
	provider.use(unauthorizedClient);
	provider.use(redirectsWith302);
	if (dialect.writesNumbersAsText) provider.use(lifetimesAsText);
	provider.on('server_error', (_ctx, error) => console.error(error));
	provider.on('access_token.saved', (token) => {
		// A refreshed token asks nobody again, and so counts as no authorization.
		if (!token.gty?.endsWith('refresh_token')) counters.issued(token);
	});

	return {
		answer: mount(dialect.path, provider),
		interaction: interactionPages(provider, accounts),
		async authorizedBy(token) {
			if (token === dialect.fixedToken) {
				const { clientId } = applications.roaming;
				return { clientId, scopes: new Set(dialect.scopes.offered) };
			}
			const found =
				(await provider.AccessToken.find(token)) ?? (await provider.ClientCredentials.find(token));
			if (!found) return undefined;
			// A token without a scope is one of client credentials that ask for none.
			const scopes = new Set(found.scope?.split(' ') ?? dialect.scopes.offered);
			const clientId = String(found.clientId);
			return found.kind === 'AccessToken'
				? { clientId, subscriber: accounts.identityOf(found.accountId), scopes }
				: { clientId, scopes };
		},
	};
}

function client(
	{ clientId, clientSecret }: { clientId: string; clientSecret?: string },
	{ authentication, grants, api }: Registration,
	{ scopes, openid, clientCredentials }: Dialect,
	{ jwks }: Keys,
): ClientMetadata {
	const offered = grants.filter(
		(grant) => grant !== 'client_credentials' || clientCredentials !== 'no',
	);
	const frontend = offered.includes('authorization_code');
	return {
		client_id: clientId,
		...(clientSecret !== undefined && { client_secret: clientSecret }),
		token_endpoint_auth_method: authentication,
		...(clientSecret === undefined && { jwks: jwks as ClientMetadata['jwks'] }),
		grant_types: offered,
		response_types: frontend ? ['code'] : [],
		// Any other on this machine is allowed, too: see `allowLoopbackRedirects`.
		redirect_uris: frontend ? ['http://127.0.0.1/callback'] : [],
		scope: ['openid', ...(openid && frontend ? [OFFLINE_ACCESS] : []), ...scopes[api]].join(' '),
		id_token_signed_response_alg: 'ES256',
		...(offered.includes(CIBA) && { backchannel_token_delivery_mode: 'poll' }),
	};
}

function signingKey() {
	const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
	return { ...privateKey.export({ format: 'jwk' }), use: 'sig' };
}
