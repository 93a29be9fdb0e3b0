/** The backend flow, CIBA in poll mode: subscriber owners who answer by the table in `subscribers.ts`. */
import { LRUCache } from 'lru-cache';
import type {
	BackchannelAuthenticationRequest,
	CIBAConfiguration,
	errors,
	KoaContextWithOIDC,
	Provider,
} from 'oidc-provider';
import { received } from '../exchanges';
import { subscriberOf } from '../subscribers';
import type { Settings } from '../settings';
import type { Accounts } from './accounts';
import { type Dialect, scopeRefusal } from './dialect';
import { subscriberHinted, LOGIN_HINT_FORM } from './loginHint';

/** How long an owner has for an answer, at most. */
export const CONSENT_LIFETIME_S = 120;
/** What `slow_down` adds to the interval, for this and all later polls (CIBA core 11). */
const SLOW_DOWN_S = 5;
/** A client's timer may fire this much early without being told to slow down. */
const TIMER_TOLERANCE_MS = 50;

interface Polled {
	/** When it was polled last, ms of `performance.now()`; undefined before the first poll. */
	at?: number;
	intervalMs: number;
	/** Polls that are still to be answered `authorization_pending`, and then `slow_down`. */
	pending: number;
	slowDown: number;
	/** Asks the phone's owner: the polls after it may bring an answer. */
	askOwner(): Promise<void>;
}

/** What oidc-provider needs for CIBA: its configuration, and a middleware that watches polling. */
export function backchannelFlow(
	dialect: Dialect,
	accounts: Accounts,
	settings: Settings,
	oidcErrors: typeof errors,
) {
	const requests = new LRUCache<string, Polled>({ max: 100_000, ttl: CONSENT_LIFETIME_S * 1000 });

	const configuration: CIBAConfiguration = {
		enabled: true,
		deliveryModes: ['poll'],
		processLoginHint(_ctx, hint) {
			const subscriber = subscriberHinted(hint ?? '');
			if (subscriber === undefined) throw new oidcErrors.InvalidRequest(LOGIN_HINT_FORM);
			return accounts.idOf(subscriber);
		},
		processLoginHintToken: () => undefined,
		verifyUserCode: () => undefined,
		validateBindingMessage: () => undefined,
		// oidc-provider passes over scopes it does not know; an operator refuses them.
		validateRequestContext({ oidc }) {
			const wanted = String(oidc.body?.scope);
			const refusal = scopeRefusal(wanted, oidc.client?.scope);
			if (refusal) throw new oidcErrors.InvalidScope(refusal, wanted);
		},
		async triggerAuthenticationDevice({ oidc }, request) {
			const consent = subscriberOf(accounts.identityOf(request.accountId)).consent;
			if (!consent) return;
			const { intervalS, slowDown, pending } = settings.polling;
			const answer = () => ownerAnswers(oidc.provider, request.jti, consent.given);
			const askOwner = async () => {
				if (consent.afterMs === 0) return await answer();
				setTimeout(() => answer().catch(console.error), consent.afterMs).unref();
			};
			requests.set(request.jti, { intervalMs: intervalS * 1000, slowDown, pending, askOwner });
			if (slowDown + pending === 0) await askOwner();
		},
	};

	async function ownerAnswers(provider: Provider, requestId: string, given: boolean) {
		// Read again, since only what is stored knows when it expires. Expired: nobody waits any more.
		const request = await provider.BackchannelAuthenticationRequest.find(requestId);
		if (!request) return;
		if (!given) {
			// backchannelResult keeps the error's code but loses its description: set it first.
			request.errorDescription = "the phone's owner has not consented";
			return await provider.backchannelResult(request, new oidcErrors.AccessDenied());
		}
		// Without `openid` no ID token is issued: Telefónica's clients did not ask for one.
		if (!dialect.openid) request.scope = withoutOpenid(request);
		const grant = new provider.Grant({
			accountId: request.accountId,
			clientId: request.clientId,
		});
		if (request.scope) grant.addOIDCScope(request.scope);
		await provider.backchannelResult(request, await grant.save());
	}

	/** oidc-provider neither tells an interval nor watches how fast a client polls (CIBA core 7.3). */
	async function watchPolling(ctx: KoaContextWithOIDC, next: () => Promise<void>): Promise<void> {
		if (ctx.path === '/token') return await watchPoll(ctx, next);
		await next();
		const answer = ctx.body as { auth_req_id?: string; interval?: number };
		const polled = answer.auth_req_id && requests.get(answer.auth_req_id);
		if (polled) answer.interval = polled.intervalMs / 1000;
	}

	async function watchPoll(ctx: KoaContextWithOIDC, next: () => Promise<void>): Promise<void> {
		const id = new URLSearchParams(received(ctx)).get('auth_req_id') ?? '';
		const polled = requests.get(id);
		if (!polled) return await next();

		const at = performance.now();
		const sinceLast = at - (polled.at ?? -Infinity);
		polled.at = at;
		if (sinceLast < polled.intervalMs - TIMER_TOLERANCE_MS) return slowDown(ctx, polled);
		await next();
		const { error } = ctx.body as { error?: string };
		if (error === 'authorization_pending') {
			if (polled.pending > 0) polled.pending--;
			else if (polled.slowDown > 0) {
				polled.slowDown--;
				slowDown(ctx, polled);
			} else return;
			if (polled.slowDown + polled.pending === 0) await polled.askOwner();
		} else if (ctx.status === 200 || error === 'access_denied') requests.delete(id);
	}

	function slowDown(ctx: KoaContextWithOIDC, polled: Polled): void {
		polled.intervalMs += SLOW_DOWN_S * 1000;
		ctx.status = 400;
		ctx.body = {
			error: 'slow_down',
			error_description: `poll at most every ${polled.intervalMs / 1000} s`,
		};
	}

	return { configuration, watchPolling };
}

function withoutOpenid({ scope = '' }: BackchannelAuthenticationRequest): string {
	return scope
		.split(' ')
		.filter((one) => one !== 'openid')
		.join(' ');
}
