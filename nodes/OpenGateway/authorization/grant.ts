import type { Device } from '../device';
import { quoted, unexpectedResponse, type ErrorTexts } from '../errors';
import { formRequest, isSuccess, type HttpResponse, type Transport } from '../http';
import { asObject } from '../json';
import { authorizationError, authorizationErrors, missingInAnswer } from './authorizationErrors';
import type { Client } from './client';

/** The endpoints of an operator's authorization server; an operator need not have all of them. */
export interface Endpoints {
	readonly token?: string;
	readonly backchannelAuthentication?: string;
	readonly authorization?: string;
}

/** An operator's authorization server, and the transport to it. */
export interface AuthorizationServer extends Transport {
	/** @throws {OpenGatewayError} `INVALID_CREDENTIAL` if the operator publishes no such endpoint */
	endpoint(name: keyof Endpoints): string;
	/** Sent with every request of a flow, so that the operator's support can find them together. */
	readonly correlator: string;
}

/** What authenticates an API request. Access of a subscriber must not serve another subscriber. */
export interface Access {
	readonly headers: Readonly<Record<string, string>>;
	readonly subject: Subject;
	/** Until when it may be cached (ms since the epoch). Absent if the server does not say. */
	readonly expiresAt?: number;
	/** Values that were sent to obtain it, which an API may send back. */
	readonly sent?: HttpResponse['sent'];
}

/**
 * Whom access speaks for: a 3-legged token for the one subscriber who consented, a 2-legged token
 * for the application, which then names a device in each request.
 */
export type Subject = 'subscriber' | 'application';

/** Access for any device that the workflow names, without its owner doing anything. */
export type BackendGrant = BackendAccess & (ForSubscriber | ForApplication);

interface ForSubscriber {
	readonly subject: 'subscriber';
	/**
	 * Identifies the subscriber to the authorization server.
	 * @throws {OpenGatewayError} `UNSUPPORTED_DEVICE`
	 */
	loginHint(device: Device): string;
	obtain(device: Device, scope: string, server: AuthorizationServer): Promise<Access>;
}

interface ForApplication {
	readonly subject: 'application';
	readonly loginHint?: undefined;
	/** @param device for the words of an error */
	obtain(device: Device | undefined, scope: string, server: AuthorizationServer): Promise<Access>;
}

interface BackendAccess {
	readonly flow: 'backend';
	/** Absent if access is obtained for nobody in particular; empty if it takes no request. */
	readonly trials?: readonly Trial[];
}

/** Access for the device that opened the authorization URL. */
export interface FrontendGrant {
	readonly flow: 'frontend';
	authorizationUrl(
		request: AuthorizationRequest,
		scope: string,
		server: AuthorizationServer,
	): Promise<AuthorizationUrl>;
	/** Exchanges the callback's code for access, once. */
	redeem(callback: Callback, server: AuthorizationServer): Promise<Redeemed>;
	readonly trials: readonly Trial[];
}

/**
 * Asks the authorization server about nobody, which shows whether it lets the client in: a refusal
 * that is due to what was made up comes after the client was accepted.
 */
export interface Trial {
	readonly endpoint: keyof Endpoints;
	/** Each is made if the one before it is refused for what was made up in it. */
	readonly requests: readonly [TrialRequest, ...TrialRequest[]];
	/**
	 * The first of them with a client's proof that the server does not know. If it is refused alike,
	 * the refusal says nothing about the client.
	 */
	readonly byStranger?: TrialRequest;
}

/** Rejects with the refusal. */
export type TrialRequest = (scope: string, server: AuthorizationServer) => Promise<unknown>;

export type Grant = BackendGrant | FrontendGrant;

/** Its parts are parsed already. */
export interface AuthorizationRequest {
	readonly redirectUri: string;
	/** How long the callback is accepted (s). */
	readonly expiresIn: number;
	/** The expected device, if the workflow knows it. */
	readonly device?: Device;
	/** Comes back with the callback; the phone's owner can neither read nor change it. */
	readonly reference?: string;
	/** Another browser may come back than the one that was sent to the URL. */
	readonly forAnyone?: boolean;
}

export interface AuthorizationUrl {
	readonly url: string;
	/** RFC 3339. */
	readonly expiresAt: string;
	/** The header `Set-Cookie` of the redirect to the URL; `null` if it is for anyone. */
	readonly setCookie: string | null;
}

/** The request by which the phone came back to the workflow, unchecked. */
export interface Callback {
	/** RFC 6749 section 4.1.2. */
	readonly query: Readonly<Record<string, unknown>>;
	/** Its header `Cookie`. */
	readonly cookies?: unknown;
	/** The address to which it came. */
	readonly address?: unknown;
}

export interface Redeemed {
	readonly access: Access;
	readonly device: Device | undefined;
	readonly reference: string | undefined;
}

/**
 * Performs a token request with the client's authentication.
 * @param context `device` in words, for errors
 * @throws {OpenGatewayError} with the server's own code, or `UNEXPECTED_ANSWER`
 */
export async function tokenRequest(
	form: Record<string, string>,
	client: Client,
	{ device, subject, idempotent }: { device: string; subject: Subject; idempotent?: false },
	server: AuthorizationServer,
): Promise<Access> {
	const response = await server.send(() => ({
		...clientRequest(server.endpoint('token'), form, client, server.correlator),
		idempotent,
	}));
	return readTokenResponse(response, subject, device, client.errors);
}

/** A form for an endpoint of the authorization server, with the client's authentication. */
export function clientRequest(
	endpoint: string,
	form: Record<string, string>,
	client: Client,
	correlator: string,
) {
	const { headers, form: authentication } = client.authenticate(endpoint);
	return formRequest(endpoint, { ...form, ...authentication }, { ...headers }, correlator);
}

/**
 * Reads a token response by what it holds: access (RFC 6749 section 5.1), or the refusal that some
 * servers send with a status of success.
 * @param device in words
 * @param own texts of the client or the grant, in place of the general ones
 * @throws {OpenGatewayError} with the server's own code, or `UNEXPECTED_ANSWER`
 */
export function readTokenResponse(
	response: HttpResponse,
	subject: Subject,
	device = 'the device',
	own: ErrorTexts = {},
): Access {
	if (!isSuccess(response)) throw authorizationError(response, device, own);
	const { access_token: value, token_type: type, expires_in: lifetime } = asObject(response.json);
	// Some servers put the scheme before the token, as its header has it.
	const token = typeof value === 'string' ? value.replace(/^\s*bearer\s/i, '').trim() : undefined;
	if (!isBearerToken(token)) {
		throw missingInAnswer(response, 'it holds no access token', device, own);
	}
	if (!isBearerType(type)) {
		const named = typeof type === 'string' ? ` of the type “${quoted(type, response.sent)}”` : '';
		const found = `its token${named} is not a bearer token`;
		const { remedy } = authorizationErrors.invalid_dpop_proof ?? {};
		throw unexpectedResponse(response, found, remedy);
	}
	const { sent } = response;
	return { ...bearer(token, subject), ...expiry(lifetime), ...(sent && { sent }) };
}

/** `token_type` in any spelling; the default of servers that leave it out is this type, too. */
function isBearerType(type: unknown): boolean {
	if (type === undefined || type === null) return true;
	return typeof type === 'string' && /^(?:bearer[ _-]?(?:token)?)?$/i.test(type.trim());
}

/** ms before a token expires: a request takes its time, and clocks differ. */
const EXPIRY_MARGIN = 10_000;

/** @param expiresIn `expires_in` (s; RFC 6749 section 5.1), which some servers send as text */
function expiry(expiresIn: unknown): Pick<Access, 'expiresAt'> {
	const lifetime = typeof expiresIn === 'object' ? NaN : Number(expiresIn) * 1000;
	if (!(lifetime > 0)) return {};
	return { expiresAt: Date.now() + lifetime - Math.min(EXPIRY_MARGIN, lifetime / 2) };
}

/** RFC 6750 section 2.1, `b64token`. */
export function isBearerToken(token: unknown): token is string {
	return typeof token === 'string' && /^[\w.~+/-]+=*$/.test(token);
}

/** Access by a bearer token in the request's header (RFC 6750 section 2.1). */
export function bearer(token: string, subject: Subject): Access {
	return { headers: { authorization: `Bearer ${token}` }, subject };
}

/** A grant of access for the application that the credential holds itself. */
export const fixedAccess = (headers: Access['headers']): BackendGrant => ({
	flow: 'backend',
	subject: 'application',
	obtain: async () => ({ headers, subject: 'application' }),
	trials: [],
});
