import { carriedParts, type Carrier, type Device } from '../device';
import { OpenGatewayError, type ErrorText } from '../errors';
import { endpointsUnder, type Operator } from './operator';
import { camaraErrors } from './sharedErrors';

const forbidden: ErrorText = {
	happened: 'The application may not ask about {device}.',
	nextMove: 'registration',
	remedy:
		'Check in the operator’s developer portal that the application is registered for this API with this purpose, and that the identifier is that of the phone that authorized the check.',
};

const ROAMING = '/device-status/v0/roaming';

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
	endpoints: endpointsUnder,
	verifiesDevice: true,
	apis: {
		roamingStatus: {
			path: ROAMING,
			scope: (purpose) => `dpv:${purpose}#device-status-roaming-read`,
			request: (baseUrl, device) => ({
				url: baseUrl + ROAMING,
				json: userEquipment(device),
			}),
		},
	},
	errors: { ...camaraErrors, FORBIDDEN: forbidden, HTTP_403: forbidden },
};

/** `RequestRoamingStatus`: Telefónica's user equipment identifier. */
const USER_EQUIPMENT: Carrier<{ ueId: object } | { uePort: number }> = {
	phoneNumber: (msisdn) => ({ ueId: { msisdn } }),
	networkAccessIdentifier: (externalId) => ({ ueId: { externalId } }),
	publicAddress: (ipv4Addr) => ({ ueId: { ipv4Addr } }),
	publicPort: (uePort) => ({ uePort }),
	ipv6Address: (ipv6Addr) => ({ ueId: { ipv6Addr } }),
};

/** @throws {OpenGatewayError} `UNSUPPORTED_DEVICE`, also without a device, which is required */
function userEquipment(device: Device | undefined): object {
	if (device === undefined) {
		throw new OpenGatewayError(
			'Telefónica requires the device to be identified, even with a token of that device.',
			{
				remedy:
					"Identify the phone by its number, or by the IP address from which it reaches your webhook: in 'Identify Device By' of Create Authorization URL or, with an OAuth2 credential, of Check Roaming.",
				code: 'UNSUPPORTED_DEVICE',
			},
		);
	}
	return Object.assign({}, ...carriedParts(device, USER_EQUIPMENT, 'Telefónica')) as object;
}
