import type { ErrorText } from '../errors';
import { requireIdentifiableDevice } from './camara';
import type { Operator } from './operator';
import { camaraErrors } from './sharedErrors';

const keyRefused: ErrorText = {
	happened: 'The operator does not accept the API Key.',
	nextMove: 'you',
	remedy: 'Correct it in the credential. RapidAPI shows it with the application.',
};

const notSubscribed: ErrorText = {
	happened: 'The application may not ask about {device}.',
	nextMove: 'registration',
	remedy: 'Subscribe it to Network as Code at RapidAPI.',
};

/**
 * Nokia Network as Code: CAMARA Device Roaming Status v1 behind RapidAPI, which knows the
 * application by a key and has no authorization server.
 */
export const nokia: Operator = {
	displayName: 'Nokia Network as Code',
	description: 'Device Roaming Status v1 through RapidAPI',
	defaultBaseUrl: 'https://network-as-code.p-eu.rapidapi.com',
	grants: { apiKey: [] },
	apiKey: {
		header: 'x-rapidapi-key',
		description: 'X-RapidAPI-Key of the application that is subscribed to Network as Code',
	},
	verifiesDevice: false,
	apis: {
		roamingStatus: {
			scope: () => '',
			request: (baseUrl, device) => ({
				url: `${baseUrl}/device-status/device-roaming-status/v1/retrieve`,
				headers: { 'x-rapidapi-host': 'network-as-code.nokia.rapidapi.com' },
				json: { device: requireIdentifiableDevice(device) },
			}),
		},
	},
	errors: {
		...camaraErrors,
		UNAUTHENTICATED: keyRefused,
		UNAUTHORIZED: keyRefused,
		HTTP_401: keyRefused,
		PERMISSION_DENIED: notSubscribed,
		FORBIDDEN: notSubscribed,
		HTTP_403: notSubscribed,
	},
};
