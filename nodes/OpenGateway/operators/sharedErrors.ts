import type { ErrorText, ErrorTexts } from '../errors';
import { quotaExceeded, paymentRequired } from '../refusal';

const invalidRequest: ErrorText = {
	happened: 'The operator cannot read the identifier of {device}.',
	nextMove: 'you',
	remedy: 'Check the device. If it is right, give the correlator to the operator’s support.',
};

const tokenRefused: ErrorText = {
	happened: 'The operator did not accept the access token for {device}.',
	nextMove: 'operator',
	remedy:
		'Try again. A fixed access token may have expired: ask the operator for a new one. If it happens again, give the correlator to the operator’s support.',
};

const permissionDenied: ErrorText = {
	happened: 'The application may not ask about {device}.',
	nextMove: 'registration',
	remedy:
		'Check in the operator’s developer portal that the application is registered for this API with this purpose. If it is, the phone’s owner may have withdrawn the consent that the operator asks for, or may be a customer of another operator.',
};

const otherDevice: ErrorText = {
	happened: 'The operator issued the access token for another device than {device}.',
	nextMove: 'you',
	remedy:
		'Check that the identifier is that of the phone that authorized the check. With a backend flow, give the correlator to the operator’s support.',
};

const notFound: ErrorText = {
	happened: 'The operator does not know {device}.',
	nextMove: 'you',
	remedy: 'Check the identifier. Other operators’ customers cannot be asked about here.',
};

const notApplicable: ErrorText = {
	happened: 'The operator does not offer this check for {device}.',
	nextMove: 'operator',
	remedy:
		'Ask the operator which devices it offers the check for. For this one there will be no answer.',
};

const missingIdentifier: ErrorText = {
	happened: 'The operator cannot tell from the access token which device is meant.',
	nextMove: 'operator',
	remedy:
		"The operator issued a token that is for no device: give the correlator to its support. If its contract names Client Credentials, select them as 'Grant Type' in the credential.",
};

const unsupportedIdentifier: ErrorText = {
	happened: 'The operator does not support this kind of identifier.',
	nextMove: 'you',
	remedy: "Select Phone Number in 'Identify Device By', if you can.",
};

const conflict: ErrorText = {
	happened: 'The operator cannot check {device} in its present state.',
	nextMove: 'operator',
	remedy: 'Try again later. If it happens again, give the correlator to the operator’s support.',
};

const tooManyRequests: ErrorText = {
	happened: 'The operator received too many requests at once.',
	nextMove: 'you',
	remedy: 'Try again later, with fewer devices at once.',
};

const internalError: ErrorText = {
	happened: 'The operator could not look up {device} because of an internal fault.',
	nextMove: 'operator',
	remedy: 'Try again later. If it happens again, give the correlator to the operator’s support.',
};

const unavailable: ErrorText = {
	happened: 'The operator cannot look up {device} right now.',
	nextMove: 'operator',
	remedy: 'Try again later.',
};

const notOffered: ErrorText = {
	happened: 'No API of this name and version is offered at {address}.',
	nextMove: 'you',
	remedy: 'Check {field} in the credential.',
	misdirected: true,
};

/**
 * The codes of the device status family in all its versions, 0.4 to 1.2, those of bearer tokens (RFC
 * 6750 section 3.1), and the HTTP statuses, for responses without a code that is known.
 */
export const camaraErrors = {
	INVALID_ARGUMENT: invalidRequest,
	INVALID_INPUT: invalidRequest,
	BAD_REQUEST: invalidRequest,
	OUT_OF_RANGE: {
		happened: 'The operator does not accept a number in the identifier of {device}.',
		nextMove: 'you',
		remedy: "Check the identifier: with an IP address, 'Port', too.",
	},
	UNAUTHENTICATED: tokenRefused,
	UNAUTHORIZED: tokenRefused,
	AUTHENTICATION_REQUIRED: tokenRefused,
	invalid_token: tokenRefused,
	PERMISSION_DENIED: permissionDenied,
	FORBIDDEN: permissionDenied,
	insufficient_scope: permissionDenied,
	INVALID_TOKEN_CONTEXT: otherDevice,
	IDENTIFIER_MISMATCH: otherDevice,
	DEVICE_IDENTIFIERS_MISMATCH: otherDevice,
	NOT_FOUND: notFound,
	IDENTIFIER_NOT_FOUND: notFound,
	DEVICE_NOT_FOUND: notFound,
	SERVICE_NOT_APPLICABLE: notApplicable,
	DEVICE_NOT_APPLICABLE: notApplicable,
	UNABLE_TO_PROVIDE_ROAMING_STATUS: {
		happened: 'The operator cannot tell whether {device} is roaming.',
		nextMove: 'operator',
		remedy: 'Try again later, when the phone has used the network again.',
	},
	MISSING_IDENTIFIER: missingIdentifier,
	UNIDENTIFIABLE_DEVICE: missingIdentifier,
	UNSUPPORTED_IDENTIFIER: unsupportedIdentifier,
	UNSUPPORTED_DEVICE_IDENTIFIERS: unsupportedIdentifier,
	UNNECESSARY_IDENTIFIER: {
		happened: 'The access token is for one device already, and no device may be named beside it.',
		nextMove: 'you',
		remedy:
			"A token of one device cannot be used as 'Access Token' or with Client Credentials: select another 'Grant Type' in the credential, or use an OAuth2 credential for that phone.",
	},
	INCOMPATIBLE_STATE: conflict,
	ABORTED: conflict,
	QUOTA_EXCEEDED: quotaExceeded,
	TOO_MANY_REQUESTS: tooManyRequests,
	INTERNAL: internalError,
	INTERNAL_SERVER_ERROR: internalError,
	NOT_IMPLEMENTED: {
		happened: 'The operator does not offer this check yet.',
		nextMove: 'operator',
		remedy: 'Ask the operator in which version, and for which applications, it offers the check.',
	},
	BAD_GATEWAY: unavailable,
	UNAVAILABLE: unavailable,
	SERVICE_UNAVAILABLE: unavailable,
	TIMEOUT: unavailable,
	HTTP_400: {
		happened: 'The operator rejected the request about {device} as invalid.',
		nextMove: 'you',
		remedy: 'Check the identifier. If it is right, give the correlator to the operator’s support.',
	},
	HTTP_401: tokenRefused,
	HTTP_402: paymentRequired,
	HTTP_403: permissionDenied,
	HTTP_404: notOffered,
	HTTP_405: notOffered,
	HTTP_408: unavailable,
	HTTP_409: conflict,
	HTTP_410: notOffered,
	HTTP_422: {
		happened: 'The operator cannot process the request about {device}.',
		nextMove: 'you',
		remedy:
			"Check the identifier, or select another kind in 'Identify Device By'. If it is right, the operator does not offer the check for this device.",
	},
	HTTP_425: unavailable,
	HTTP_429: tooManyRequests,
	HTTP_500: internalError,
	HTTP_502: unavailable,
	HTTP_503: unavailable,
	HTTP_504: unavailable,
} satisfies ErrorTexts;

/** In place of the texts about a device if a request names a subscription. */
export const noSuchSubscription: ErrorText = {
	happened: 'The operator has no subscription of this ID.',
	nextMove: 'you',
	remedy:
		'It may have ended, or belong to another application or device: Get Many lists those that there are.',
};

const sinkTokenRefused: ErrorText = {
	happened: 'The operator does not deliver events with the kind of token that the node gives it.',
	nextMove: 'operator',
	remedy:
		"Select Asking in 'Find Out By', and ask the operator which credentials of a sink it supports.",
};

/**
 * The codes of Device Roaming Status Subscriptions that the status itself does not have, for requests
 * about subscriptions. With HTTP 401, a code means what it means elsewhere.
 */
export const subscriptionErrors = {
	INVALID_SINK: {
		happened: 'The operator does not deliver events to the webhook of this n8n.',
		nextMove: 'you',
		remedy:
			'Check that the environment variable WEBHOOK_URL of n8n is an address that the operator can reach over HTTPS.',
	},
	INVALID_PROTOCOL: {
		happened: 'The operator does not deliver events to webhooks.',
		nextMove: 'you',
		remedy: "Select Asking in 'Find Out By'.",
	},
	INVALID_CREDENTIAL: sinkTokenRefused,
	INVALID_TOKEN: sinkTokenRefused,
	SUBSCRIPTION_MISMATCH: {
		happened: 'The application may not subscribe to these events of {device}.',
		nextMove: 'registration',
		remedy:
			'Check in the operator’s developer portal that the application is registered for subscriptions to the roaming status, for each of the events in Trigger On.',
	},
	MULTIEVENT_SUBSCRIPTION_NOT_SUPPORTED: {
		happened: 'The operator does not accept this event for a subscription.',
		nextMove: 'operator',
		remedy: "Select Asking in 'Find Out By', and give the correlator to the operator’s support.",
	},
	ALREADY_EXISTS: {
		happened: 'The operator has such a subscription for {device} already.',
		nextMove: 'you',
		remedy:
			'Unpublish the other workflow that watches the device with this application, or wait until its subscription ends.',
	},
} satisfies ErrorTexts;

const notSignedInDevice: ErrorText = {
	happened: 'The operator does not answer about {device} with this sign-in.',
	nextMove: 'you',
	remedy:
		'Name the phone that signed in with the OAuth2 credential. If it is that phone, check in the operator’s developer portal that the application is registered for this API with this purpose.',
};

/** In place of other texts if a device is named beside the access of a phone that signed in. */
export const otherDeviceErrors = {
	FORBIDDEN: notSignedInDevice,
	PERMISSION_DENIED: notSignedInDevice,
	INVALID_TOKEN_CONTEXT: notSignedInDevice,
	IDENTIFIER_MISMATCH: notSignedInDevice,
	DEVICE_IDENTIFIERS_MISMATCH: notSignedInDevice,
	HTTP_403: notSignedInDevice,
} satisfies ErrorTexts;
