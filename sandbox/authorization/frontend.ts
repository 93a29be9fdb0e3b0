/**
 * The frontend flow, authorization code: an operator recognises a phone by its connection, and its
 * owner consents. Here is no mobile network, so a page asks which phone it is.
 */
import type { Context, Middleware } from 'koa';
import type {
	Configuration,
	errors,
	InteractionResults,
	interactionPolicy,
	Provider,
} from 'oidc-provider';
import { received } from '../exchanges';
import { subscriberOf } from '../subscribers';
import type { Accounts } from './accounts';
import { consentPage, expiredPage, pageHeaders } from './consentPage';
import { type Dialect, scopeRefusal } from './dialect';
import { subscriberHinted } from './loginHint';

type Libraries = { errors: typeof errors; interactionPolicy: typeof interactionPolicy };

/** Has oidc-provider show a page before each code. */
export function interactionsAt(
	{ path }: Dialect,
	{ errors: { InvalidScope }, interactionPolicy: { Check, Prompt } }: Libraries,
): Configuration['interactions'] {
	const recognised = new Check(
		'subscriber_not_recognised',
		'the device has to be recognised',
		({ oidc, query }) => {
			if (oidc.result?.login) return Check.NO_NEED_TO_PROMPT;
			const wanted = String(query.scope);
			const refusal = scopeRefusal(wanted, oidc.client?.scope);
			if (refusal) throw new InvalidScope(refusal, wanted);
			// No page is shown, but the phone is recognised all the same: see `decidedSilently`.
			if (query.prompt === 'none' && oidc.params) oidc.params.prompt = undefined;
			return Check.REQUEST_PROMPT;
		},
		({ query }) => ({ silent: query.prompt === 'none' }),
	);
	return {
		policy: [
			new Prompt({ name: 'login', requestable: true }, recognised),
			new Prompt({ name: 'consent', requestable: true }),
		],
		url: (_ctx, { uid }) => `${path}/interaction/${uid}`,
	};
}

/** Lets clients redirect to any address of this machine, and to no other. */
export function allowLoopbackRedirects(provider: Provider, oidcErrors: typeof errors): void {
	provider.Client.prototype.redirectUriAllowed = (redirectUri) => {
		if (!URL.canParse(redirectUri)) return false;
		const { protocol, hostname, hash } = new URL(redirectUri);
		return protocol === 'http:' && ['127.0.0.1', 'localhost'].includes(hostname) && !hash;
	};
	// oidc-provider says invalid_request; RFC 6749 (4.1.2.1) has a code of its own.
	provider.Client.prototype.responseTypeAllowed = function (type) {
		if (this.responseTypes?.some((allowed) => allowed === type)) return true;
		throw new oidcErrors.UnauthorizedClient('the application may not use this flow');
	};
}

/** Shows the page, and acts on its form. */
export function interactionPages(
	provider: Provider,
	accounts: Accounts,
): { show: Middleware; decide: Middleware } {
	type Interaction = Awaited<ReturnType<Provider['interactionDetails']>>;

	/** Runs with the browser's request, or shows a page if that is over. */
	const duringInteraction =
		(run: (ctx: Context, interaction: Interaction) => Promise<void>): Middleware =>
		async (ctx) => {
			ctx.set(pageHeaders);
			const interaction = await provider
				.interactionDetails(ctx.req, ctx.res)
				.catch(() => undefined);
			if (interaction) return await run(ctx, interaction);
			ctx.status = 400;
			ctx.body = expiredPage;
		};

	async function finish(ctx: Context, result: InteractionResults): Promise<void> {
		ctx.redirect(await provider.interactionResult(ctx.req, ctx.res, result));
		ctx.status = 303;
	}

	async function granted(identity: string, { params }: Interaction): Promise<InteractionResults> {
		const accountId = accounts.idOf(identity);
		const grant = new provider.Grant({ accountId, clientId: String(params.client_id) });
		grant.addOIDCScope(String(params.scope));
		return { login: { accountId, remember: false }, consent: { grantId: await grant.save() } };
	}

	/** The result without a page, for `prompt=none` (OpenID Connect Core, 3.1.2.6). */
	async function decidedSilently(interaction: Interaction): Promise<InteractionResults> {
		const identity = subscriberHinted(String(interaction.params.login_hint ?? ''));
		const consent = identity !== undefined && subscriberOf(identity).consent;
		if (!consent) {
			return { error: 'login_required', error_description: 'the device is not recognised' };
		}
		if (!consent.given) {
			return { error: 'consent_required', error_description: NOT_CONSENTED };
		}
		return await granted(identity, interaction);
	}

	async function decided(form: URLSearchParams, interaction: Interaction) {
		const identity = form.get('subscriber') ?? '';
		const { consent } = subscriberOf(identity);
		const refused = (why: string) => ({ error: 'access_denied', error_description: why });
		if (form.get('decision') !== 'allow') return refused('the user has refused');
		if (!consent) return refused('the device is unknown to the operator');
		return consent.given ? await granted(identity, interaction) : refused(NOT_CONSENTED);
	}

	return {
		show: duringInteraction(async (ctx, interaction) => {
			const { prompt, params } = interaction;
			if (prompt.details.silent) return await finish(ctx, await decidedSilently(interaction));
			ctx.body = consentPage({
				clientId: String(params.client_id),
				scope: String(params.scope),
				hinted: subscriberHinted(String(params.login_hint ?? '')),
			});
		}),
		decide: duringInteraction(async (ctx, interaction) => {
			await finish(ctx, await decided(new URLSearchParams(received(ctx)), interaction));
		}),
	};
}

const NOT_CONSENTED = "the phone's owner has not consented";
