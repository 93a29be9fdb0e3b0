import type { Device } from '../device';
import { asObject, formRequest, unexpectedResponse, type HttpResponse, type Send } from '../http';
import { authorizationError } from './authorizationErrors';
import type { Client } from './client';

/** Where an operator's authorization server answers; an operator need not have all of them. */
export interface Endpoints {
	readonly token?: string;
	readonly backchannelAuthentication?: string;
	readonly authorization?: string;
}

/** What a flow may use to obtain access. */
export interface AuthorizationServer {
	readonly endpoints: Required<Endpoints>;
	readonly send: Send;
	/** Waits; rejects at once when the execution is cancelled. */
	readonly wait: (ms: number) => Promise<void>;
	/** How often something may be begun again, for what no single request can be sent again for. */
	readonly backoff: () => Backoff;
	/** Sent with every request of this flow, so that support can find them together. */
	readonly correlator: string;
}

/** The further tries of something that failed for a passing reason. */
export interface Backoff {
	/**
	 * Waits for the next try.
	 * @param atLeast ms
	 * @returns `false`, at once, where there is none
	 */
	next(atLeast?: number): Promise<boolean>;
}

/** The right to ask, as it goes with a question. Of a line, it must not serve any other line. */
export interface Access {
	readonly headers: Readonly<Record<string, string>>;
	readonly subject: Subject;
	/** Until when it may be kept, in ms since the epoch. Absent where nothing says how long it is good. */
	readonly expiresAt?: number;
}

/**
 * Whom access speaks for: a 3-legged token for the one line whose owner agreed, a 2-legged one
 * for the application, which then says in each question which line it means.
 */
export type Subject = 'line' | 'application';

/** Access for any device that the workflow names, without its owner doing anything. */
export interface BackendGrant {
	readonly flow: 'backend';
	/** Whom its access speaks for. */
	readonly subject: Subject;
	obtain(device: Device, scope: string, server: AuthorizationServer): Promise<Access>;
	/**
	 * Asks as little as shows that the client may use this grant for the scope, and of nobody.
	 * Absent where only a question to the API shows it.
	 */
	probe?(scope: string, server: AuthorizationServer): Promise<void>;
}

/** Access for the line from whose device the authorization URL was opened. */
export interface FrontendGrant {
	readonly flow: 'frontend';
	/** Where to send the device, and what it brings back from there. */
	authorizationUrl(
		request: AuthorizationRequest,
		scope: string,
		endpoints: Required<Endpoints>,
	): AuthorizationUrl;
	/** Exchanges what the device brought back. */
	redeem(callback: Callback, server: AuthorizationServer): Promise<Redeemed>;
	probe(scope: string, server: AuthorizationServer): Promise<void>;
}

export type Grant = BackendGrant | FrontendGrant;

/** Its parts are checked already. */
export interface AuthorizationRequest {
	readonly redirectUri: string;
	/** Seconds for which the callback is taken. */
	readonly expiresIn: number;
	/** The line that is expected, where the workflow knows it. */
	readonly device?: Device;
	/** Comes back with the callback; the device's owner can neither read nor change it. */
	readonly reference?: string;
}

export interface AuthorizationUrl {
	readonly url: string;
	/** RFC 3339. */
	readonly expiresAt: string;
}

/** The query with which the operator sent the device back (RFC 6749 section 4.1.2), unchecked. */
export type Callback = Readonly<Record<'code' | 'state' | 'error' | 'errorDescription', unknown>>;

export interface Redeemed {
	readonly access: Access;
	readonly device: Device | undefined;
	readonly reference: string | undefined;
}

/**
 * A token request with the client's authentication, up to the access that it gives.
 * @throws {OpenGatewayError} with the server's own code, or `UNEXPECTED_ANSWER`
 */
export async function tokenRequest(
	form: Record<string, string>,
	client: Client,
	{ line, subject, idempotent }: { line: string; subject: Subject; idempotent?: false },
	server: AuthorizationServer,
): Promise<Access> {
	const answer = await server.send(() => ({
		...clientRequest(server.endpoints.token, form, client, server.correlator),
		idempotent,
	}));
	if (answer.status !== 200) throw authorizationError(answer, line);
	return readTokenResponse(answer, subject);
}

/** A form for an endpoint of the authorization server, with the client's authentication. */
export function clientRequest(
	endpoint: string,
	form: Record<string, string>,
	client: Client,
	correlator: string,
) {
	const proof = client.authenticate(endpoint);
	return formRequest(endpoint, { ...form, ...proof.form }, { ...proof.headers }, correlator);
}

/**
 * Reads a successful token answer (RFC 6749 section 5.1).
 * @throws {OpenGatewayError} `UNEXPECTED_ANSWER`
 */
export function readTokenResponse(answer: HttpResponse, subject: Subject): Access {
	const { access_token: token, token_type: type, expires_in: lifetime } = asObject(answer.json);
	if (!isBearerToken(token)) throw unexpectedResponse(answer, 'it holds no access token');
	if (typeof type !== 'string' || type.toLowerCase() !== 'bearer') {
		throw unexpectedResponse(answer, 'its token is not a bearer token');
	}
	return { ...bearer(token, subject), ...expiry(lifetime) };
}

/** Before it expires, ms: a question takes its time, and clocks differ. */
const EXPIRY_MARGIN = 10_000;

/** `expires_in` in s (RFC 6749 section 5.1), which some servers write as text. */
function expiry(expiresIn: unknown): Pick<Access, 'expiresAt'> {
	const lifetime = typeof expiresIn === 'object' ? NaN : Number(expiresIn) * 1000;
	if (!(lifetime > 0)) return {};
	return { expiresAt: Date.now() + lifetime - Math.min(EXPIRY_MARGIN, lifetime / 2) };
}

/** RFC 6750 section 2.1, `b64token`. */
export function isBearerToken(token: unknown): token is string {
	return typeof token === 'string' && /^[\w.~+/-]+=*$/.test(token);
}

export function bearer(token: string, subject: Subject): Access {
	return { headers: { authorization: `Bearer ${token}` }, subject };
}
