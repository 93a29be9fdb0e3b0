import { randomUUID } from 'crypto';
import { carriedParts, deviceInWords, type Device } from '../device';
import { formRequest } from '../http';
import { jwtBearerErrors } from './authorizationErrors';
import {
	readTokenResponse,
	type Access,
	type AuthorizationServer,
	type BackendGrant,
} from './grant';
import { signedJwt, type SigningKey } from './signingKey';
import { ignoringDeviceRefusals, TEST_PHONE } from './testDevice';

/**
 * JWT Bearer (RFC 7523 section 2.1, in the form of CAMARA's profile, "JWT Bearer Flow"): the
 * application names the subscriber in a signed assertion, which authenticates the application, too.
 */
export const jwtBearer = (client: { id: string; key: SigningKey }): BackendGrant => {
	async function obtain(
		device: Device,
		scope: string,
		server: AuthorizationServer,
	): Promise<Access> {
		const endpoint = server.endpoint('token');
		const claims = { iss: client.id, sub: subjectOf(device), aud: endpoint, scope };
		const response = await server.send(() => {
			const form = {
				grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
				assertion: signedJwt({ ...claims, jti: randomUUID() }, client.key),
			};
			return formRequest(endpoint, form, {}, server.correlator);
		});
		return readTokenResponse(response, 'subscriber', deviceInWords(device), jwtBearerErrors);
	}
	return {
		flow: 'backend',
		subject: 'subscriber',
		loginHint: subjectOf,
		obtain,
		probe: async (scope, server) => await ignoringDeviceRefusals(obtain(TEST_PHONE, scope, server)),
	};
};

/**
 * A login hint; of its forms, `sub` has only this one.
 * @throws {OpenGatewayError} `UNSUPPORTED_DEVICE`
 */
function subjectOf(device: Device): string {
	const subject = { phoneNumber: (phoneNumber: string) => `tel:${phoneNumber}` };
	return carriedParts(device, subject, 'JWT Bearer').join('');
}
