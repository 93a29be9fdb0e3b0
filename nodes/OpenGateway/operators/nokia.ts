import { asObject } from '../http';
import { camaraErrors, requireIdentifiableDevice } from './camara';
import { readError, type Operator } from './operator';

/** RapidAPI's own refusals have words and a status, but no code. */
const CODES: Record<number, string> = {
	401: 'UNAUTHENTICATED',
	403: 'PERMISSION_DENIED',
	429: 'TOO_MANY_REQUESTS',
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
	readError(response) {
		const code = CODES[response.status];
		const { message } = asObject(response.json);
		return readError(response) ?? (code === undefined ? undefined : { code, message });
	},
	errors: {
		...camaraErrors,
		UNAUTHENTICATED: {
			happened: 'The operator does not accept the API Key.',
			nextMove: 'you',
			remedy: 'Correct it in the credential. RapidAPI shows it with the application.',
		},
		PERMISSION_DENIED: {
			happened: 'The application may not ask about {device}.',
			nextMove: 'registration',
			remedy: 'Subscribe it to Network as Code at RapidAPI.',
		},
	},
};
