import { maskedDevice, parseIpv4Address, type Device } from '../device';
import { OpenGatewayError } from '../errors';
import { asObject, formRequest, unexpectedAnswer } from '../http';
import { readAccessToken, type AccessToken, type AuthorizationServer, type Grant } from './grant';
import { loginHint } from './loginHint';
import { authorizationError, authorizationErrorFor } from './authorizationErrors';

/** Seconds between polls where the server does not say (CIBA core section 7.3). */
const DEFAULT_INTERVAL = 5;
/** Seconds by which each `slow_down` lengthens the interval (CIBA core section 11). */
const SLOW_DOWN = 5;
/** Seconds an authentication request is polled for where the server does not say how long. */
const DEFAULT_EXPIRES_IN = 300;

interface AuthenticationRequest {
	readonly id: string;
	/** Seconds. */
	readonly expiresIn: number;
	/** Seconds. */
	readonly interval: number;
}

/** An address of TEST-NET-1 (RFC 5737), which belongs to nobody. */
const NOBODY = { ipv4Address: { publicAddress: parseIpv4Address('192.0.2.1') } };
/** Refusals of a line, not of the client: whoever gets one is a client in good standing. */
const REFUSALS_OF_A_LINE = ['unknown_user_id', 'access_denied', 'consent_required'];

/**
 * OpenID Connect Client-Initiated Backchannel Authentication, poll mode (CIBA core 1.0): the
 * operator recognises the line by its login hint; its owner is not asked anything on the way.
 */
export const ciba: Grant = {
	async obtain(device, scope, server) {
		return await poll(await authenticate(device, scope, server), device, server);
	},
	async probe(scope, server) {
		await authenticate(NOBODY, scope, server).catch((error: unknown) => {
			if (!(error instanceof OpenGatewayError && REFUSALS_OF_A_LINE.includes(error.context.code))) {
				throw error;
			}
		});
	},
};

/** Authentication request and its acknowledgement (CIBA core sections 7.1 and 7.3). */
async function authenticate(
	device: Device,
	scope: string,
	{ endpoints, send, correlator }: AuthorizationServer,
): Promise<AuthenticationRequest> {
	const form = { login_hint: loginHint(device), scope };
	const answer = await send(formRequest(endpoints.backchannelAuthentication, form, correlator));
	if (answer.status !== 200) throw authorizationError(answer, maskedDevice(device));

	const { auth_req_id: id, expires_in: expiresIn, interval } = asObject(answer.json);
	if (typeof id !== 'string' || id === '') {
		throw unexpectedAnswer(answer, 'it holds no auth_req_id');
	}
	return {
		id,
		expiresIn: isPositive(expiresIn) ? expiresIn : DEFAULT_EXPIRES_IN,
		interval: isPositive(interval) ? interval : DEFAULT_INTERVAL,
	};
}

/** Token requests until there is a token or a final refusal (CIBA core sections 10.1 and 11). */
async function poll(
	{ id, expiresIn, interval }: AuthenticationRequest,
	device: Device,
	{ endpoints, send, wait, correlator }: AuthorizationServer,
): Promise<AccessToken> {
	const expiresAt = Date.now() + expiresIn * 1000;
	const form = { grant_type: 'urn:openid:params:grant-type:ciba', auth_req_id: id };
	for (;;) {
		const answer = await send(formRequest(endpoints.token, form, correlator));
		if (answer.status === 200) return readAccessToken(answer);

		const { error } = asObject(answer.json);
		if (error === 'slow_down') interval += SLOW_DOWN;
		else if (error !== 'authorization_pending') {
			throw authorizationError(answer, maskedDevice(device));
		}
		if (Date.now() + interval * 1000 >= expiresAt) {
			throw authorizationErrorFor('expired_token', answer, maskedDevice(device));
		}
		await wait(interval * 1000);
	}
}

function isPositive(value: unknown): value is number {
	return typeof value === 'number' && Number.isFinite(value) && value > 0;
}
