import type { ErrorText } from '../errors';

/** Texts for what several operators say under codes of their own. */
export const invalidRequest: ErrorText = {
	happened: 'The operator cannot read the identifier of {device}.',
	nextMove: 'you',
	remedy: 'Check the device. If it is right, give the correlator to the operator’s support.',
};

export const tokenRefused: ErrorText = {
	happened: 'The operator did not accept the access token for {device}.',
	nextMove: 'operator',
	remedy:
		'Try again. A fixed access token may have expired: ask the operator for a new one. If it happens again, give the correlator to the operator’s support.',
};

export const notFound: ErrorText = {
	happened: 'The operator does not know {device}.',
	nextMove: 'you',
	remedy: 'Check the identifier. Other operators’ customers cannot be asked about here.',
};

export const internalError: ErrorText = {
	happened: 'The operator could not look up {device} because of an internal fault.',
	nextMove: 'operator',
	remedy: 'Try again later. If it happens again, give the correlator to the operator’s support.',
};

export const unavailable: ErrorText = {
	happened: 'The operator cannot look up {device} right now.',
	nextMove: 'operator',
	remedy: 'Try again later.',
};
