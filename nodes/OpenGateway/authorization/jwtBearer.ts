import { randomUUID } from 'crypto';
import { deviceInWords, parsePhoneNumber, type Device } from '../device';
import { OpenGatewayError } from '../errors';
import { authorizationError } from './authorizationErrors';
import { formRequest } from '../http';
import {
	readTokenResponse,
	type Access,
	type AuthorizationServer,
	type BackendGrant,
} from './grant';
import { ignoringDeviceRefusals } from './testDevice';
import { signedJwt, type SigningKey } from './signingKey';

/** A country code that is assigned to none (ITU-T E.164, list of assigned country codes). */
const TEST_PHONE = { phoneNumber: parsePhoneNumber('+99999999999') };

/**
 * JWT Bearer (RFC 7523 section 2.1, in the form of CAMARA's profile, "JWT Bearer Flow"): the
 * application vouches for the line with one signed assertion, which authenticates it, too.
 */
export const jwtBearer = (client: { id: string; key: SigningKey }): BackendGrant => {
	async function obtain(
		device: Device,
		scope: string,
		{ endpoints, send, correlator }: AuthorizationServer,
	): Promise<Access> {
		const claims = { iss: client.id, sub: subjectOf(device), aud: endpoints.token, scope };
		const answer = await send(() => {
			const form = {
				grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
				assertion: signedJwt({ ...claims, jti: randomUUID() }, client.key),
			};
			return formRequest(endpoints.token, form, {}, correlator);
		});
		if (answer.status !== 200) throw authorizationError(answer, deviceInWords(device));
		return readTokenResponse(answer, 'line');
	}
	return {
		flow: 'backend',
		subject: 'line',
		obtain,
		probe: async (scope, server) => await ignoringDeviceRefusals(obtain(TEST_PHONE, scope, server)),
	};
};

/** @throws {OpenGatewayError} `UNSUPPORTED_DEVICE` */
function subjectOf(device: Device): string {
	if ('phoneNumber' in device) return `tel:${device.phoneNumber}`;
	throw new OpenGatewayError('JWT Bearer can name a line only by its phone number.', {
		remedy:
			'Identify the device by its phone number, or choose another Grant Type in the credential.',
		code: 'UNSUPPORTED_DEVICE',
	});
}
