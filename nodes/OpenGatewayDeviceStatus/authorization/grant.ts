import type { Device } from '../device';
import { asObject, unexpectedAnswer, type HttpAnswer, type Send } from '../http';

/** What a grant may use to obtain a token. */
export interface AuthorizationServer {
	readonly endpoints: { readonly backchannelAuthentication: string; readonly token: string };
	/** Sends with the client's authentication. */
	readonly send: Send;
	/** Waits; rejects at once when the execution is cancelled. */
	readonly wait: (ms: number) => Promise<void>;
	/** Sent with every request of this flow, so that support can find them together. */
	readonly correlator: string;
}

/** A token that stands for one device, scope and purpose. It must not serve any other device. */
export interface AccessToken {
	/** RFC 6750 section 2.1, `b64token`. */
	readonly value: string;
}

/** One way of obtaining an access token. Both throw an error with the server's own code. */
export interface Grant {
	obtain(device: Device, scope: string, server: AuthorizationServer): Promise<AccessToken>;
	/** Asks as little as shows that the client may use this grant for the scope, and of nobody. */
	probe(scope: string, server: AuthorizationServer): Promise<void>;
}

/**
 * Reads a successful token answer (RFC 6749 section 5.1).
 * @throws {OpenGatewayError} `UNEXPECTED_ANSWER`
 */
export function readAccessToken(answer: HttpAnswer): AccessToken {
	const { access_token: value, token_type: type } = asObject(answer.json);
	if (typeof value !== 'string' || !/^[\w.~+/-]+=*$/.test(value)) {
		throw unexpectedAnswer(answer, 'it holds no access token');
	}
	if (typeof type !== 'string' || type.toLowerCase() !== 'bearer') {
		throw unexpectedAnswer(answer, 'its token is not a bearer token');
	}
	return { value };
}
