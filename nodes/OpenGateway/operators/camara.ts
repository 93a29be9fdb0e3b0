import type { Device } from '../device';
import { OpenGatewayError, type ErrorText } from '../errors';
import { readError, type Operator } from './operator';
import { internalError, invalidRequest, notFound, tokenRefused, unavailable } from './sharedErrors';

/** Error codes of CAMARA Commonalities that the APIs of the device status family define. */
export const camaraErrors: Readonly<Record<string, ErrorText>> = {
	INVALID_ARGUMENT: invalidRequest,
	UNAUTHENTICATED: tokenRefused,
	PERMISSION_DENIED: {
		happened: 'The application may not ask about {device}.',
		nextMove: 'registration',
		remedy:
			'Check in the operator’s developer portal that the application is registered for this API with this purpose. If it is, the phone’s owner may have withdrawn the consent that the operator asks for.',
	},
	NOT_FOUND: notFound,
	IDENTIFIER_NOT_FOUND: notFound,
	SERVICE_NOT_APPLICABLE: {
		happened: 'The operator does not offer this check for {device}.',
		nextMove: 'operator',
		remedy:
			'Ask the operator which devices it offers the check for. For this one there will be no answer.',
	},
	MISSING_IDENTIFIER: {
		happened: 'The operator cannot tell from the access token which device is meant.',
		nextMove: 'operator',
		remedy:
			"The operator issued a token that is for no device: give the correlator to its support. If its contract names Client Credentials, select them as 'Grant Type' in the credential.",
	},
	UNSUPPORTED_IDENTIFIER: {
		happened: 'The operator does not support this kind of identifier.',
		nextMove: 'you',
		remedy: "Select Phone Number in 'Identify Device By', if you can.",
	},
	UNNECESSARY_IDENTIFIER: {
		happened: 'The access token is for one device already, and no device may be named beside it.',
		nextMove: 'you',
		remedy:
			"A token of one device cannot be used as 'Access Token' or with Client Credentials: select another 'Grant Type' in the credential, or use an OAuth2 credential for that phone.",
	},
	QUOTA_EXCEEDED: {
		happened: 'The application has used up the quota of its contract with the operator.',
		nextMove: 'registration',
		remedy: 'Send fewer requests, or have the quota raised in the operator’s developer portal.',
	},
	TOO_MANY_REQUESTS: {
		happened: 'The operator received too many requests at once.',
		nextMove: 'you',
		remedy: 'Try again later, with fewer devices at once.',
	},
	INTERNAL: internalError,
	UNAVAILABLE: unavailable,
};

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
	readError,
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
