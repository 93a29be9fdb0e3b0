import { OpenGatewayError, quoted, type NextMove } from './errors';

/** A request as the flows make it, before the host adds proxy, TLS and authentication. */
export interface HttpRequest {
	readonly method: 'GET' | 'POST';
	readonly url: string;
	readonly headers: Readonly<Record<string, string>>;
	/** Encoded already, as `content-type` says. */
	readonly body?: string;
	/**
	 * `false`: holds something that can be used only once, such as an authorization code, so it must
	 * not be retried if the server may have processed it (RFC 9110 section 9.2.2).
	 */
	readonly idempotent?: false;
}

/** An answer of any HTTP status. */
export interface HttpResponse {
	readonly status: number;
	/** The parsed body; `undefined` where it is not JSON. */
	readonly json: unknown;
	/** `x-correlator` of the answer, or else of the request. */
	readonly correlator: string;
	/** How long the server asks to be left alone, in ms (`Retry-After`, RFC 9110 section 10.2.3). */
	readonly retryAfter?: number;
}

/**
 * Sends a request and resolves with the answer, whatever its status.
 * @param request makes it anew for each try: a client assertion, for one, is good only once
 * @throws {OpenGatewayError} `UNREACHABLE` or `TIMEOUT` where no answer came.
 */
export type Send = (request: () => HttpRequest) => Promise<HttpResponse>;

/** `application/x-www-form-urlencoded`, in which `+` is `%2B` and a space is `+`. */
export function formRequest(
	url: string,
	form: Record<string, string>,
	headers: Record<string, string>,
	correlator: string,
): HttpRequest {
	return {
		method: 'POST',
		url,
		headers: {
			'content-type': 'application/x-www-form-urlencoded',
			accept: 'application/json',
			...headers,
			'x-correlator': correlator,
		},
		body: new URLSearchParams(form).toString(),
	};
}

export function jsonRequest(
	url: string,
	json: object,
	headers: Record<string, string>,
	correlator: string,
): HttpRequest {
	return {
		method: 'POST',
		url,
		headers: {
			'content-type': 'application/json',
			accept: 'application/json',
			...headers,
			'x-correlator': correlator,
		},
		body: JSON.stringify(json),
	};
}

/** Reads an answer; one that is not JSON is left for the reader of its document to refuse. */
export function readResponse(
	request: HttpRequest,
	status: number,
	headers: Readonly<Record<string, unknown>>,
	body: unknown,
): HttpResponse {
	const correlator = headers['x-correlator'];
	const echoed = typeof correlator === 'string' && /^[\w:;./<>{}-]{1,256}$/.test(correlator);
	const retryAfter = parseRetryAfter(headers['retry-after']);
	return {
		status,
		json: parseJson(body),
		correlator: echoed ? correlator : (request.headers['x-correlator'] ?? ''),
		...(retryAfter !== undefined && { retryAfter }),
	};
}

/** Seconds or a date (RFC 9110 section 10.2.3), as milliseconds from now. */
function parseRetryAfter(value: unknown): number | undefined {
	const written = typeof value === 'string' ? value.trim() : '';
	if (/^\d{1,9}$/.test(written)) return Number(written) * 1000;
	// A number that is none of these would be read as a year.
	const at = /[a-z]/i.test(written) ? Date.parse(written) : NaN;
	return Number.isNaN(at) ? undefined : Math.max(at - Date.now(), 0);
}

function parseJson(body: unknown): unknown {
	if (typeof body !== 'string') return body;
	try {
		return JSON.parse(body);
	} catch {
		return undefined;
	}
}

/** Statuses of a gateway that got no answer of the server behind it. */
export const UPSTREAM_FAILURES: readonly number[] = [502, 504];

/** Nothing tells whether the server took the request. */
export function hasUnknownOutcome(error: unknown): boolean {
	if (!(error instanceof OpenGatewayError)) return false;
	const { transient: passing, status = 0 } = error.context;
	return passing === true || UPSTREAM_FAILURES.includes(status);
}

/** The value as an object whose fields can be looked at, or an empty one. */
export function asObject(value: unknown): Record<string, unknown> {
	return typeof value === 'object' && value !== null && !Array.isArray(value)
		? (value as Record<string, unknown>)
		: {};
}

/** An answer that its API document does not promise. It is never read any further. */
export function unexpectedResponse(answer: HttpResponse, found: string): OpenGatewayError {
	return new OpenGatewayError(`The operator’s answer cannot be read: ${found}.`, {
		remedy:
			answer.status >= 500
				? 'Try again later; if it stays, give the correlator to the operator’s support.'
				: 'Check the Base URL in the credential: something else may be answering there. If it is right, give the correlator to the operator’s support.',
		code: 'UNEXPECTED_ANSWER',
		status: answer.status,
		correlator: answer.correlator,
	});
}

/** What a code means to a person; `{line}` in it stands for the line, masked. */
export interface ErrorText {
	readonly happened: string;
	readonly nextMove: NextMove;
	readonly remedy: string;
}

/** An error answer, or an error that came with a redirect, in a person's words. */
export function serverError(
	answer: Partial<Pick<HttpResponse, 'status' | 'correlator'>>,
	meaning: ErrorText,
	{ code, message, line }: { code: string; message: unknown; line: string },
): OpenGatewayError {
	return new OpenGatewayError(meaning.happened.replaceAll('{line}', line), {
		remedy: meaning.remedy,
		nextMove: meaning.nextMove,
		code: quoted(code),
		status: answer.status,
		correlator: answer.correlator,
		serverMessage: typeof message === 'string' ? quoted(message) : undefined,
	});
}
