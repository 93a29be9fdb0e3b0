import { asText, holdsSent, quoted, shortened, type Sent } from './words';

export { maskedPhoneNumber, quoted } from './words';

/** Who can resolve an error. */
export type NextMove = keyof typeof nextMoves;

export const nextMoves = {
	you: { who: 'you', description: 'The workflow or the credential has to be corrected.' },
	registration: {
		who: 'the app’s registration',
		description:
			'The application has to be changed in the operator’s developer portal, or its contract has to be.',
	},
	lineOwner: {
		who: 'the phone’s owner',
		description: 'Only the phone’s owner can change it, for example by consenting or signing in.',
	},
	operator: { who: 'the operator', description: 'Try again later, or ask the operator’s support.' },
} as const;

/**
 * An error code in words. `{device}` in them stands for the device, masked, `{address}` for the
 * address that was asked, and `{field}` for the field of the credential that it comes from.
 */
export interface ErrorText {
	readonly happened: string;
	readonly nextMove: NextMove;
	readonly remedy: string;
	/** The address that was asked is not the operator's. */
	readonly misdirected?: true;
}

/** Error texts by code. */
export type ErrorTexts = Readonly<Record<string, ErrorText>>;

/** The error codes of this package itself, beside those that a server gives. */
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
		happened:
			'The operator, the grant type or the credential does not support this kind of identifier.',
		nextMove: 'you',
	},
	UNSUPPORTED_API: {
		happened: 'The operator does not offer this API.',
		nextMove: 'you',
	},
	INVALID_OPTION: {
		happened: 'An option of the node is wrong.',
		nextMove: 'you',
	},
	INVALID_REDIRECT: {
		happened: 'The redirect URI, or an option of Create Authorization URL, is missing or wrong.',
		nextMove: 'you',
	},
	INVALID_CALLBACK: {
		happened:
			'The callback from the operator is incomplete, forged, or was made with another credential or for another redirect URI.',
		nextMove: 'you',
	},
	OTHER_BROWSER: {
		happened:
			'The phone came back in another browser than the one that was sent to the authorization URL.',
		nextMove: 'lineOwner',
	},
	USED_CALLBACK: {
		happened: 'The callback was used before.',
		nextMove: 'lineOwner',
	},
	EXPIRED_CALLBACK: {
		happened: 'The phone’s owner came back after the authorization URL had expired.',
		nextMove: 'lineOwner',
	},
	INVALID_WEBHOOK_URL: {
		happened:
			'The address of the trigger’s webhook is not one that an operator can deliver events to.',
		nextMove: 'you',
	},
	NOT_SIGNED_IN: {
		happened: 'The phone’s owner has to sign in, or to sign in again.',
		nextMove: 'lineOwner',
	},
	UNREACHABLE: { happened: 'No server responds at the operator’s address.', nextMove: 'you' },
	TIMEOUT: { happened: 'The operator did not respond in time.', nextMove: 'operator' },
	UNEXPECTED_ANSWER: {
		happened: 'The response is not one that the operator’s documents describe.',
		nextMove: 'operator',
	},
} satisfies Record<string, Pick<ErrorText, 'happened' | 'nextMove'>>;

export type OwnErrorCode = keyof typeof ownErrors;

interface ErrorContext {
	/** The next step for the person who reads the error, as whole sentences. */
	remedy: string;
	/** The server's own error code, or an {@link OwnErrorCode}. */
	code: string;
	/** Default: the one that {@link ownErrors} gives the code. */
	nextMove?: NextMove;
	/** The message without its device, by which a run counts errors. Default: that of {@link ownErrors}. */
	summary?: string;
	/** HTTP status of the response, if one came. */
	status?: number;
	/** The `x-correlator` of the request, which an operator's support asks for. */
	correlator?: string;
	/** The server's own words, already {@link quoted}. */
	serverMessage?: string;
	/** The request may succeed when it is sent again. */
	transient?: true;
	/** The address that was asked is not the operator's. */
	misdirected?: true;
}

/**
 * Anything that keeps a device from getting an answer. Its text is made to be shown: it holds no
 * secret, no token, no markup, and of a phone number only what {@link maskedPhoneNumber} leaves.
 */
export class OpenGatewayError extends Error {
	readonly context: ErrorContext;

	constructor(happened: string, context: ErrorContext) {
		super(asText(happened));
		this.name = 'OpenGatewayError';
		this.context = { ...context, remedy: asText(context.remedy) };
	}

	get nextMove(): NextMove {
		const { code, nextMove } = this.context;
		return nextMove ?? (isOwnErrorCode(code) ? ownErrors[code].nextMove : 'operator');
	}

	/** The message without its device. */
	get summary(): string {
		const { code, summary } = this.context;
		return summary ?? (isOwnErrorCode(code) ? ownErrors[code].happened : this.message);
	}
}

/** The error of the devices that a run no longer asks about. */
export class EndedEarly extends OpenGatewayError {}

export function isOwnErrorCode(code: string): code is OwnErrorCode {
	return Object.hasOwn(ownErrors, code);
}

/** The operator's answer in one sentence; `undefined` if an error is of the node itself. */
export function responseInWords({ context }: OpenGatewayError): string | undefined {
	const { code, status, serverMessage } = context;
	// An error that a phone brought back from the operator's page has a code, but no status.
	if (status === undefined && isOwnErrorCode(code)) return undefined;
	const told = status === undefined ? code : `HTTP ${status}`;
	const ownCode = status === undefined || code === `HTTP_${status}` ? '' : ` ${code}`;
	return `Operator response: ${told}${ownCode}${serverMessage ? `, “${serverMessage}”` : ''}.`;
}

/** Which response an error is about. */
interface Responded {
	readonly status?: number;
	readonly correlator?: string;
	readonly json?: unknown;
	/** Scheme, host and path that were asked. */
	readonly url?: string;
	/** The field of the credential that the address comes from. */
	readonly field?: string;
	/** Values that may come back in it. */
	readonly sent?: Sent;
}

/** A server's error code, in its response or in a redirect, as an error in words. */
export function serverError(
	{ status, correlator, url, field = BASE_URL, sent }: Responded,
	{ happened, nextMove, remedy, misdirected }: ErrorText,
	{ code, message, device }: { code: string; message: unknown; device: string },
): OpenGatewayError {
	const filledIn = (text: string, about: string) =>
		text
			.replaceAll('{device}', about)
			.replaceAll('{address}', addressIn(url))
			.replaceAll('{field}', `'${field}'`);
	return new OpenGatewayError(filledIn(happened, device), {
		remedy: filledIn(remedy, device),
		nextMove,
		summary: filledIn(happened, 'the device'),
		code: shownCode(code, sent),
		status,
		correlator: shownCorrelator(correlator, sent),
		serverMessage: typeof message === 'string' ? quoted(message, sent) : undefined,
		...(misdirected && { misdirected }),
	});
}

/** A server's code if it can be shown as it is, or `unknown`. */
function shownCode(code: string, sent: Sent | undefined): string {
	const isShown = isPlainCode(code) || quoted(code) === code;
	return isShown && /^[\w.:-]{1,64}$/.test(code) && !holdsSent(code, sent) ? code : 'unknown';
}

/** `oauth.v2.InvalidAccessToken`, `900901`: too plain for a token or a phone number. */
function isPlainCode(code: string): boolean {
	return /^(?:[A-Z]{1,30}\d{0,2}(?:[._:-](?=[A-Z])|$)){1,6}$|^\d{1,6}$/i.test(code);
}

/** A correlator is of use as a whole only. */
function shownCorrelator(
	correlator: string | undefined,
	sent: Sent | undefined,
): string | undefined {
	return correlator !== undefined && holdsSent(correlator, sent) ? undefined : correlator;
}

const BASE_URL = 'Base URL';

/** Characters: an operator may publish addresses of any length. */
const MAX_ADDRESS_LENGTH = 200;

function addressIn(url = 'the operator’s address'): string {
	return shortened(url, MAX_ADDRESS_LENGTH);
}

/**
 * A response that its API document does not describe. It is not read any further.
 * @param found e.g. `it is not JSON`
 * @param remedy if there is a better one than to try again
 */
export function unexpectedResponse(
	{ status = 0, correlator, json, url, field = BASE_URL, sent }: Responded,
	found: string,
	remedy = 'Try again later. If it happens again, give the correlator to the operator’s support.',
): OpenGatewayError {
	const isAnswer = status === 204 || (typeof json === 'object' && json !== null);
	const misdirected = status < 500 && !isAnswer;
	return new OpenGatewayError(`The operator’s response cannot be read: ${found}.`, {
		remedy: misdirected
			? `Check '${field}' in the credential: another server may be responding at ${addressIn(url)}. If it is right, give the correlator to the operator’s support.`
			: remedy,
		code: 'UNEXPECTED_ANSWER',
		status,
		correlator: shownCorrelator(correlator, sent),
		...(misdirected && { misdirected }),
	});
}

/**
 * An error as the branch of a workflow sees it; every field is always there.
 * `status` is an HTTP status, or `null` if no response came.
 */
export interface ItemError {
	message: string;
	code: string | null;
	/** The operator's own words. */
	description: string | null;
	nextMove: NextMove | null;
	status: number | null;
	correlator: string | null;
}

export function toItemError(error: unknown): ItemError {
	if (!(error instanceof OpenGatewayError)) {
		const message = error instanceof Error ? asText(error.message) : 'Unknown error';
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
