import type { Device } from '../device';
import { OpenGatewayError } from '../errors';
import type { ErrorText } from '../http';
import { internalError, unavailable } from './sharedErrors';
import { readError, type Operator } from './operator';

const notAllowed: ErrorText = {
	happened: 'The application may not ask about {line}.',
	nextMove: 'registration',
	remedy:
		'Check in the operator’s developer portal that the application is registered for Device Roaming Status with this purpose. If it is, the owner of the line may have withdrawn consent: the operator captures it, not this flow.',
};

const notFound: ErrorText = {
	happened: 'The operator does not know {line}.',
	nextMove: 'you',
	remedy: 'Check the identifier. Lines of other operators cannot be asked about here.',
};

/** Error codes of CAMARA Commonalities, as far as Device Roaming Status can answer them. */
export const camaraErrors: Readonly<Record<string, ErrorText>> = {
	INVALID_ARGUMENT: {
		happened: 'The operator cannot read the identifier of {line}.',
		nextMove: 'you',
		remedy: 'Check the device; if it is right, give the correlator to the operator’s support.',
	},
	UNAUTHENTICATED: {
		happened: 'The operator did not accept the access token for {line}.',
		nextMove: 'operator',
		remedy:
			'Try again; a fixed access token may have expired: ask for a new one. If it stays, give the correlator to the operator’s support.',
	},
	PERMISSION_DENIED: notAllowed,
	NOT_FOUND: notFound,
	IDENTIFIER_NOT_FOUND: notFound,
	SERVICE_NOT_APPLICABLE: {
		happened: 'The operator does not offer this check for {line}.',
		nextMove: 'operator',
		remedy: 'Ask the operator which lines it is offered for; this one will stay without an answer.',
	},
	MISSING_IDENTIFIER: {
		happened: 'The operator cannot tell from the access token which line is meant.',
		nextMove: 'operator',
		remedy:
			'The operator gave a token for no line where one was asked for: give the correlator to its support. If its contract names Client Credentials, choose those as Grant Type in the credential.',
	},
	UNSUPPORTED_IDENTIFIER: {
		happened: 'The operator does not know devices by this kind of identifier.',
		nextMove: 'you',
		remedy: 'Identify the device by its phone number, if you can.',
	},
	UNNECESSARY_IDENTIFIER: {
		happened: 'The access token is for one line already, and no device may be named beside it.',
		nextMove: 'you',
		remedy:
			'A token that was made for one line cannot be used as a fixed Access Token or with Client Credentials: choose another Grant Type in the credential, or an OAuth2 credential for that line.',
	},
	QUOTA_EXCEEDED: {
		happened: 'The application has used up what its contract with the operator allows.',
		nextMove: 'registration',
		remedy: 'Ask fewer questions, or have the quota raised in the operator’s developer portal.',
	},
	TOO_MANY_REQUESTS: {
		happened: 'The operator was asked too many questions at once.',
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
	roamingScope: (purpose, openId) =>
		`${openId ? 'openid ' : ''}dpv:${purpose} device-roaming-status:read`,
	// CAMARA Security and Interoperability Profile, "Refresh Token".
	refreshScope: 'offline_access',
	roamingRequest: (baseUrl, device, subject) => ({
		url: `${baseUrl}/device-roaming-status/v1/retrieve`,
		body: subject === 'line' ? {} : { device: requireIdentifiableDevice(device) },
	}),
	readError,
	errors: camaraErrors,
};

/**
 * `Device`, which goes with a 2-legged token, always, and with a 3-legged one, never (Device
 * Roaming Status, "Identifying the device from the access token").
 */
export function requireIdentifiableDevice(device: Device | undefined): Device {
	if (device === undefined) {
		throw new OpenGatewayError('Nothing says which device is meant.', {
			remedy: 'Identify the device, for example by its phone number.',
			code: 'UNSUPPORTED_DEVICE',
		});
	}
	if ('ipv4Address' in device) {
		const { publicPort, privateAddress } = device.ipv4Address;
		if (publicPort === undefined && privateAddress === undefined) {
			throw new OpenGatewayError('The operator does not know a device by its IPv4 address alone.', {
				remedy: 'Fill in its Port, too, or its Private Address.',
				code: 'UNSUPPORTED_DEVICE',
			});
		}
	}
	return device;
}
