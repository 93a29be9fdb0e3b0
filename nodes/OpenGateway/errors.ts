/**
 * Who can change what is wrong: whoever runs the workflow; whoever registers the application in
 * the operator's developer portal; the owner of the line; or the operator.
 */
export type NextMove = keyof typeof nextMoves;

export const nextMoves = {
	you: 'you',
	registration: 'the app’s registration',
	lineOwner: 'the line’s owner',
	operator: 'the operator',
} as const;

/** The project's own error codes, beside those that a server gives, and whose move each one is. */
export const ownErrors = {
	INVALID_CREDENTIAL: {
		happened: 'A field of the credential is missing or wrong.',
		nextMove: 'you',
	},
	INVALID_DEVICE: {
		happened: 'The identifier of the device is missing or wrong.',
		nextMove: 'you',
	},
	UNSUPPORTED_DEVICE: {
		happened: 'The operator, or the grant type, does not take this kind of identifier.',
		nextMove: 'you',
	},
	INVALID_OPTION: {
		happened: 'An option of Check Roaming is wrong.',
		nextMove: 'you',
	},
	INVALID_REDIRECT: {
		happened: 'The redirect URI, or an option of Create Authorization URL, is missing or wrong.',
		nextMove: 'you',
	},
	INVALID_CALLBACK: {
		happened:
			'What came back from the operator is incomplete, forged, or was made with another credential.',
		nextMove: 'you',
	},
	EXPIRED_CALLBACK: {
		happened: 'The owner of the line came back later than the authorization URL allows.',
		nextMove: 'lineOwner',
	},
	NOT_SIGNED_IN: {
		happened: 'The owner of the line has to sign in, or to sign in again.',
		nextMove: 'lineOwner',
	},
	UNREACHABLE: { happened: 'Nothing answers at the operator’s address.', nextMove: 'you' },
	TIMEOUT: { happened: 'The operator did not answer in time.', nextMove: 'operator' },
	UNEXPECTED_ANSWER: {
		happened: 'The answer is not one that the operator’s documents promise.',
		nextMove: 'operator',
	},
} satisfies Record<string, { happened: string; nextMove: NextMove }>;

export type OwnErrorCode = keyof typeof ownErrors;

interface ErrorContext {
	/** What the person who reads this can do about it, as whole sentences. */
	remedy: string;
	/** The server's own error code, or one of {@link OwnErrorCode}. */
	code: string;
	/** Where it is left out, what {@link ownErrors} says of the code. */
	nextMove?: NextMove;
	/** HTTP status of the answer, where there was one. */
	status?: number;
	/** The `x-correlator` of the request: what an operator's support asks for. */
	correlator?: string;
	/** The server's own words, already {@link quoted}. */
	serverMessage?: string;
	/** It may pass by itself: worth another try. */
	transient?: true;
}

/**
 * Anything that keeps a device from getting an answer. Its text is made to be shown: it holds no
 * secret, no token, and of a phone number only what {@link maskedPhoneNumber} leaves.
 */
export class OpenGatewayError extends Error {
	constructor(
		happened: string,
		readonly context: ErrorContext,
	) {
		super(happened);
		this.name = 'OpenGatewayError';
	}

	get nextMove(): NextMove {
		const { code, nextMove } = this.context;
		return nextMove ?? (isOwnErrorCode(code) ? ownErrors[code].nextMove : 'operator');
	}
}

export function isOwnErrorCode(code: string): code is OwnErrorCode {
	return Object.hasOwn(ownErrors, code);
}

/**
 * An error as the branch of a workflow sees it; every field is always there.
 * `status` is an HTTP status, or `null` where no answer came.
 */
export interface ItemError {
	message: string;
	code: string | null;
	/** The operator's own words. */
	description: string | null;
	/** Who can change what is wrong. */
	nextMove: NextMove | null;
	status: number | null;
	correlator: string | null;
}

export function toItemError(error: unknown): ItemError {
	if (!(error instanceof OpenGatewayError)) {
		const message = error instanceof Error ? error.message : 'Unknown error';
		return {
			message,
			code: null,
			description: null,
			nextMove: null,
			status: null,
			correlator: null,
		};
	}
	const { remedy, code, status, correlator, serverMessage } = error.context;
	return {
		message: `${error.message} ${remedy}`,
		code,
		description: serverMessage ?? null,
		nextMove: error.nextMove,
		status: status ?? null,
		correlator: correlator ?? null,
	};
}

/** `+34600000001` → `+346•••••001`: enough to recognise the line, too little to call it. */
export function maskedPhoneNumber(phoneNumber: string): string {
	const shown = phoneNumber.length < 10 ? 2 : 4;
	const hidden = Math.max(phoneNumber.length - shown - 3, 0);
	return phoneNumber.slice(0, shown) + '•'.repeat(hidden) + phoneNumber.slice(-3);
}

const MAX_QUOTED_LENGTH = 200;

/**
 * A server's words, fit for an error message: on one line, at most 200 characters, with phone
 * numbers masked and whatever could be a token taken out.
 */
export function quoted(words: string): string {
	const safe = words
		.slice(0, 4 * MAX_QUOTED_LENGTH)
		.replace(/[\p{C}\s]+/gu, ' ')
		.replace(/[\w.~+/=-]{20,}/g, (word) => (/\d/.test(word) ? '•••' : word))
		.replace(/\+?\d(?:[ ()./\u2212\p{Pd}]{0,3}\d){5,}/gu, (number) =>
			maskedPhoneNumber(number.replace(/[^+\d]/g, '')),
		)
		.trim();
	if (safe.length <= MAX_QUOTED_LENGTH) return safe;
	// Half a character at the end would be no valid text.
	return `${safe.slice(0, MAX_QUOTED_LENGTH - 1).replace(/\p{Cs}$/u, '')}…`;
}
