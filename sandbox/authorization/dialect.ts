/** In what the operators' authorization servers differ. */
export interface Dialect {
	/** Where its authorization server and its API lie, e.g. `/camara`: the issuer's path. */
	readonly path: string;
	/** The scopes an application may be registered for, by API. */
	readonly scopes: { readonly roaming: readonly string[]; readonly simSwap: readonly string[] };
	/**
	 * Whether clients send the scope `openid` and get an ID token for it, as OpenID Connect has it.
	 * Telefónica's do neither.
	 */
	readonly openid: boolean;
	/** Whether an application gets tokens for itself: 2-legged ones, by client credentials. */
	readonly clientCredentials: boolean;
	/** A token that everybody knows, good for any line. */
	readonly fixedToken: string;
}

/** What a token allows. */
export interface Authorized {
	/** Of a 3-legged token: its one line, as `identityOf` writes it. Absent: the request names it. */
	readonly line?: string;
	readonly scopes: ReadonlySet<string>;
}

/** What an access token allows; undefined where it is unknown or has expired. */
export type AuthorizedBy = (token: string) => Promise<Authorized | undefined>;

/**
 * What is wrong with the scopes that a client asks for, if anything: it must be registered for each,
 * and exactly one has to be a purpose (CAMARA Security and Interoperability Profile, "Purpose").
 *
 * @param registered what the client is registered for, separated by spaces
 */
export function scopeRefusal(wanted: string, registered = ''): string | undefined {
	const scopes = wanted.split(' ');
	const allowed = registered.split(' ');
	if (!scopes.every((scope) => allowed.includes(scope))) return 'requested scope is not allowed';
	const purposes = scopes.filter((scope) => scope.startsWith('dpv:'));
	return purposes.length === 1 ? undefined : 'exactly one purpose must be requested';
}
