import type { ErrorText } from '../http';

/** What more than one operator says, under codes of its own. */
export const unavailable: ErrorText = {
	happened: 'The operator cannot look up {line} at the moment.',
	nextMove: 'operator',
	remedy: 'Try again later.',
};

export const internalError: ErrorText = {
	happened: 'The operator had a fault of its own while it looked up {line}.',
	nextMove: 'operator',
	remedy: 'Try again later; if it stays, give the correlator to the operator’s support.',
};
