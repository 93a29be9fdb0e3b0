/**
 * The operator's authorization server: oidc-provider, an OpenID-certified one, with Telefónica's
 * paths, scopes and clients, and line owners who answer by the table in `lines.ts`.
 */
import { generateKeyPairSync } from 'node:crypto';
import { IncomingMessage, type ServerResponse } from 'node:http';
import { isIPv4, isIPv6 } from 'node:net';

import { TTLCache } from '@isaacs/ttlcache';
import type { Adapter, AdapterPayload, ClientMetadata, errors, Provider } from 'oidc-provider';

import { purposes } from '../nodes/OpenGatewayDeviceStatus/purpose';
import { identityOf, lineOf } from './lines';

interface OidcProvider {
	Provider: typeof Provider;
	errors: typeof errors;
}

export const roamingScopes: readonly string[] = purposes.map(
	({ value }) => `dpv:${value}#device-status-roaming-read`,
);
const simSwapScope = 'dpv:FraudPreventionAndDetection#sim-swap';

const ciba = 'urn:openid:params:grant-type:ciba';

/** The applications registered here. Credentials that everybody knows, as in Telefónica's mock mode. */
export const applications = {
	/** Registered for Device Status with every purpose. */
	roaming: { clientId: 'mock_sandbox_app_id', clientSecret: 'mock_sandbox_app_secret' },
	/** Registered for SIM Swap only. */
	otherApi: { clientId: 'mock_other_api_app_id', clientSecret: 'mock_other_api_app_secret' },
	/** Registered for Device Status, and may not use CIBA. */
	noCiba: { clientId: 'mock_no_ciba_app_id', clientSecret: 'mock_no_ciba_app_secret' },
	/** As `roaming`; only a client that form-encodes both before Basic gets in (RFC 6749 2.3.1). */
	awkward: { clientId: 'app:with space%', clientSecret: 's+cr%t&=/:' },
};

const clients: ClientMetadata[] = [
	registration(applications.roaming, roamingScopes, [ciba]),
	registration(applications.otherApi, [simSwapScope], [ciba]),
	registration(applications.noCiba, roamingScopes, []),
	registration(applications.awkward, roamingScopes, [ciba]),
];

function registration(
	{ clientId, clientSecret }: { clientId: string; clientSecret: string },
	scopes: readonly string[],
	grantTypes: string[],
): ClientMetadata {
	return {
		client_id: clientId,
		client_secret: clientSecret,
		token_endpoint_auth_method: 'client_secret_basic',
		grant_types: grantTypes,
		response_types: [],
		redirect_uris: [],
		scope: ['openid', ...scopes].join(' '),
		id_token_signed_response_alg: 'ES256',
		...(grantTypes.includes(ciba) && { backchannel_token_delivery_mode: 'poll' }),
	};
}

const accessTokenLifetimeS = 3600;
const consentLifetimeS = 120;
/** Told as `interval` (CIBA core 7.3). Short: nobody waits for a person here. */
const pollingIntervalS = 1;
/** What `slow_down` adds to the interval, for this and all later polls (CIBA core 11). */
const slowDownS = 5;
/** A client's timer may fire this much early without being told to slow down. */
const timerToleranceMs = 50;

/** What a token allows: one line (as `identityOf` writes it) and some scopes. */
export interface Authorized {
	readonly line: string;
	readonly scopes: ReadonlySet<string>;
}

export interface Authorization {
	/** Answers a request under the issuer's path, whose body has been read already. */
	answer(request: IncomingMessage, body: Buffer, response: ServerResponse): void;
	/** What `token` allows; undefined where it is unknown or has expired. */
	authorizedBy(token: string): Promise<Authorized | undefined>;
}

/** Loads the server's code, which takes a moment; call the result once the issuer's URL is known. */
export async function loadAuthorization(): Promise<(issuer: string) => Authorization> {
	const oidcProvider = await quietly(() => import('oidc-provider'));
	return (issuer) => authorizationAt(issuer, oidcProvider);
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

function authorizationAt(issuer: string, { Provider, errors }: OidcProvider): Authorization {
	const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });

	const provider: Provider = new Provider(issuer, {
		adapter: expiringAdapter,
		clients,
		scopes: ['openid', ...roamingScopes, simSwapScope],
		routes: {
			authorization: '/authorize',
			backchannel_authentication: '/bc-authorize',
			token: '/token',
		},
		ttl: {
			AccessToken: accessTokenLifetimeS,
			Grant: accessTokenLifetimeS,
			// A client may ask for another lifetime (CIBA core 7.1).
			BackchannelAuthenticationRequest: (ctx) =>
				Math.min(Number(ctx.oidc.params?.requested_expiry ?? consentLifetimeS), consentLifetimeS),
		},
		jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), use: 'sig' }] },
		cookies: { keys: ['sandbox'] },
		renderError: (ctx, out) => {
			ctx.body = out;
		},
		findAccount: (_ctx, identity) =>
			lineOf(identity).consent && {
				accountId: identity,
				claims: () => ({ sub: identity }),
			},
		features: {
			devInteractions: { enabled: false },
			resourceIndicators: { enabled: false },
			userinfo: { enabled: false },
			ciba: {
				enabled: true,
				deliveryModes: ['poll'],
				processLoginHint: (_ctx, hint) => lineHinted(hint ?? ''),
				processLoginHintToken: () => undefined,
				verifyUserCode: () => undefined,
				validateBindingMessage: () => undefined,
				// oidc-provider passes over scopes it does not know; an operator refuses them.
				validateRequestContext: ({ oidc }) => {
					const registered = oidc.client?.scope?.split(' ') ?? [];
					for (const scope of String(oidc.body?.scope).split(' ')) {
						if (!registered.includes(scope)) {
							throw new errors.InvalidScope('requested scope is not allowed', scope);
						}
					}
				},
				triggerAuthenticationDevice: async (_ctx, request) => {
					const consent = lineOf(request.accountId ?? '').consent;
					if (!consent) return;
					if (consent.afterMs === 0) return await ownerAnswers(request.jti, consent.given);
					setTimeout(() => {
						ownerAnswers(request.jti, consent.given).catch(console.error);
					}, consent.afterMs).unref();
				},
			},
		},
	});

	/** The line a login hint names, as Telefónica writes them: `tel:` (RFC 3966) or `ipport:`. */
	function lineHinted(hint: string): string {
		const [, number] = /^tel:(\+[1-9]\d{4,14})$/.exec(hint) ?? [];
		if (number) return identityOf(number);
		const [, v6, v4, port] =
			/^ipport:(?:\[([\da-fA-F:.]+)\]|([\d.]+))(?::(\d{1,5}))?$/.exec(hint) ?? [];
		const address = v6 && isIPv6(v6) ? canonicalIPv6(v6) : v4 && isIPv4(v4) ? v4 : undefined;
		if (address === undefined || Number(port ?? 0) > 65535) {
			throw new errors.InvalidRequest(
				'login_hint must be tel:+<E.164 number> or ipport:<IPv4 or [IPv6] address>[:<port>]; a "+" has to be form-encoded',
			);
		}
		return identityOf(address, port === undefined ? undefined : Number(port));
	}

	async function ownerAnswers(requestId: string, given: boolean) {
		// Read again, since only what is stored knows when it expires. Expired: nobody waits any more.
		const request = await provider.BackchannelAuthenticationRequest.find(requestId);
		if (!request) return;
		if (!given) {
			// backchannelResult keeps the error's code but loses its description: set it first.
			request.errorDescription = "the line's owner has not consented";
			return await provider.backchannelResult(request, new errors.AccessDenied());
		}
		// Without `openid` no ID token is issued: Telefónica's clients did not ask for one.
		request.scope = withoutOpenid(request.scope);
		const grant = new provider.Grant({
			accountId: request.accountId,
			clientId: request.clientId,
		});
		grant.addOIDCScope(request.scope);
		await provider.backchannelResult(request, await grant.save());
	}

	const polls = new TTLCache<string, { at: number; intervalMs: number }>({
		ttl: consentLifetimeS * 1000,
	});

	provider.use(async (ctx, next) => {
		const at = performance.now();
		await next();
		const { route, client, params } = ctx.oidc;
		const answer = ctx.body as { error?: string; error_description?: string; interval?: number };

		if (route === 'backchannel_authentication' && ctx.status === 200) {
			answer.interval = pollingIntervalS;
		}
		// oidc-provider says invalid_request; RFC 6749 5.2 and CIBA core 13 have a code for it.
		if (answer.error === 'invalid_request' && client && !client.grantTypeAllowed(ciba)) {
			ctx.body = {
				error: 'unauthorized_client',
				error_description: 'the application may not use this grant type',
			};
		}
		// oidc-provider does not watch how fast a client polls (CIBA core 7.3 and 11).
		if (answer.error === 'authorization_pending') {
			const id = String(params?.auth_req_id);
			const last = polls.get(id);
			let intervalMs = last?.intervalMs ?? pollingIntervalS * 1000;
			if (last && at - last.at < intervalMs - timerToleranceMs) {
				intervalMs += slowDownS * 1000;
				ctx.body = {
					error: 'slow_down',
					error_description: `poll at most every ${intervalMs / 1000} s`,
				};
			}
			polls.set(id, { at, intervalMs });
		}
	});

	provider.on('server_error', (_ctx, error) => console.error(error));

	const path = new URL(issuer).pathname;
	const callback = provider.callback();
	return {
		answer(request, body, response) {
			const url = request.url!.slice(path.length);
			const form = /^\/bc-authorize(\?|$)/.test(url) ? withOpenid(body) : body;
			callback(resent(request, url, form), response);
		},
		async authorizedBy(token) {
			const found = await provider.AccessToken.find(token);
			return found && { line: found.accountId, scopes: new Set(found.scope?.split(' ')) };
		},
	};
}

/** The one spelling of an IPv6 address (RFC 5952). */
export function canonicalIPv6(address: string): string {
	return new URL(`http://[${address}]`).hostname.slice(1, -1);
}

/** OpenID Connect's CIBA requires the scope `openid`, which Telefónica's clients do not send. */
function withOpenid(body: Buffer): Buffer {
	const form = new URLSearchParams(body.toString());
	const scopes = form.getAll('scope');
	if (scopes.length !== 1 || scopes[0] === '') return body;
	form.set('scope', `openid ${scopes[0]}`);
	return Buffer.from(form.toString());
}

function withoutOpenid(scope = ''): string {
	return scope
		.split(' ')
		.filter((one) => one !== 'openid')
		.join(' ');
}

/** `request` once more, at `url` and with `body`: its own body can be read only once. */
function resent(request: IncomingMessage, url: string, body: Buffer): IncomingMessage {
	const again = new IncomingMessage(request.socket);
	Object.assign(again, {
		method: request.method,
		url,
		originalUrl: request.url,
		headers: { ...request.headers, 'content-length': String(body.length) },
		httpVersion: request.httpVersion,
		httpVersionMajor: request.httpVersionMajor,
		httpVersionMinor: request.httpVersionMinor,
		complete: true,
	});
	delete again.headers['transfer-encoding'];
	again.push(body);
	again.push(null);
	return again;
}

/** oidc-provider's storage. Its own one holds 1,000 entries: a run over 1,000 devices overflows it. */
function expiringAdapter(): Adapter {
	const entries = new TTLCache<string, AdapterPayload>({ max: 100_000, checkAgeOnGet: true });
	const firstWith = (matches: (payload: AdapterPayload) => boolean) =>
		[...entries.values()].find(matches);
	return {
		async upsert(id, payload, expiresInS = accessTokenLifetimeS) {
			// A minute more than it is valid: a late poll is to hear expired_token, not invalid_grant.
			entries.set(id, payload, { ttl: (expiresInS + 60) * 1000 });
		},
		find: async (id) => entries.get(id),
		findByUid: async (uid) => firstWith((payload) => payload.uid === uid),
		findByUserCode: async (code) => firstWith((payload) => payload.userCode === code),
		async consume(id) {
			const payload = entries.get(id);
			if (payload) payload.consumed = Math.floor(Date.now() / 1000);
		},
		destroy: async (id) => void entries.delete(id),
		async revokeByGrantId(grantId) {
			for (const [id, payload] of entries) if (payload.grantId === grantId) entries.delete(id);
		},
	};
}
