import { randomUUID } from 'crypto';
import {
	discover,
	ignoringDeviceRefusals,
	TEST_DEVICE,
	type Access,
	type AuthorizationRequest,
	type AuthorizationServer,
	type AuthorizationUrl,
	type BackendGrant,
	type Callback,
	type Endpoints,
	type FrontendGrant,
} from './authorization';
import { invalidCredential } from './credentialFields';
import { deviceInWords, type Device } from './device';
import { OpenGatewayError } from './errors';
import { ExpiringCache } from './expiringCache';
import {
	jsonRequest,
	serverError,
	unexpectedResponse,
	type HttpResponse,
	type ErrorText,
	type Send,
} from './http';
import { readRoamingStatus, type RoamingStatus } from './apis/roamingStatus';
import { endpointFields, type Application, type ApiHost } from './credential/application';
import type { Transport } from './transport/host';

/** Access tokens, each for one application, scope and line, or for an application and all lines. */
const accessTokens = new ExpiringCache<Access>(10_000);

/**
 * Asks the operator whether one device is roaming, with access obtained for that device alone, which
 * is kept for the next time.
 * @throws {OpenGatewayError}
 */
export async function checkRoaming(
	application: Application,
	device: Device,
	host: Transport,
): Promise<RoamingStatus> {
	const grant = backend(application);
	const correlator = randomUUID();
	// What speaks for the application alone serves all lines.
	const key = JSON.stringify([application.fingerprint, grant.subject === 'line' ? device : null]);
	const obtain = async () => {
		const server = await authorizationServer(application, host, correlator);
		return await grant.obtain(device, application.scope, server);
	};
	const { value: access, isCached } = await accessTokens.get(key, obtain);
	const status = await ask(application, device, access, host.send, correlator).catch(
		(error: unknown) => {
			const isRefused = error instanceof OpenGatewayError && error.context.status === 401;
			if (isRefused) accessTokens.forget(key, access);
			if (isRefused && isCached) return undefined;
			throw error;
		},
	);
	if (status) return status;
	const { value: renewed } = await accessTokens.get(key, obtain);
	return await ask(application, device, renewed, host.send, correlator);
}

/** What the callback of an authorization URL brought, and the status of the line that opened it. */
export interface CallbackStatus extends RoamingStatus {
	/** `null` where only the operator knows which one it is. */
	device: Device | null;
	/** As it was given to the authorization URL. */
	reference: string | null;
}

/**
 * Asks about the line whose device came back from the authorization URL.
 * @throws {OpenGatewayError}
 */
export async function checkRoamingOfCallback(
	application: Application,
	callback: Callback,
	host: Transport,
): Promise<CallbackStatus> {
	const correlator = randomUUID();
	const server = await authorizationServer(application, host, correlator);
	const { access, device, reference } = await frontend(application).redeem(callback, server);
	const status = await ask(application, device, access, host.send, correlator);
	// CAMARA's operators may pass over the login hint: the token, not the hint, says which line it is.
	const confirmed = application.operator.verifiesDevice ? device : undefined;
	return { device: confirmed ?? null, ...status, reference: reference ?? null };
}

/**
 * Where the end user's device is to be sent.
 * @throws {OpenGatewayError}
 */
export async function createAuthorizationUrl(
	application: Application,
	request: AuthorizationRequest,
	host: Transport,
): Promise<AuthorizationUrl> {
	const { operator, baseUrl, scope } = application;
	const grant = frontend(application);
	// What the question will lack later is said now, before anybody is sent anywhere.
	operator.roamingRequest(baseUrl, request.device, 'line');
	const { endpoints } = await authorizationServer(application, host, randomUUID());
	return grant.authorizationUrl(request, scope, endpoints);
}

/**
 * Asks about the line whose owner signed in.
 * @param send brings the line's access with it
 * @param device the signed-in line, for an operator that wants it named
 * @throws {OpenGatewayError}
 */
export async function checkRoamingOfSignedIn(
	service: ApiHost,
	device: Device | undefined,
	send: Send,
): Promise<RoamingStatus> {
	return await ask(service, device, { headers: {}, subject: 'line' }, send, randomUUID());
}

/** Asks whether the application may use this API at all, without asking about anybody. */
export async function probe(application: Application, host: Transport): Promise<void> {
	const { grant, scope } = application;
	const correlator = randomUUID();
	const server = await authorizationServer(application, host, correlator);
	if (grant.probe) return await grant.probe(scope, server);
	const access = await backend(application).obtain(TEST_DEVICE, scope, server);
	await ignoringDeviceRefusals(ask(application, TEST_DEVICE, access, host.send, correlator));
}

async function ask(
	{ operator, baseUrl }: ApiHost,
	device: Device | undefined,
	access: Access,
	send: Send,
	correlator: string,
): Promise<RoamingStatus> {
	const { url, headers, body } = operator.roamingRequest(baseUrl, device, access.subject);
	const request = jsonRequest(url, body, { ...headers, ...access.headers }, correlator);
	const answer = await send(() => request);
	if (answer.status !== 200) throw refusal({ operator, baseUrl }, answer, device);
	return readRoamingStatus(answer);
}

function backend({ grant }: Application): BackendGrant {
	if (grant.flow === 'backend') return grant;
	throw invalidCredential(
		'With the frontend flow, only the line’s own device can authorize the check.',
		'Send the device to an authorization URL (Resource Authorization), and choose Authorization Code in the field Device From; or choose another Grant Type in the credential.',
	);
}

function frontend({ grant }: Application): FrontendGrant {
	if (grant.flow === 'frontend') return grant;
	throw invalidCredential(
		'The Grant Type of the credential is not for the frontend flow.',
		'Choose Frontend Flow (Authorization Code) in the credential, or make a second credential with it.',
	);
}

/** For so long, in ms, an operator's endpoints are taken to be where it published them. */
const PUBLICATION_LIFETIME = 600_000;

const published = new ExpiringCache<{ readonly endpoints: Endpoints; readonly expiresAt: number }>(
	1000,
);

/** The operator's authorization server, with a correlator for all that one question takes. */
async function authorizationServer(
	{ endpoints }: Application,
	{ send, wait, backoff }: Transport,
	correlator: string,
): Promise<AuthorizationServer> {
	const server = { send, wait, backoff, correlator };
	if (!('discoveryUrl' in endpoints)) return { ...server, endpoints: required(endpoints) };
	const { value } = await published.get(endpoints.discoveryUrl, async () => ({
		endpoints: await discover(endpoints.discoveryUrl, send, correlator),
		expiresAt: Date.now() + PUBLICATION_LIFETIME,
	}));
	return { ...server, endpoints: required(value.endpoints) };
}

/** The endpoints, of which one that is missing is only missed where it is used. */
function required(endpoints: Endpoints): Required<Endpoints> {
	const get = (name: keyof Endpoints): string => {
		const url = endpoints[name];
		if (url !== undefined) return url;
		throw invalidCredential(
			`The operator publishes no ${endpointFields[name].name} at the Discovery URL.`,
			'Choose another Grant Type in the credential, or leave the Discovery URL empty and enter the URLs.',
		);
	};
	return {
		get token() {
			return get('token');
		},
		get authorization() {
			return get('authorization');
		},
		get backchannelAuthentication() {
			return get('backchannelAuthentication');
		},
	};
}

function refusal(
	{ operator }: ApiHost,
	answer: HttpResponse,
	device: Device | undefined,
): OpenGatewayError {
	const error = operator.readError(answer);
	if (error === undefined) {
		return unexpectedResponse(answer, `HTTP ${answer.status} without an error code`);
	}
	const meaning = Object.hasOwn(operator.errors, error.code)
		? operator.errors[error.code]
		: undefined;
	return serverError(answer, meaning ?? unknownRefusal, { ...error, line: deviceInWords(device) });
}

const unknownRefusal: ErrorText = {
	happened: 'The operator refused to answer about {line}.',
	nextMove: 'operator',
	remedy: 'Look its error code up with the operator, or give the correlator to its support.',
};
