import { randomUUID } from 'crypto';
import { deviceInWords, type Device } from '../device';
import { OpenGatewayError } from '../errors';
import {
	hasUnknownOutcome,
	isSuccess,
	REJECTED_UNPROCESSED,
	type Backoff,
	type HttpResponse,
} from '../http';
import { asObject } from '../json';
import { isQuotaExceeded, pendingCode, readRefusal } from '../refusal';
import {
	authorizationError,
	authorizationErrorFor,
	authorizationErrors,
	missingInAnswer,
} from './authorizationErrors';
import type { Client } from './client';
import {
	clientRequest,
	readTokenResponse,
	tokenRequest,
	type Access,
	type AuthorizationServer,
	type BackendGrant,
} from './grant';
import { loginHint } from './loginHint';
import { TEST_DEVICE, TEST_PHONE } from './testDevice';

const GRANT_TYPE = 'urn:openid:params:grant-type:ciba';
/** Seconds between polls if the server does not say (CIBA core section 7.3). */
const DEFAULT_INTERVAL = 5;
/** Seconds; the server counts in whole ones (CIBA core section 7.3). */
const MIN_INTERVAL = 1;
/** Seconds that each `slow_down` adds to the interval (CIBA core section 11). */
const SLOW_DOWN = 5;
/** Seconds that an authentication request is polled for if the server does not say how long. */
const DEFAULT_EXPIRES_IN = 300;
/** Seconds. */
const MAX_EXPIRES_IN = 3600;

/** CIBA core section 7.3. */
interface BackchannelAuthenticationResponse {
	/** `auth_req_id`. */
	readonly id: string;
	/** Seconds. */
	readonly expiresIn: number;
	/** Seconds. */
	readonly interval: number;
}

/**
 * OpenID Connect Client-Initiated Backchannel Authentication, poll mode (CIBA core 1.0): the
 * operator recognises the subscriber by a login hint, and does not interact with the device.
 */
export const ciba = (client: Client): BackendGrant => ({
	flow: 'backend',
	subject: 'subscriber',
	loginHint,
	async obtain(device, scope, server) {
		const backoff = server.backoff();
		let hasFailed = false;
		for (;;) {
			const authentication = await authenticate(device, scope, client, server);
			const access = await poll(authentication, device, client, server, backoff).catch(
				async (error: unknown) => {
					if (!(error instanceof OpenGatewayError)) throw error;
					const { code, status } = error.context;
					const isInternal = status === 500;
					// The server may have processed the poll, and would refuse a second one.
					const isLost = hasUnknownOutcome(error) || (isInternal && !hasFailed);
					hasFailed ||= isInternal;
					const reason = status === undefined ? code : `HTTP ${status}`;
					if (isLost && (await backoff.next(reason))) return undefined;
					throw error;
				},
			);
			if (access) return access;
		}
	},
	trials: [
		{
			endpoint: 'token',
			requests: [async (_scope, server) => await pollUnknown(client, server)],
		},
		{
			endpoint: 'backchannelAuthentication',
			requests: [
				async (scope, server) => await authenticate(TEST_DEVICE, scope, client, server),
				// Some servers know devices by numbers alone.
				async (scope, server) => await authenticate(TEST_PHONE, scope, client, server),
			],
		},
	],
});

/** Performs a Backchannel Authentication Request (CIBA core sections 7.1 and 7.3). */
async function authenticate(
	device: Device,
	scope: string,
	client: Client,
	server: AuthorizationServer,
): Promise<BackchannelAuthenticationResponse> {
	const form = { login_hint: loginHint(device), scope };
	const endpoint = server.endpoint('backchannelAuthentication');
	const response = await server.send(() =>
		clientRequest(endpoint, form, client, server.correlator),
	);
	const about = deviceInWords(device);
	if (!isSuccess(response)) throw authorizationError(response, about, client.errors);

	const { auth_req_id: id, expires_in: expiresIn, interval } = asObject(response.json);
	if (typeof id !== 'string' || id === '') {
		throw missingInAnswer(response, 'it holds no auth_req_id', about, client.errors);
	}
	return {
		id,
		expiresIn: Math.min(seconds(expiresIn) ?? DEFAULT_EXPIRES_IN, MAX_EXPIRES_IN),
		interval: Math.max(seconds(interval) ?? DEFAULT_INTERVAL, MIN_INTERVAL),
	};
}

/**
 * Performs token requests until there is a token or a final refusal (CIBA core sections 10.1 and
 * 11). Each comes no sooner after the last response than the interval, nor than `Retry-After`.
 * @param backoff how often a server is tolerated that has no time for a poll
 */
async function poll(
	{ id, expiresIn, interval }: BackchannelAuthenticationResponse,
	device: Device,
	client: Client,
	server: AuthorizationServer,
	backoff: Backoff,
): Promise<Access> {
	const about = deviceInWords(device);
	const expiresAt = Date.now() + expiresIn * 1000;
	const form = { grant_type: GRANT_TYPE, auth_req_id: id };
	for (;;) {
		const response = await server.send(() => ({
			...clientRequest(server.endpoint('token'), form, client, server.correlator),
			idempotent: false,
			isPoll: true,
		}));
		// Servers send the codes with HTTP 400, 403, 428, 429 and even 200.
		const pending = pendingCode(response);
		if (pending === 'slow_down') interval += SLOW_DOWN;
		if (!pending && !isBusy(response)) {
			return readTokenResponse(response, 'subscriber', about, client.errors);
		}
		const wait = Math.max(interval * 1000, response.retryAfter ?? 0);
		const isExpired = Date.now() + wait >= expiresAt;
		if (!pending) {
			if (!isExpired && (await backoff.next(`HTTP ${response.status}`, wait))) continue;
			throw authorizationError(response, about, client.errors);
		}
		if (isExpired) {
			throw authorizationErrorFor('expired_token', response, about);
		}
		await server.wait(wait);
	}
}

/** Polls for an authentication request that was never made, which is an `invalid_grant` (CIBA core section 11). */
async function pollUnknown(client: Client, server: AuthorizationServer): Promise<Access> {
	const form = { grant_type: GRANT_TYPE, auth_req_id: randomUUID() };
	const context = { device: deviceInWords(undefined), subject: 'subscriber' } as const;
	return await tokenRequest(form, client, context, server);
}

/** Whether the server, or a gateway before it, rejected a poll unprocessed, without an end of its flow. */
function isBusy(response: HttpResponse): boolean {
	if (!REJECTED_UNPROCESSED.includes(response.status) || isQuotaExceeded(response)) return false;
	const { code = 'temporarily_unavailable' } = readRefusal(response, authorizationErrors);
	return code === 'temporarily_unavailable' || !Object.hasOwn(authorizationErrors, code);
}

/** @returns `undefined` for what is no positive number; some servers send one as text */
function seconds(value: unknown): number | undefined {
	const read = typeof value === 'string' ? Number(value) : value;
	return typeof read === 'number' && Number.isFinite(read) && read > 0 ? read : undefined;
}
