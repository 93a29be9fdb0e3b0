import type { signingAlgorithms } from './assertions';

type SigningAlgorithm = (typeof signingAlgorithms)[number];

/** In what the operators' authorization servers differ. */
export interface Authorization {
	/**
	 * Whether clients send the scope `openid` and get an ID token for it, as OpenID Connect has it.
	 * Telefónica's do neither.
	 */
	readonly openid: boolean;
	/** Whether it publishes its endpoints (OpenID Connect Discovery). */
	readonly discovery: boolean;
	/** Whether an application gets 2-legged tokens by client credentials, and names a scope for them. */
	readonly clientCredentials: 'no' | 'withScope' | 'withoutScope';
	/** The algorithms that clients may sign with. Absent if all. */
	readonly signingAlgorithms?: readonly SigningAlgorithm[];
	/** Whether `expires_in` is text. */
	readonly writesNumbersAsText?: boolean;
	/** The scopes that tell the purpose; empty if it is part of the APIs' scopes. */
	readonly purposeScopes: readonly string[];
	/** The scopes of SIM Swap, an API that only an application which may use no other has. */
	readonly simSwapScopes: readonly string[];
	/** A public access token, good for any subscriber and all APIs of the operator. */
	readonly fixedToken: string;
}

/** An operator's authorization server. */
export interface Dialect extends Authorization {
	/** The issuer's path, e.g. `/camara`. */
	readonly path: string;
	/** The scopes that an application may be registered for. */
	readonly scopes: { readonly offered: readonly string[]; readonly simSwap: readonly string[] };
}

/** The authorization server at a path that gives access to these APIs. */
export function dialectOf(
	path: string,
	authorization: Authorization,
	apis: readonly { readonly scopes: readonly string[] }[],
): Dialect {
	const { purposeScopes, simSwapScopes } = authorization;
	const offered = apis.flatMap(({ scopes }) => scopes);
	return {
		...authorization,
		path,
		scopes: {
			offered: [...purposeScopes, ...offered],
			simSwap: [...purposeScopes, ...simSwapScopes],
		},
	};
}

/** What an access token allows. */
export interface Authorized {
	/** The application that it was issued to. */
	readonly clientId: string;
	/** The subscriber of a 3-legged token, as `identityOf` writes it. */
	readonly subscriber?: string;
	readonly scopes: ReadonlySet<string>;
}

/** Returns what an access token allows; undefined if it is unknown or has expired. */
export type AuthorizedBy = (token: string) => Promise<Authorized | undefined>;

/**
 * Returns why a client may not have the scopes that it asks for. It must be registered for each, and
 * exactly one must be a purpose (CAMARA Security and Interoperability Profile, "Purpose").
 *
 * @param registered scopes of the client, separated by spaces
 */
export function scopeRefusal(wanted: string, registered = ''): string | undefined {
	const scopes = wanted.split(' ');
	const allowed = registered.split(' ');
	if (!scopes.every((scope) => allowed.includes(scope))) return 'requested scope is not allowed';
	const purposes = scopes.filter((scope) => scope.startsWith('dpv:'));
	return purposes.length === 1 ? undefined : 'exactly one purpose must be requested';
}
