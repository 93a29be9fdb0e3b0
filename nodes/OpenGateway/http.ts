import { OpenGatewayError } from './errors';

/** A request as the flows make it, before the host adds proxy, TLS and authentication. */
export interface HttpRequest {
	readonly method: 'GET' | 'POST' | 'DELETE';
	readonly url: string;
	readonly headers: Readonly<Record<string, string>>;
	/** Encoded already, as `content-type` says. */
	readonly body?: string;
	/**
	 * `false`: a second copy of the request would have another effect than the first (RFC 9110
	 * section 9.2.2). It is retried only if the server surely has not processed it.
	 */
	readonly idempotent?: false;
}

/** A response of any HTTP status. */
export interface HttpResponse {
	readonly status: number;
	/** The parsed body; `undefined` if it is not JSON. */
	readonly json: unknown;
	/** `x-correlator` of the response, or else of the request. */
	readonly correlator: string;
	/** How long the server asks the client to wait (ms): `Retry-After`, RFC 9110 section 10.2.3. */
	readonly retryAfter?: number;
}

/**
 * Sends a request and resolves with the response, whatever its status.
 * @param request makes the request anew for each retry: a client assertion, for one, may be used once
 * @throws {OpenGatewayError} `UNREACHABLE` or `TIMEOUT` if no response came
 */
export type Send = (request: () => HttpRequest) => Promise<HttpResponse>;

/** What a flow needs of the program that it runs in. */
export interface Transport {
	readonly send: Send;
	/** Waits (ms); rejects at once when the execution is cancelled. */
	readonly wait: (ms: number) => Promise<void>;
	/** A new retry budget, for a step of several requests. */
	readonly backoff: () => Backoff;
}

export interface Backoff {
	/**
	 * Waits before the next retry.
	 * @param atLeast ms
	 * @returns `false`, at once, if no retry is left
	 */
	next(atLeast?: number): Promise<boolean>;
}

/** @returns a POST of `application/x-www-form-urlencoded`, in which `+` is `%2B` and a space is `+` */
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

/**
 * @param json body; absent for a request without one
 * @returns a POST of `application/json` unless `method` says otherwise
 */
export function jsonRequest(
	{ method = 'POST', url, json }: { method?: HttpRequest['method']; url: string; json?: object },
	headers: Record<string, string>,
	correlator: string,
): HttpRequest {
	return {
		method,
		url,
		headers: {
			...(json && { 'content-type': 'application/json' }),
			accept: 'application/json',
			...headers,
			'x-correlator': correlator,
		},
		...(json && { body: JSON.stringify(json) }),
	};
}

/** Any 2xx (RFC 9110 section 15.3). */
export function isSuccess({ status }: HttpResponse): boolean {
	return status >= 200 && status < 300;
}

/** Reads a response. A body that is not JSON is left for the reader of its document to refuse. */
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

/** @returns ms from now, of seconds or a date (RFC 9110 section 10.2.3) */
function parseRetryAfter(value: unknown): number | undefined {
	const written = typeof value === 'string' ? value.trim() : '';
	if (/^\d{1,9}$/.test(written)) return Number(written) * 1000;
	// `Date.parse` would read any other number as a year.
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

/** Statuses of a gateway that got no response from the server behind it. */
export const UPSTREAM_FAILURES: readonly number[] = [502, 504];

/** Whether the server may have processed a request whose response did not arrive. */
export function hasUnknownOutcome(error: unknown): boolean {
	if (!(error instanceof OpenGatewayError)) return false;
	const { transient, status = 0 } = error.context;
	return transient === true || UPSTREAM_FAILURES.includes(status);
}

/** The value as an object whose fields can be read, or an empty one. */
export function asObject(value: unknown): Record<string, unknown> {
	return typeof value === 'object' && value !== null && !Array.isArray(value)
		? (value as Record<string, unknown>)
		: {};
}
