/** The backend flow, CIBA in poll mode; owners of phones answer by the table in `subscribers.ts`. */
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

/** Longest time in which an owner may answer. */
export const CONSENT_LIFETIME_S = 120;
/** Added to the interval by `slow_down`, for all later polls (CIBA Core, 11). */
const SLOW_DOWN_S = 5;
/** A client's timer may fire this early. */
const TIMER_TOLERANCE_MS = 50;

interface Polled {
	/** Time of the latest poll (ms of `performance.now()`). */
	at?: number;
	intervalMs: number;
	/** Polls that still get `authorization_pending`, and after those, `slow_down`. */
	pending: number;
	slowDown: number;
	/** Asks the phone's owner, whose answer later polls bring. */
	askOwner(): Promise<void>;
}

/** oidc-provider's configuration for CIBA, and a middleware that watches polling. */
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
		// oidc-provider ignores unknown scopes, which an operator refuses.
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
		// Only a stored request knows whether it has expired; then nobody waits for it any more.
		const request = await provider.BackchannelAuthenticationRequest.find(requestId);
		if (!request) return;
		if (!given) {
			// backchannelResult would lose the description.
			request.errorDescription = "the phone's owner has not consented";
			return await provider.backchannelResult(request, new oidcErrors.AccessDenied());
		}
		// Without `openid`, which Telefónica's clients do not send, no ID token is issued.
		if (!dialect.openid) request.scope = withoutOpenid(request);
		const grant = new provider.Grant({
			accountId: request.accountId,
			clientId: request.clientId,
		});
		if (request.scope) grant.addOIDCScope(request.scope);
		await provider.backchannelResult(request, await grant.save());
	}

	/** oidc-provider neither announces an interval nor enforces it (CIBA Core, 7.3). */
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
