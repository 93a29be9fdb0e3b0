import { randomUUID } from 'crypto';
import { credentialText } from '../credentialFields';
import type { ErrorTexts } from '../errors';
import { decodedBasicErrors } from './authorizationErrors';
import { parseSigningKey, signedJwt, type SigningAlgorithm, type SigningKey } from './signingKey';

/** The application as a client of the authorization server (RFC 6749 section 2). */
export interface Client {
	readonly id: string;
	/** Authenticates one request to `endpoint`; called anew for each. */
	authenticate(endpoint: string): {
		readonly headers?: Readonly<Record<string, string>>;
		readonly form?: Readonly<Record<string, string>>;
	};
	/** Known to the application alone: further keys may be derived from it. */
	readonly secret: () => string | Buffer;
	/** Texts of its own for a server's error codes. */
	readonly errors?: ErrorTexts;
}

/** How an operator differs in the authentication of its clients. */
export interface ClientDialect {
	/** The application that a client is if the credential names none. */
	readonly mock?: { readonly clientId: string; readonly clientSecret: string };
	/** The algorithms that it accepts. Absent if it accepts all. */
	readonly signingAlgorithms?: readonly SigningAlgorithm[];
}

interface ClientAuthentication {
	readonly displayName: string;
	readonly description: string;
	/** The fields of the form that prove who the client is. */
	readonly provedBy: readonly string[];
	/** @param offered the client authentications that the operator accepts */
	parse(
		credential: Record<string, unknown>,
		dialect?: ClientDialect,
		offered?: readonly string[],
	): Client;
}

const SECRET_FIELDS = ['Client ID', 'Client Secret'];
export const SIGNING_FIELDS = ['Client ID', 'Private Key', 'Key ID'];

/** Every client authentication that the credential offers, by the value that is stored. */
export const clientAuthentications = {
	/**
	 * `client_secret_basic`: id and secret are each form-encoded before they are joined (RFC 6749
	 * section 2.3.1 and appendix B).
	 */
	clientSecretBasic: {
		displayName: 'Client Secret (Basic)',
		description: 'The secret is sent in the header of each token request',
		provedBy: SECRET_FIELDS,
		parse(credential, dialect?: ClientDialect, offered: readonly string[] = []) {
			const { id, secret } = idAndSecret(credential, dialect);
			const pair = `${formEncoded(id)}:${formEncoded(secret)}`;
			const headers = { authorization: `Basic ${Buffer.from(pair).toString('base64')}` };
			const mayBeMisread = pair !== `${id}:${secret}` && offered.includes('clientSecretPost');
			return {
				id,
				authenticate: () => ({ headers }),
				secret: () => secret,
				...(mayBeMisread && { errors: decodedBasicErrors }),
			};
		},
	},
	/** `client_secret_post` (RFC 6749 section 2.3.1). */
	clientSecretPost: {
		displayName: 'Client Secret (Post)',
		description: 'The secret is sent in the body of each token request',
		provedBy: SECRET_FIELDS,
		parse(credential, dialect?: ClientDialect) {
			const { id, secret } = idAndSecret(credential, dialect);
			const form = { client_id: id, client_secret: secret };
			return { id, authenticate: () => ({ form }), secret: () => secret };
		},
	},
	/** `private_key_jwt` (OpenID Connect Core section 9, RFC 7523 section 2.2). */
	privateKeyJwt: {
		displayName: 'Private Key (JWT)',
		description:
			'Each token request is signed, as CAMARA requires; register the public key with the operator',
		provedBy: SIGNING_FIELDS,
		parse(credential, dialect?: ClientDialect) {
			const { id, key } = parseSigningClient(credential, dialect);
			return {
				id,
				authenticate: (endpoint) => ({
					form: {
						// Optional beside an assertion (RFC 7521 section 4.2), and some servers insist on it.
						client_id: id,
						client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
						client_assertion: signedJwt(
							{ iss: id, sub: id, aud: endpoint, jti: randomUUID() },
							key,
						),
					},
				}),
				secret: () => key.privateKey.export({ format: 'der', type: 'pkcs8' }),
			};
		},
	},
} satisfies Record<string, ClientAuthentication>;

export type ClientAuthenticationName = keyof typeof clientAuthentications;

/** @throws {OpenGatewayError} `INVALID_CREDENTIAL` */
export function parseSigningClient(
	credential: Record<string, unknown>,
	{ signingAlgorithms }: ClientDialect = {},
): { id: string; key: SigningKey } {
	return { id: clientId(credential), key: parseSigningKey(credential, signingAlgorithms) };
}

function idAndSecret(
	entered: Record<string, unknown>,
	{ mock }: ClientDialect = {},
): { id: string; secret: string } {
	const credential = mock && !entered.clientId && !entered.clientSecret ? { ...mock } : entered;
	return {
		id: clientId(credential),
		secret: credentialText(credential, 'clientSecret', 'Client Secret'),
	};
}

function clientId(credential: Record<string, unknown>): string {
	return credentialText(credential, 'clientId', 'Client ID');
}

/** `application/x-www-form-urlencoded`, the encoding of a single value. */
function formEncoded(value: string): string {
	return new URLSearchParams({ '': value }).toString().slice(1);
}
