import { carriedParts, type Carrier } from '../device';
import type { ErrorText } from '../errors';
import { asObject } from '../json';
import { requireIdentifiableDevice } from './camara';
import type { ApiDialect, Operator } from './operator';
import { camaraErrors } from './sharedErrors';

const PHONE_NUMBER: Carrier<{ phone_number: string }> = {
	phoneNumber: (phoneNumber) => ({ phone_number: phoneNumber }),
};

/** The insight Roaming of the Identity Insights API. */
const roamingInsight: ApiDialect = {
	path: '/identity-insights/v1/requests',
	scope: () => '',
	request: (baseUrl, device, _subject, purpose) => ({
		url: baseUrl + roamingInsight.path,
		json: Object.assign(
			{ purpose, insights: { roaming: {} } },
			...carriedParts(requireIdentifiableDevice(device), PHONE_NUMBER, 'Identity Insights'),
		) as object,
	}),
	answer: readInsight,
};

/** Statuses of an insight that has an answer. */
const ANSWERED: readonly unknown[] = ['OK', 'PARTIAL_SUCCESS'];

/** An insight has a status of its own: HTTP 200 says only that the request was understood. */
function readInsight(body: unknown): object {
	const { roaming } = asObject(asObject(body).insights);
	const { status, is_roaming, country_codes, latest_status_at } = asObject(roaming);
	const { code, message } = asObject(status);
	if (!ANSWERED.includes(code)) return { code, message };
	return { roaming: is_roaming, countryName: country_codes, lastStatusTime: latest_status_at };
}

const notCovered: ErrorText = {
	happened: 'The operator does not offer this check for {device}.',
	nextMove: 'operator',
	remedy:
		'Ask the operator which countries and networks it covers. For this device there will be no answer.',
};

/** Of an insight, and the title of HTTP 401: the application is unknown, or not approved. */
const notAuthorized: ErrorText = {
	happened: 'The operator does not let the application ask about {device}.',
	nextMove: 'registration',
	remedy:
		"Check that 'Client ID' and 'Private Key' in the credential are those of one application, and have it approved for Roaming in the network registry, for the purpose that the credential names.",
};

/** Vonage, and Deutsche Telekom, which offers the same API at the same address. */
export const vonage: Operator = {
	displayName: 'Vonage / Deutsche Telekom',
	description: 'Identity Insights, for phone numbers',
	defaultBaseUrl: 'https://api-eu.vonage.com',
	grants: { applicationJwt: [] },
	signingAlgorithms: ['RS256'],
	verifiesDevice: false,
	apis: { roamingStatus: roamingInsight },
	errors: {
		...camaraErrors,
		INVALID_NUMBER_FORMAT: camaraErrors.INVALID_ARGUMENT,
		NO_COVERAGE: notCovered,
		UNSUPPORTED_NETWORK_TYPE: notCovered,
		UNAUTHORIZED: notAuthorized,
		invalid_token: notAuthorized,
		HTTP_401: notAuthorized,
		INVALID_PURPOSE: {
			happened: 'The application may not ask about {device} for this purpose.',
			nextMove: 'you',
			remedy: "Select the 'Purpose' in the credential that the application is approved for.",
		},
		SUPPLIER_ERROR: camaraErrors.UNAVAILABLE,
		INTERNAL_ERROR: camaraErrors.INTERNAL,
	},
};
