import { randomUUID } from 'crypto';
import type { Api, ApiName } from './apis';
import {
	discover,
	loginHint,
	type Access,
	type AuthorizationRequest,
	type AuthorizationServer,
	type AuthorizationUrl,
	type BackendGrant,
	type Callback,
	type Endpoints,
	type FrontendGrant,
} from './authorization';
import { endpointFields, type ApiHost, type Application } from './credential/application';
import { invalidCredential } from './credentialFields';
import { deviceInWords, isAddress, type Device } from './device';
import { OpenGatewayError } from './errors';
import { ExpiringCache } from './expiringCache';
import { isSuccess, jsonRequest, type Send, type Transport } from './http';
import type { ApiDialect, Operator } from './operators';
import { requireDevice } from './operators/camara';
import { otherDeviceErrors } from './operators/sharedErrors';
import { refusalError, refusalInAnswer } from './refusal';
import { allSent } from './sent';

/** Access, and when it was asked for (ms since the epoch). */
type ObtainedAccess = Access & { readonly obtainedAt: number };

/** Access by application, scope and device; without a device if it speaks for the application. */
const accessTokens = new ExpiringCache<ObtainedAccess>(10_000);

/** How long access is cached at most (ms), however long the server lets it live. */
const MAX_LIFETIME = 3_600_000;

/**
 * Asks an operator about a device, with access for that device, which is cached. Access for whoever
 * is behind an address is not: the address may be another subscriber's the next time.
 * @throws {OpenGatewayError}
 */
export async function ask<Answer>(
	api: Api<Answer, ApiName>,
	application: Application,
	device: Device,
	transport: Transport,
): Promise<Answer> {
	const grant = backendGrant(application);
	const dialect = dialectOf(api, application.operator);
	// A device that cannot be identified is refused before the first request.
	dialect.request(application.baseUrl, device, grant.subject);
	grant.loginHint?.(device);
	return await withAccess(application, device, dialect, transport, async (access, correlator) =>
		request(api, application, device, access, transport, correlator),
	);
}

/**
 * Sends a request with access for a device. The access is cached; if it is refused, it is obtained
 * anew, once if it is of an earlier run.
 * @param device may be absent if access is that of the application
 * @param dialect of the API that access is needed for
 * @param use sends the request; the correlator is that of all requests that it takes
 * @throws {OpenGatewayError}
 */
export async function withAccess<Outcome>(
	application: Application,
	device: Device | undefined,
	dialect: Pick<ApiDialect, 'scope'>,
	transport: Transport,
	use: (access: Access, correlator: string) => Promise<Outcome>,
): Promise<Outcome> {
	const grant = backendGrant(application);
	const scope = application.scope(dialect);
	const correlator = randomUUID();
	const isOfSubscriber = grant.subject === 'subscriber';
	const key = JSON.stringify([application.fingerprint, scope, isOfSubscriber ? device : null]);
	const obtain = async (): Promise<ObtainedAccess> => {
		const obtainedAt = Date.now();
		const server = await authorizationServer(application, transport, correlator);
		const access =
			grant.subject === 'application'
				? await grant.obtain(device, scope, server)
				: await grant.obtain(requireDevice(device), scope, server);
		const { expiresAt = 0 } = access;
		return { ...access, obtainedAt, expiresAt: Math.min(expiresAt, obtainedAt + MAX_LIFETIME) };
	};
	const isPassing = isOfSubscriber && device !== undefined && isAddress(device);
	for (let attempt = 0; ; attempt++) {
		const { value: access, isCached } = isPassing
			? { value: await obtain(), isCached: false }
			: await accessTokens.get(key, obtain);
		const outcome = await use(access, correlator).then(
			(answer) => ({ answer }),
			(error: unknown) => {
				if (isOfToken(error, access.obtainedAt < transport.startedAt)) {
					accessTokens.forget(key, access);
					if (isCached && attempt === 0) return undefined;
				}
				throw error;
			},
		);
		if (outcome) return outcome.answer;
	}
}

/**
 * Asks an operator about the device that came back from an authorization URL.
 * @returns `device`: `null` if only the operator knows it; `reference`: as given to the URL
 * @throws {OpenGatewayError} `INVALID_CALLBACK`, `EXPIRED_CALLBACK`, `OTHER_BROWSER`, `USED_CALLBACK`,
 * or an operator's code
 */
export async function askAfterCallback<Answer>(
	api: Api<Answer, ApiName>,
	application: Application,
	callback: Callback,
	transport: Transport,
): Promise<{ device: Device | null; answer: Answer; reference: string | null }> {
	// Fails before the code is redeemed, which can be done only once.
	dialectOf(api, application.operator);
	const correlator = randomUUID();
	const server = await authorizationServer(application, transport, correlator);
	const redeemed = await frontendGrant(application).redeem(callback, server);
	const { access, device, reference = null } = redeemed;
	const answer = await request(api, application, device, access, transport, correlator);
	// An operator of CAMARA may ignore the login hint: then the token may be for another device.
	const isVerified = application.operator.verifiesDevice && device !== undefined;
	return { device: isVerified ? device : null, answer, reference };
}

/**
 * Asks an operator about the device whose owner signed in.
 * @param device that device, for an operator that requires it to be identified
 * @param transport adds the access of the signed-in device to each request
 * @throws {OpenGatewayError}
 */
export async function askSignedIn<Answer>(
	api: Api<Answer, ApiName>,
	host: ApiHost,
	device: Device | undefined,
	transport: Pick<Transport, 'send' | 'setAside'>,
): Promise<Answer> {
	const access: Access = { headers: {}, subject: 'subscriber' };
	const { operator } = host;
	const errors = device ? { ...operator.errors, ...otherDeviceErrors } : operator.errors;
	const asked = { ...host, operator: { ...operator, errors } };
	return await request(api, asked, device, access, transport, randomUUID());
}

/**
 * Creates the URL that the phone opens to be recognised by its operator.
 * @throws {OpenGatewayError}
 */
export async function createAuthorizationUrl(
	api: Api<unknown, ApiName>,
	application: Application,
	request: AuthorizationRequest,
	transport: Transport,
): Promise<AuthorizationUrl> {
	const grant = frontendGrant(application);
	const { operator, baseUrl } = application;
	const dialect = dialectOf(api, operator);
	// Fails before the redirect, not after it, if the later request could not be built.
	dialect.request(baseUrl, request.device, 'subscriber');
	// Unless a later request names the device to an operator that verifies it, the hint has to.
	if (request.device && !operator.verifiesDevice) loginHint(request.device);
	const server = await authorizationServer(application, transport, randomUUID());
	return await grant.authorizationUrl(request, application.scope(dialect), server);
}

/**
 * Sends an API request with access.
 * @throws {OpenGatewayError}
 */
export async function request<Answer>(
	api: Api<Answer, ApiName>,
	{ operator, baseUrl, purpose }: ApiHost,
	device: Device | undefined,
	access: Access,
	{ send, setAside }: Pick<Transport, 'send' | 'setAside'>,
	correlator: string,
): Promise<Answer> {
	const dialect = dialectOf(api, operator);
	const { headers, ...rest } = dialect.request(baseUrl, device, access.subject, purpose);
	const outgoing = jsonRequest(rest, { ...headers, ...access.headers }, correlator);
	const answered = await send(() => outgoing);
	const response = { ...answered, sent: allSent(access.sent, answered.sent) };
	const about = deviceInWords(device);
	if (!isSuccess(response)) throw refusalError(response, operator.errors, about);
	const answer = dialect.answer ? { ...response, json: dialect.answer(response.json) } : response;
	const read = async () => api.read(answer, setAside);
	// A response that can be read is an answer, whatever else it holds.
	return await read().catch((error: unknown) => {
		throw (isUnexpected(error) && refusalInAnswer(answer, operator.errors, about)) || error;
	});
}

export function dialectOf(
	{ name, displayName }: Api<unknown, ApiName>,
	operator: Operator,
): ApiDialect {
	const dialect = operator.apis[name];
	if (dialect) return dialect;
	throw new OpenGatewayError(`${operator.displayName} does not offer ${displayName}.`, {
		remedy: 'Select another operation, or a credential of another operator.',
		code: 'UNSUPPORTED_API',
	});
}

/**
 * Whether another token may be accepted. A token of an earlier run may have been revoked, or consent
 * may have been given since. One of this run may not have been; a token of the application serves
 * its other devices.
 */
function isOfToken(error: unknown, isFromEarlierRun: boolean): boolean {
	if (!(error instanceof OpenGatewayError)) return false;
	const { status, code } = error.context;
	if (status === 401) return true;
	if (!isFromEarlierRun || code === 'QUOTA_EXCEEDED') return false;
	return status === 403 || OF_TOKEN.includes(code);
}

/** Codes that say so of a token, whatever the HTTP status. */
const OF_TOKEN = ['UNAUTHENTICATED', 'UNAUTHORIZED', 'AUTHENTICATION_REQUIRED', 'invalid_token'];

function isUnexpected(error: unknown): boolean {
	return error instanceof OpenGatewayError && error.context.code === 'UNEXPECTED_ANSWER';
}

export function backendGrant({ grant }: Application): BackendGrant {
	if (grant.flow === 'backend') return grant;
	throw invalidCredential(
		'With the frontend flow, only the phone itself can authorize the check.',
		"Send the phone to an authorization URL ('Resource' Authorization), and select Authorization Callback in 'Identify Device By'. Or select another 'Grant Type' in the credential.",
	);
}

function frontendGrant({ grant }: Application): FrontendGrant {
	if (grant.flow === 'frontend') return grant;
	throw invalidCredential(
		"The credential's 'Grant Type' is not the frontend flow.",
		"Select Frontend Flow (Authorization Code) as 'Grant Type', or create a second credential with it.",
	);
}

/** How long a discovery document is cached (ms). */
const DISCOVERY_LIFETIME = 600_000;

const discovered = new ExpiringCache<{
	readonly endpoints: Endpoints;
	readonly expiresAt: number;
}>(1000);

/**
 * The authorization server of an application.
 * @param correlator of all requests that one answer takes
 */
export async function authorizationServer(
	application: Application,
	transport: Transport,
	correlator: string,
): Promise<AuthorizationServer> {
	const endpoints = await endpointsOf(application, transport.send, correlator);
	const endpoint = (name: keyof Endpoints): string => {
		const url = endpoints[name];
		if (url !== undefined) return url;
		throw invalidCredential(
			`The operator publishes no ${endpointFields[name].name} at the Discovery URL, or none to which a secret may be sent.`,
			"Select another 'Grant Type' in the credential, or leave 'Discovery URL' empty and enter the URLs.",
		);
	};
	const send: Send = async (request) => {
		const response = await transport.send(request);
		return { ...response, field: fieldOf(application, response.url) };
	};
	return { ...transport, send, correlator, endpoint };
}

/** The field of the credential that an address of the authorization server comes from. */
export function fieldOf({ endpoints, operator, baseUrl }: Application, url: string): string {
	if ('discoveryUrl' in endpoints) return 'Discovery URL';
	if (operator.endpoints) {
		const isOfBaseUrl = operator.endpoints(baseUrl).token === endpoints.token;
		return isOfBaseUrl ? 'Base URL' : 'Authorization Base URL';
	}
	const names = Object.keys(endpoints) as (keyof Endpoints)[];
	const asked = names.find((name) => endpoints[name]?.split('?')[0] === url.split('?')[0]);
	return endpointFields[asked ?? 'token'].name;
}

async function endpointsOf(
	{ endpoints }: Application,
	send: Send,
	correlator: string,
): Promise<Endpoints> {
	if (!('discoveryUrl' in endpoints)) return endpoints;
	const { value } = await discovered.get(endpoints.discoveryUrl, async () => ({
		endpoints: await discover(endpoints.discoveryUrl, send, correlator),
		expiresAt: Date.now() + DISCOVERY_LIFETIME,
	}));
	return value.endpoints;
}
