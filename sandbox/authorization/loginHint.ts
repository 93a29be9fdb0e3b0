import { isIPv4, isIPv6 } from 'node:net';
import { canonicalIPv6, identityOf } from '../subscribers';

/** Description of a valid login hint. */
export const LOGIN_HINT_FORM =
	'login_hint must be tel:+<E.164 number> or ipport:<IPv4 or [IPv6] address>[:<port>]; a "+" has to be form-encoded';

/**
 * The identity of the subscriber that a login hint names (CAMARA Security and Interoperability
 * Profile, "Format of login_hint"). No subscriber here has a TS.43 token.
 */
export function subscriberHinted(hint: string): string | undefined {
	const [, number] = /^tel:(\+[1-9]\d{4,14})$/.exec(hint) ?? [];
	if (number) return identityOf(number);
	const [, v6, v4, port] =
		/^ipport:(?:\[([\da-fA-F:.]+)\]|([\d.]+))(?::(\d{1,5}))?$/.exec(hint) ?? [];
	const address = v6 && isIPv6(v6) ? canonicalIPv6(v6) : v4 && isIPv4(v4) ? v4 : undefined;
	if (address === undefined || Number(port ?? 0) > 65535) return undefined;
	return identityOf(address, port === undefined ? undefined : Number(port));
}
