import type { Device } from '../device';
import { OpenGatewayError } from '../errors';
import type { Operator } from './operator';
import { camaraErrors } from './sharedErrors';

/** Any operator or aggregator of CAMARA Device Roaming Status v1 (1.0 and 1.1). */
export const camara: Operator = {
	displayName: 'Other Operator (CAMARA)',
	description: 'Any operator or aggregator of CAMARA Device Roaming Status v1',
	grants: {
		ciba: ['privateKeyJwt', 'clientSecretBasic', 'clientSecretPost'],
		jwtBearer: [],
		authorizationCode: ['privateKeyJwt', 'clientSecretBasic', 'clientSecretPost'],
		clientCredentials: ['privateKeyJwt', 'clientSecretBasic', 'clientSecretPost'],
		accessToken: [],
	},
	verifiesDevice: false,
	// CAMARA Security and Interoperability Profile, "Refresh Token Issuance".
	refreshScope: 'offline_access',
	apis: {
		roamingStatus: {
			scope: (purpose, openId) =>
				`${openId ? 'openid ' : ''}dpv:${purpose} device-roaming-status:read`,
			request: (baseUrl, device, subject) => ({
				url: `${baseUrl}/device-roaming-status/v1/retrieve`,
				json: subject === 'subscriber' ? {} : { device: requireIdentifiableDevice(device) },
			}),
		},
	},
	errors: camaraErrors,
};

/**
 * `Device`, which a request with a 2-legged token must hold and one with a 3-legged token must not
 * (Device Roaming Status, "Identifying the device from the access token").
 * @throws {OpenGatewayError} `UNSUPPORTED_DEVICE`
 */
export function requireIdentifiableDevice(device: Device | undefined): Device {
	if (device === undefined) {
		throw new OpenGatewayError('The device is not identified.', {
			remedy: "Identify it in 'Identify Device By', for example by its phone number.",
			code: 'UNSUPPORTED_DEVICE',
		});
	}
	if ('ipv4Address' in device) {
		const { publicPort, privateAddress } = device.ipv4Address;
		if (publicPort === undefined && privateAddress === undefined) {
			throw new OpenGatewayError(
				'The operator cannot identify a device by an IPv4 address alone.',
				{
					remedy:
						"Select IPv4 Address in 'Identify Device By', and fill in 'Port' or 'Private Address', too.",
					code: 'UNSUPPORTED_DEVICE',
				},
			);
		}
	}
	return device;
}
