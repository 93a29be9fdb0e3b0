/** The rules for JWTs that clients sign, for authentication or as a grant. */

/** CAMARA Security and Interoperability Profile, "Client Authentication" and "JWT Bearer Flow". */
const MAX_LIFETIME_S = 300;

/** Tolerated difference of a client's clock. */
export const CLOCK_TOLERANCE_S = 5;

export const signingAlgorithms = ['RS256', 'PS256', 'ES256'] as const;

/**
 * Returns why the audience or the lifetime of an assertion is not valid. The audience must be the
 * endpoint alone, which the profile recommends and an operator may insist on.
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
	// The claim `iat` is optional.
	const issued = typeof iat === 'number' ? iat : now;
	if (issued > now + CLOCK_TOLERANCE_S) return 'iat must not be later than now';
	if (Number(exp) - issued > MAX_LIFETIME_S) {
		return `exp must be at most ${MAX_LIFETIME_S} s after iat`;
	}
	return undefined;
}
