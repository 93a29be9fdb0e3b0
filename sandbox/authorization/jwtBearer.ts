/** JWT bearer (RFC 7523, 2.1), whose assertion authenticates the client, too. */
import type * as Jose from 'jose';
import type { errors, Provider, TokenEndpointGrantContext } from 'oidc-provider';
import { JWT_BEARER, type Keys } from '../applications';
import { subscriberOf } from '../subscribers';
import type { Accounts } from './accounts';
import { assertionRefusal, CLOCK_TOLERANCE_S, signingAlgorithms } from './assertions';
import { scopeRefusal } from './dialect';
import { subscriberHinted } from './loginHint';

/**
 * Adds the client's id, which only the assertion names, because oidc-provider identifies the client
 * before the grant. The grant verifies it.
 */
export function addClientId({ decodeJwt }: typeof Jose, path: string, form: URLSearchParams): void {
	const assertion = form.get('assertion');
	if (path !== '/token' || form.get('grant_type') !== JWT_BEARER || assertion === null) return;
	if (form.has('client_id')) return;
	try {
		form.set('client_id', decodeJwt(assertion).iss ?? '');
	} catch {
		// Not a JWT: oidc-provider refuses the request, which has no client.
	}
}

/** Registers the grant of the CAMARA Security and Interoperability Profile. */
export function offerJwtBearer(
	provider: Provider,
	accounts: Accounts,
	{ jwks }: Keys,
	oidcErrors: typeof errors,
	{ createLocalJWKSet, jwtVerify }: typeof Jose,
): void {
	const { CustomOIDCProviderError, InvalidRequest, InvalidScope } = oidcErrors;
	// InvalidGrant keeps its reason to itself.
	const invalidGrant = (reason: string) => new CustomOIDCProviderError('invalid_grant', reason);
	const publicKeys = createLocalJWKSet(jwks as Jose.JSONWebKeySet);

	async function claimsOf(assertion: string, clientId: string, endpoint: string) {
		const { payload } = await jwtVerify(assertion, publicKeys, {
			issuer: clientId,
			algorithms: [...signingAlgorithms],
			clockTolerance: CLOCK_TOLERANCE_S,
			requiredClaims: ['sub', 'aud', 'exp', 'iat', 'jti', 'scope'],
		}).catch((error: Error) => {
			throw invalidGrant(`the assertion is not valid: ${error.message}`);
		});
		const refusal = assertionRefusal(payload, endpoint);
		if (refusal) throw invalidGrant(`the assertion is not valid: ${refusal}`);
		const { jti = '', exp = 0 } = payload;
		if (!(await provider.ReplayDetection.unique(clientId, jti, exp + CLOCK_TOLERANCE_S))) {
			throw invalidGrant('the assertion is not valid: it has been used before');
		}
		return payload;
	}

	/** The subscriber that the subject names. This flow asks nobody, so there must be consent already. */
	function subscriberOfAssertion(sub = ''): string {
		if (sub.startsWith('operatortoken:')) {
			throw invalidGrant('this operator takes no TS.43 tokens: sub must be tel:+<number>');
		}
		const subscriber = sub.startsWith('tel:') ? subscriberHinted(sub) : undefined;
		if (subscriber === undefined) throw invalidGrant('sub must be tel:+<E.164 number>');
		const { consent } = subscriberOf(subscriber);
		if (!consent) throw invalidGrant('sub names no subscriber of this operator');
		if (!consent.given) throw invalidGrant("the phone's owner has not consented");
		return subscriber;
	}

	const handle = async (ctx: TokenEndpointGrantContext<{ assertion?: string }>): Promise<void> => {
		const { client, params, body } = ctx.oidc;
		if (!params.assertion) throw new InvalidRequest('missing required parameter(s) (assertion)');
		if (body?.scope !== undefined) {
			throw new InvalidRequest('scope belongs in the assertion, and nowhere else');
		}
		const claims = await claimsOf(params.assertion, client.clientId, ctx.oidc.urlFor('token'));
		const scope = String(claims.scope);
		const refusal = scopeRefusal(scope, client.scope);
		if (refusal) throw new InvalidScope(refusal, scope);
		const accountId = accounts.idOf(subscriberOfAssertion(claims.sub));

		const grant = new provider.Grant({ accountId, clientId: client.clientId });
		grant.addOIDCScope(scope);
		const grantId = await grant.save();
		const token = new provider.AccessToken({
			accountId,
			client,
			grantId,
			gty: 'jwt_bearer',
			scope,
		} as ConstructorParameters<typeof provider.AccessToken>[0]);
		ctx.body = {
			access_token: await token.save(),
			expires_in: token.expiration,
			token_type: token.tokenType,
			scope,
		};
	};
	provider.registerGrantType(JWT_BEARER, handle, ['assertion']);
}
