import { createHmac, randomBytes } from 'node:crypto';

/**
 * The names that an authorization server gives its subscribers. They are the `sub` of ID tokens, which
 * must not tell a number (CAMARA Security and Interoperability Profile, "ID Token sub claim").
 */
export class Accounts {
	readonly #key = randomBytes(32);
	readonly #identities = new Map<string, string>();

	/** @param identity as `identityOf` writes it */
	idOf(identity: string): string {
		const id = createHmac('sha256', this.#key).update(identity).digest('base64url');
		this.#identities.set(id, identity);
		return id;
	}

	/** The identity that `idOf` was called with. */
	identityOf(id = ''): string {
		const identity = this.#identities.get(id);
		if (identity === undefined) throw new Error('No account has this id');
		return identity;
	}
}
