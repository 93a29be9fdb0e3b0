import { OpenGatewayError } from './errors';
import { parseJson } from './json';
import { waitAskedFor } from './retryAfter';
import { sentIn } from './sent';
import type { Sent } from './words';

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
	/**
	 * `true`: the flow itself repeats the request, at intervals that the server sets. The transport
	 * does not retry it, and an answer that asks for the next one says nothing about other requests.
	 */
	readonly isPoll?: true;
}

/** A response of any HTTP status. */
export interface HttpResponse {
	readonly status: number;
	/** Scheme, host and path that were asked. */
	readonly url: string;
	/** The field of the credential that the address comes from. Default: Base URL. */
	readonly field?: string;
	/** The parsed body; `undefined` if it is not JSON. */
	readonly json: unknown;
	/** The body, if it is not JSON. */
	readonly text?: string;
	/** `WWW-Authenticate` (RFC 9110 section 11.6.1). */
	readonly challenge?: string;
	/** `x-correlator` of the response, or else of the request. */
	readonly correlator: string;
	/** How long the server asks the client to wait (ms): see {@link waitAskedFor}. */
	readonly retryAfter?: number;
	/** Values of its request, and of those before it, that may come back in its words. */
	readonly sent?: Sent;
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
	/** When the run began (ms since the epoch). */
	readonly startedAt: number;
	/**
	 * Notes that a part of an answer was set aside because it cannot be read.
	 * @param part e.g. `countryName`
	 */
	readonly setAside: (part: string) => void;
}

export interface Backoff {
	/**
	 * Waits before the next retry.
	 * @param reason of the retry, such as `HTTP 429` or `TIMEOUT`
	 * @param atLeast ms
	 * @returns `false`, at once, if no retry is left
	 */
	next(reason: string, atLeast?: number): Promise<boolean>;
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
	const echoed = typeof correlator === 'string' && /^[\w:;./-]{1,256}$/.test(correlator);
	const challenge = headers['www-authenticate'];
	const json = parseJson(body);
	const retryAfter = waitAskedFor(status, headers, json);
	return {
		status,
		url: request.url.replace(/[?#].*$/s, ''),
		json,
		...(json === undefined && typeof body === 'string' && { text: body }),
		...(challenge !== undefined && { challenge: [challenge].flat().join(', ') }),
		correlator: echoed ? correlator : (request.headers['x-correlator'] ?? ''),
		...(retryAfter !== undefined && { retryAfter }),
		sent: sentIn(request, json),
	};
}

/**
 * Statuses of a server that did not process the request (as in RFC 9113 section 8.7): too early,
 * too many requests, unavailable, overloaded (529, of several gateways).
 */
export const REJECTED_UNPROCESSED: readonly number[] = [425, 429, 503, 529];

/** Statuses of a gateway that got no response from the server behind it; 520 to 524 are Cloudflare's. */
const UPSTREAM_FAILURES: readonly number[] = [408, 502, 504, 520, 521, 522, 523, 524];

/** Statuses that a retry may not meet. */
export const TRANSIENT_STATUSES: readonly number[] = [
	...REJECTED_UNPROCESSED,
	...UPSTREAM_FAILURES,
	500,
];

/** Whether the server may have processed a request whose response did not arrive. */
export function hasUnknownOutcome(error: unknown): boolean {
	if (!(error instanceof OpenGatewayError)) return false;
	const { transient, status = 0 } = error.context;
	return transient === true || UPSTREAM_FAILURES.includes(status);
}
