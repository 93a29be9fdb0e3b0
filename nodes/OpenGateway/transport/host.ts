import {
	sleep,
	type IExecuteFunctions,
	type IHttpRequestOptions,
	type IN8nHttpFullResponse,
} from 'n8n-workflow';
import { notSignedIn } from '../credential/signIn';
import { OpenGatewayError } from '../errors';
import { asObject, readResponse, type HttpResponse, type HttpRequest } from '../http';

/** Sends one request once. */
export type SendOnce = (request: HttpRequest) => Promise<HttpResponse>;

/** When a request is given up. */
export interface Timeouts {
	/** Aborts when the execution is cancelled, or when the answer takes too long in all. */
	readonly signal: () => AbortSignal;
	/** Longest silence of the server, ms. */
	readonly timeout: number;
}

/** n8n's helper, which brings the instance's proxy, TLS and egress rules with it. */
export function sendOnce(execute: IExecuteFunctions, patience: Timeouts): SendOnce {
	return exchange(
		async (request) =>
			await execute.helpers.httpRequest({
				...requestOptions(request, patience),
				ignoreHttpStatusErrors: true,
			}),
		patience.timeout,
	);
}

/**
 * The same, with the access token of the line whose owner signed in, which n8n keeps, and refreshes
 * where it is answered with 401.
 */
export function sendOnceSignedIn(execute: IExecuteFunctions, patience: Timeouts): SendOnce {
	return exchange(async (request) => {
		const send = async (ignoreHttpStatusErrors: boolean): Promise<IN8nHttpFullResponse> =>
			await execute.helpers.httpRequestWithAuthentication.call(execute, 'openGatewayOAuth2Api', {
				...requestOptions(request, patience),
				ignoreHttpStatusErrors,
			});
		const answer = await send(true);
		if (answer.statusCode !== 401) return answer;
		// n8n refreshes only where an error status is thrown, of which not every n8n tells the answer.
		return await send(false).catch((error: unknown) => {
			const cause = asObject(asObject(error).cause);
			const { status, headers, data: body } = asObject(cause.response);
			const ofTheRequest = asObject(cause.config).url === request.url;
			if (ofTheRequest && typeof status === 'number') {
				return { statusCode: status, headers: asObject(headers), body } as IN8nHttpFullResponse;
			}
			// Of the request to refresh the token: only a refusal is the owner's move.
			if (cause.isAxiosError === true && !(Number(status) < 500)) throw error;
			throw notSignedIn();
		});
	}, patience.timeout);
}

function requestOptions(request: HttpRequest, { signal, timeout }: Timeouts): IHttpRequestOptions {
	return {
		method: request.method,
		url: request.url,
		headers: { ...request.headers },
		body: request.body,
		encoding: 'text',
		returnFullResponse: true,
		// A redirect would carry the secret or the token to wherever it points.
		disableFollowRedirect: true,
		timeout,
		abortSignal: signal(),
	};
}

/** What `sleepWithAbort` of n8n-workflow does, which not every supported n8n has. */
export async function wait(ms: number, signal: AbortSignal): Promise<void> {
	signal.throwIfAborted();
	// One of its own: Node warns where more than ten listen to the same.
	const own = AbortSignal.any([signal]);
	let abort = () => {};
	const aborted = new Promise<never>((_, reject) => {
		abort = () => reject(own.reason);
	});
	own.addEventListener('abort', abort);
	try {
		await Promise.race([sleep(ms), aborted]);
	} finally {
		own.removeEventListener('abort', abort);
	}
}

/**
 * Turns a helper of n8n, which answers any status and throws where none came, into a {@link SendOnce}.
 * @param timeout after which the helper gives up, in ms
 */
export function exchange(
	request: (request: HttpRequest) => Promise<IN8nHttpFullResponse>,
	timeout: number,
): SendOnce {
	return async (outgoing) => {
		const { statusCode, headers, body } = await request(outgoing).catch((error: unknown) => {
			throw error instanceof OpenGatewayError ? error : noAnswer(outgoing, error, timeout);
		});
		return readResponse(outgoing, statusCode, headers, body);
	};
}

const TIMED_OUT = ['ECONNABORTED', 'ETIMEDOUT', 'ESOCKETTIMEDOUT', 'ERR_CANCELED'];
/** Network errors that another try may not meet. */
const PASSING = [
	'ECONNRESET',
	'ECONNREFUSED',
	'EPIPE',
	'EAI_AGAIN',
	'EHOSTUNREACH',
	'ENETUNREACH',
	'EADDRNOTAVAIL',
	// The body broke off.
	'ERR_BAD_RESPONSE',
];

/** Of the error itself only its code is kept: its request holds the secret or the token. */
function noAnswer(
	{ url, headers }: HttpRequest,
	error: unknown,
	timeout: number,
): OpenGatewayError {
	const reason = networkErrorCode(error);
	const { host } = new URL(url);
	const correlator = headers['x-correlator'];
	if (TIMED_OUT.includes(reason)) {
		return new OpenGatewayError(
			`The operator at ${host} did not answer within ${timeout / 1000} s.`,
			{ remedy: 'Try again later.', code: 'TIMEOUT', correlator, transient: true },
		);
	}
	return new OpenGatewayError(`The operator at ${host} cannot be reached (${reason}).`, {
		remedy:
			'Check the URLs in the credential and that n8n may reach them; if all is right, try again later.',
		code: 'UNREACHABLE',
		correlator,
		...(PASSING.includes(reason) && { transient: true }),
	});
}

/** The code of the network error. Where n8n wraps the error, only its messages still tell it. */
function networkErrorCode(error: unknown): string {
	const { code, cause, message, messages } = asObject(error);
	const words = [code, asObject(cause).code, messages, message].flat().join(' ');
	if (words.includes('timeout of')) return 'ETIMEDOUT';
	return /\b(?:E[A-Z]{4,}|[A-Z]+(?:_[A-Z]+)+)\b/.exec(words)?.[0] ?? 'no connection';
}
