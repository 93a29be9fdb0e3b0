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
import { signedJwt, unregisteredKey, type SigningKey } from './signingKey';
import { TEST_PHONE } from './testDevice';

/**
 * JWT Bearer (RFC 7523 section 2.1, in the form of CAMARA's profile, "JWT Bearer Flow"): the
 * application names the subscriber in a signed assertion, which authenticates the application, too.
 */
export const jwtBearer = (client: { id: string; key: SigningKey }): BackendGrant => {
	async function obtain(
		device: Device,
		scope: string,
		server: AuthorizationServer,
		key = client.key,
	): Promise<Access> {
		const endpoint = server.endpoint('token');
		const claims = { iss: client.id, sub: subjectOf(device), aud: endpoint, scope };
		const response = await server.send(() => {
			const form = {
				grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
				assertion: signedJwt({ ...claims, jti: randomUUID() }, key),
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
		trials: [
			{
				endpoint: 'token',
				requests: [async (scope, server) => await obtain(TEST_PHONE, scope, server)],
				// `invalid_grant` may mean the phone number or the signature.
				byStranger: async (scope, server) =>
					await obtain(TEST_PHONE, scope, server, await unregisteredKey(client.key)),
			},
		],
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
