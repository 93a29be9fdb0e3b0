/** The fields of the credential that a client authenticates with. */
export interface ClientCredential {
	clientAuthentication: 'clientSecretBasic';
	clientId: string;
	clientSecret: string;
}

/**
 * `client_secret_basic`: HTTP Basic, with id and secret each form-encoded before they are joined
 * (RFC 6749 section 2.3.1 and appendix B).
 * @returns the headers that authenticate the client at the operator's authorization server.
 */
export function clientAuthenticationHeaders(credential: ClientCredential): Record<string, string> {
	const pair = `${formEncoded(credential.clientId)}:${formEncoded(credential.clientSecret)}`;
	return { authorization: `Basic ${Buffer.from(pair).toString('base64')}` };
}

/** `application/x-www-form-urlencoded`, the encoding of a single value. */
function formEncoded(value: string): string {
	return new URLSearchParams({ '': value }).toString().slice(1);
}
