/** The rules for JWTs that clients sign, be it to authenticate or as a grant. */

/** CAMARA Security and Interoperability Profile, "Client Authentication" and "JWT Bearer Flow". */
const MAX_LIFETIME_S = 300;

/** How far a client's clock may be off. */
export const CLOCK_TOLERANCE_S = 5;

export const signingAlgorithms = ['RS256', 'PS256', 'ES256'] as const;

/**
 * What is wrong with an assertion's audience or lifetime, if anything. The audience must be the
 * endpoint and nothing else, which the profile recommends and an operator may insist on.
 *
 * @param endpoint URL that was called
 */
export function assertionRefusal(
	{ aud, exp, iat }: { aud?: unknown; exp?: unknown; iat?: unknown },
	endpoint: string,
): string | undefined {
	const audiences = [aud].flat();
	if (audiences.length !== 1 || audiences[0] !== endpoint) return `aud must be ${endpoint}`;
	const now = Date.now() / 1000;
	// It may leave out when it was issued: then that is now.
	const issued = typeof iat === 'number' ? iat : now;
	if (issued > now + CLOCK_TOLERANCE_S) return 'iat must not be later than now';
	if (Number(exp) - issued > MAX_LIFETIME_S) {
		return `exp must be at most ${MAX_LIFETIME_S} s after iat`;
	}
	return undefined;
}
