import type { ErrorText, ErrorTexts } from '../../errors';

const invalidRequest: ErrorText = {
	happened: 'The operator rejected the request as invalid.',
	nextMove: 'you',
	remedy:
		'Check the fields and the options. If they are right, give the correlator to the operator’s support.',
};

const sinkTokenRefused: ErrorText = {
	happened: 'The operator does not accept the token of the sink.',
	nextMove: 'operator',
	remedy:
		"Leave 'Sink Token' out if your webhook needs none, or ask the operator which credentials of a sink it supports.",
};

/** What the operator says of a field of these operations, in place of the texts about a device. */
export const errors = {
	INVALID_ARGUMENT: invalidRequest,
	BAD_REQUEST: invalidRequest,
	HTTP_400: invalidRequest,
	OUT_OF_RANGE: {
		happened: 'The operator does not accept a number or a time in the request.',
		nextMove: 'you',
		remedy: "Check 'Expires After (Hours)' and 'Max Events', and with an IP address 'Port'.",
	},
	INVALID_SINK: {
		happened: 'The operator does not deliver events to this sink.',
		nextMove: 'you',
		remedy: "Enter in 'Sink' an address that begins with https:// and that the operator can reach.",
	},
	INVALID_PROTOCOL: {
		happened: 'The operator does not deliver events over HTTP.',
		nextMove: 'operator',
		remedy: 'Ask the operator’s support how it delivers events.',
	},
	INVALID_CREDENTIAL: sinkTokenRefused,
	INVALID_TOKEN: sinkTokenRefused,
	SUBSCRIPTION_MISMATCH: {
		happened: 'The application may not subscribe to this event of {device}.',
		nextMove: 'registration',
		remedy:
			'Check in the operator’s developer portal that the application is registered for subscriptions to this event.',
	},
	MULTIEVENT_SUBSCRIPTION_NOT_SUPPORTED: {
		happened: 'The operator does not accept this event for a subscription.',
		nextMove: 'operator',
		remedy: "Select another 'Event', or ask the operator which events it offers.",
	},
	ALREADY_EXISTS: {
		happened: 'The operator has such a subscription for {device} already.',
		nextMove: 'you',
		remedy: 'Find it with Get Many, and delete it if it is not to be used.',
	},
} satisfies ErrorTexts;
