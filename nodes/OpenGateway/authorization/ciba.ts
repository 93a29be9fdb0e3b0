import { deviceInWords, type Device } from '../device';
import { asObject, hasUnknownOutcome, unexpectedResponse } from '../http';
import { authorizationError, authorizationErrorFor } from './authorizationErrors';
import type { Client } from './client';
import {
	clientRequest,
	readTokenResponse,
	type Access,
	type AuthorizationServer,
	type BackendGrant,
} from './grant';
import { loginHint } from './loginHint';
import { ignoringDeviceRefusals, TEST_DEVICE } from './testDevice';

/** Seconds between polls where the server does not say (CIBA core section 7.3). */
const DEFAULT_INTERVAL = 5;
/** Seconds by which each `slow_down` lengthens the interval (CIBA core section 11). */
const SLOW_DOWN = 5;
/** Seconds an authentication request is polled for where the server does not say how long. */
const DEFAULT_EXPIRES_IN = 300;
/** Seconds, whatever the server says: it counts in whole ones (CIBA core section 7.3), */
const SHORTEST_INTERVAL = 1;
/** and nobody waits longer for an answer. */
const LONGEST_EXPIRES_IN = 3600;

interface BackchannelAuthenticationResponse {
	readonly id: string;
	/** Seconds. */
	readonly expiresIn: number;
	/** Seconds. */
	readonly interval: number;
}

/**
 * OpenID Connect Client-Initiated Backchannel Authentication, poll mode (CIBA core 1.0): the
 * operator recognises the line by its login hint; its owner is not asked anything on the way.
 */
export const ciba = (client: Client): BackendGrant => ({
	flow: 'backend',
	subject: 'line',
	async obtain(device, scope, server) {
		const tries = server.backoff();
		for (;;) {
			const request = await authenticate(device, scope, client, server);
			const access = await poll(request, device, client, server).catch(async (error: unknown) => {
				// The server may have taken it, and a second answer to it will not come.
				if (hasUnknownOutcome(error) && (await tries.next())) return undefined;
				throw error;
			});
			if (access) return access;
		}
	},
	async probe(scope, server) {
		await ignoringDeviceRefusals(authenticate(TEST_DEVICE, scope, client, server));
	},
});

/** Authentication request and its acknowledgement (CIBA core sections 7.1 and 7.3). */
async function authenticate(
	device: Device,
	scope: string,
	client: Client,
	{ endpoints, send, correlator }: AuthorizationServer,
): Promise<BackchannelAuthenticationResponse> {
	const form = { login_hint: loginHint(device), scope };
	const answer = await send(() =>
		clientRequest(endpoints.backchannelAuthentication, form, client, correlator),
	);
	if (answer.status !== 200) throw authorizationError(answer, deviceInWords(device));

	const { auth_req_id: id, expires_in: expiresIn, interval } = asObject(answer.json);
	if (typeof id !== 'string' || id === '') {
		throw unexpectedResponse(answer, 'it holds no auth_req_id');
	}
	return {
		id,
		expiresIn: Math.min(isPositive(expiresIn) ? expiresIn : DEFAULT_EXPIRES_IN, LONGEST_EXPIRES_IN),
		interval: Math.max(isPositive(interval) ? interval : DEFAULT_INTERVAL, SHORTEST_INTERVAL),
	};
}

/** Token requests until there is a token or a final refusal (CIBA core sections 10.1 and 11). */
async function poll(
	{ id, expiresIn, interval }: BackchannelAuthenticationResponse,
	device: Device,
	client: Client,
	{ endpoints, send, wait, correlator }: AuthorizationServer,
): Promise<Access> {
	const expiresAt = Date.now() + expiresIn * 1000;
	const form = { grant_type: 'urn:openid:params:grant-type:ciba', auth_req_id: id };
	for (;;) {
		const answer = await send(() => ({
			...clientRequest(endpoints.token, form, client, correlator),
			idempotent: false,
		}));
		if (answer.status === 200) return readTokenResponse(answer, 'line');

		const { error } = asObject(answer.json);
		if (error === 'slow_down') interval += SLOW_DOWN;
		else if (error !== 'authorization_pending') {
			throw authorizationError(answer, deviceInWords(device));
		}
		if (Date.now() + interval * 1000 >= expiresAt) {
			throw authorizationErrorFor('expired_token', answer, deviceInWords(device));
		}
		await wait(interval * 1000);
	}
}

function isPositive(value: unknown): value is number {
	return typeof value === 'number' && Number.isFinite(value) && value > 0;
}
