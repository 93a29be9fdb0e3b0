import type { ErrorText } from '../errors';
import { requireIdentifiableDevice } from './camara';
import type { Operator } from './operator';
import { camaraErrors } from './sharedErrors';

const keyRefused: ErrorText = {
	happened: 'The operator does not accept the API Key.',
	nextMove: 'you',
	remedy:
		"Correct it in the credential, or select the other 'API Hub': each has keys of its own, and shows them with the application.",
};

const notSubscribed: ErrorText = {
	happened: 'The application may not ask about {device}.',
	nextMove: 'registration',
	remedy: "Subscribe it to Network as Code at the hub that 'API Hub' names in the credential.",
};

/** By which the hub knows which API is meant. */
const HUB = { 'x-rapidapi-host': 'network-as-code.nokia.rapidapi.com' };

const ROAMING_STATUS = '/device-status/device-roaming-status/v1/retrieve';

/**
 * Nokia Network as Code: CAMARA Device Roaming Status v1 behind a hub that speaks RapidAPI's
 * protocol: it knows the application by a key and has no authorization server.
 */
export const nokia: Operator = {
	displayName: 'Nokia Network as Code',
	description: 'Device Roaming Status v1 through an API hub',
	choice: {
		field: 'nokiaApiHub',
		displayName: 'API Hub',
		description: 'The hub whose console shows the key of your application',
		default: 'nokia',
		values: {
			nokia: {
				displayName: 'Nokia API Hub',
				description: 'network-as-code.p-eu.apihub.nokia.io',
				traits: {},
			},
			rapidApi: {
				displayName: 'RapidAPI',
				description: 'network-as-code.p-eu.rapidapi.com, for keys from rapidapi.com',
				traits: { defaultBaseUrl: 'https://network-as-code.p-eu.rapidapi.com' },
			},
		},
	},
	defaultBaseUrl: 'https://network-as-code.p-eu.apihub.nokia.io',
	grants: { apiKey: [] },
	apiKey: {
		header: 'x-rapidapi-key',
		description: 'X-RapidAPI-Key of the application that is subscribed to Network as Code',
	},
	verifiesDevice: false,
	apis: {
		roamingStatus: {
			path: ROAMING_STATUS,
			scope: () => '',
			request: (baseUrl, device) => ({
				url: baseUrl + ROAMING_STATUS,
				headers: HUB,
				json: { device: requireIdentifiableDevice(device) },
			}),
		},
	},
	subscriptions: {
		path: '/device-status/device-roaming-status-subscriptions/v0.7/subscriptions',
		headers: HUB,
		scope: () => () => '',
	},
	errors: {
		...camaraErrors,
		UNAUTHENTICATED: keyRefused,
		UNAUTHORIZED: keyRefused,
		invalid_token: keyRefused,
		HTTP_401: keyRefused,
		PERMISSION_DENIED: notSubscribed,
		FORBIDDEN: notSubscribed,
		HTTP_403: notSubscribed,
	},
};
