import type { Device } from '../device';
import { OpenGatewayError } from '../errors';
import { internalError, unavailable } from './sharedErrors';
import { readError, type Operator } from './operator';

/** Telefónica Open Gateway, Device Status v0.4. */
export const telefonica: Operator = {
	displayName: 'Telefónica Open Gateway',
	description: 'Device Status v0.4, in its sandbox or in production',
	defaultBaseUrl: 'https://sandbox.opengateway.telefonica.com/apigateway',
	grants: {
		ciba: ['clientSecretBasic', 'privateKeyJwt'],
		jwtBearer: [],
		authorizationCode: ['clientSecretBasic', 'privateKeyJwt'],
		accessToken: [],
	},
	mock: {
		clientId: 'mock_sandbox_app_id',
		clientSecret: 'mock_sandbox_app_secret',
		accessToken: 'mock_sandbox_access_token',
	},
	endpoints: (baseUrl) => ({
		authorization: `${baseUrl}/authorize`,
		backchannelAuthentication: `${baseUrl}/bc-authorize`,
		token: `${baseUrl}/token`,
	}),
	verifiesDevice: true,
	roamingScope: (purpose) => `dpv:${purpose}#device-status-roaming-read`,
	roamingRequest: (baseUrl, device) => ({
		url: `${baseUrl}/device-status/v0/roaming`,
		body: userEquipment(device),
	}),
	readError,
	errors: {
		INVALID_INPUT: {
			happened: 'The operator cannot read the identifier of {line}.',
			nextMove: 'you',
			remedy: 'Check the device; if it is right, give the correlator to the operator’s support.',
		},
		UNAUTHORIZED: {
			happened: 'The operator did not accept the access token for {line}.',
			nextMove: 'operator',
			remedy:
				'Try again; a fixed access token may have expired: ask for a new one. If it stays, give the correlator to the operator’s support.',
		},
		FORBIDDEN: {
			happened: 'The application may not ask about {line}.',
			nextMove: 'registration',
			remedy:
				'Check in the operator’s developer portal that the application is registered for Device Status with this purpose, and that the identifier is that of the line which authorized the check.',
		},
		NOT_FOUND: {
			happened: 'The operator does not know {line}.',
			nextMove: 'you',
			remedy: 'Check the identifier. Lines of other operators cannot be asked about here.',
		},
		INTERNAL_SERVER_ERROR: internalError,
		SERVICE_UNAVAILABLE: unavailable,
	},
};

/** `RequestRoamingStatus`: the device as Telefónica's user equipment identifier, never without. */
function userEquipment(device: Device | undefined): { ueId: object; uePort?: number } {
	if (device === undefined) {
		throw new OpenGatewayError(
			'Telefónica has to be told which line is meant, even with a token for that line.',
			{
				remedy:
					'Identify the device by its phone number, or by the IP address from which it reaches your webhook: in Create Authorization URL or, with an OAuth2 credential, in Check Roaming.',
				code: 'UNSUPPORTED_DEVICE',
			},
		);
	}
	if ('phoneNumber' in device) return { ueId: { msisdn: device.phoneNumber } };
	if ('networkAccessIdentifier' in device) {
		return { ueId: { externalId: device.networkAccessIdentifier } };
	}
	if ('ipv6Address' in device) return { ueId: { ipv6Addr: device.ipv6Address } };
	const { publicAddress, publicPort } = device.ipv4Address;
	return {
		ueId: { ipv4Addr: publicAddress },
		...(publicPort === undefined ? {} : { uePort: publicPort }),
	};
}
