import type {
	IExecuteFunctions,
	IHookFunctions,
	IHttpRequestOptions,
	IN8nHttpFullResponse,
} from 'n8n-workflow';
import { notSignedIn } from '../credential/signIn';
import { OpenGatewayError } from '../errors';
import { asObject, readResponse, type HttpRequest, type HttpResponse } from '../http';
import { bothSent, hidden } from '../sent';

/**
 * n8n's context, as far as requests and credentials need it. Every kind of node has these members,
 * but only `execute` can be cancelled.
 */
export type N8nContext = Pick<IHookFunctions, 'getCredentials' | 'getNode' | 'helpers'> &
	Partial<Pick<IExecuteFunctions, 'getExecutionCancelSignal'>>;

/** Sends one request once. */
export type SendOnce = (request: HttpRequest) => Promise<HttpResponse>;

/** When a request is given up. */
export interface Timeouts {
	/** Aborts when the run is cancelled or over. */
	readonly signal: AbortSignal;
	/** Longest silence of the server (ms). */
	readonly timeout: number;
}

/** Sends with n8n's helper, which applies the instance's proxy, TLS and egress rules. */
export function sendOnce({ helpers }: N8nContext, timeouts: Timeouts): SendOnce {
	return exchange(
		async (request) =>
			await helpers.httpRequest({
				...requestOptions(request, timeouts),
				ignoreHttpStatusErrors: true,
			}),
		timeouts.timeout,
	);
}

/**
 * Sends with the access token of the OAuth2 credential, which n8n keeps, and refreshes after a 401.
 * A 403 may mean a token that was revoked: the first one refreshes the token, too.
 * @throws {OpenGatewayError} `NOT_SIGNED_IN` if the token cannot be refreshed
 */
export function sendOnceSignedIn(context: N8nContext, timeouts: Timeouts): SendOnce {
	let renewed: Promise<boolean> | undefined;
	const renew = async (): Promise<boolean> =>
		await context.helpers.refreshOAuth2Token
			.call(context as IHookFunctions, 'openGatewayOAuth2Api')
			.then(
				() => true,
				// The refusal itself tells more than one to refresh the token.
				() => false,
			);
	return exchange(async (request) => {
		const isRenewed = renewed !== undefined;
		const send = async (ignoreHttpStatusErrors: boolean): Promise<IN8nHttpFullResponse> =>
			await context.helpers.httpRequestWithAuthentication.call(
				context as IHookFunctions,
				'openGatewayOAuth2Api',
				{ ...requestOptions(request, timeouts), ignoreHttpStatusErrors },
			);
		const response = await send(true);
		if (response.statusCode === 403 && !isRenewed) {
			renewed ??= renew();
			return (await renewed) ? await send(true) : response;
		}
		if (response.statusCode !== 401) return response;
		// n8n refreshes the token only if the 401 is thrown, and some versions drop the response from
		// that error: hence two steps.
		return await send(false).catch((error: unknown) => {
			const cause = asObject(asObject(error).cause);
			const { status, headers, data: body } = asObject(cause.response);
			const isOfThisRequest = asObject(cause.config).url === request.url;
			if (isOfThisRequest && typeof status === 'number') {
				return { statusCode: status, headers: asObject(headers), body } as IN8nHttpFullResponse;
			}
			// The request to refresh failed. Only a refusal means that the subscriber has to sign in again.
			if (cause.isAxiosError === true && !(Number(status) < 500)) throw error;
			throw notSignedIn();
		});
	}, timeouts.timeout);
}

/**
 * {@link sendOnceSignedIn}, whose responses also tell which tokens n8n sent: it adds the token to
 * the request, and may renew it on the way.
 */
export function sendOnceWithTokens(context: N8nContext, timeouts: Timeouts): SendOnce {
	const send = sendOnceSignedIn(context, timeouts);
	const tokens = async () => {
		const { oauthTokenData } = await context.getCredentials('openGatewayOAuth2Api', 0);
		const { access_token, refresh_token } = asObject(oauthTokenData);
		return hidden([access_token, refresh_token]);
	};
	return async (request) => {
		const before = await tokens();
		const response = await send(request);
		return { ...response, sent: bothSent(response.sent, bothSent(await tokens(), before)) };
	};
}

function requestOptions(request: HttpRequest, { signal, timeout }: Timeouts): IHttpRequestOptions {
	const deadline = AbortSignal.timeout(timeout + 1000);
	// AbortSignal.any holds its sources weakly, and Node collects a timeout that has no listener of
	// its own before it fires (nodejs/node#57736).
	deadline.onabort = () => undefined;
	return {
		method: request.method,
		url: request.url,
		headers: { ...request.headers },
		body: request.body,
		encoding: 'text',
		returnFullResponse: true,
		// A redirect would carry the secret or the token to another server.
		disableFollowRedirect: true,
		// n8n's timeout is an idle timeout: every byte restarts it. The deadline is for the whole response.
		timeout,
		abortSignal: AbortSignal.any([signal, deadline]),
	};
}

/**
 * Makes a {@link SendOnce} of a helper of n8n that resolves with any status.
 * @param timeout of the helper (ms), for the text of the error
 * @throws {OpenGatewayError} `TIMEOUT` or `UNREACHABLE` if there is no response
 */
export function exchange(
	helper: (request: HttpRequest) => Promise<IN8nHttpFullResponse>,
	timeout: number,
): SendOnce {
	return async (request) => {
		const { statusCode, headers, body } = await helper(request).catch((error: unknown) => {
			throw error instanceof OpenGatewayError ? error : noResponse(request, error, timeout);
		});
		return readResponse(request, statusCode, headers, body);
	};
}

const TIMED_OUT = ['ECONNABORTED', 'ETIMEDOUT', 'ESOCKETTIMEDOUT', 'ERR_CANCELED'];
/** Network errors that a retry may not meet. */
const TRANSIENT = [
	'ECONNRESET',
	'ECONNREFUSED',
	'EPIPE',
	'EAI_AGAIN',
	'EHOSTUNREACH',
	'ENETUNREACH',
	'EADDRNOTAVAIL',
	// The response was cut off.
	'ERR_BAD_RESPONSE',
];

/** Only the code of the error is used: its request holds the secret or the token. */
function noResponse(
	{ url, headers }: HttpRequest,
	error: unknown,
	timeout: number,
): OpenGatewayError {
	const reason = networkErrorCode(error);
	const { host } = new URL(url);
	const correlator = headers['x-correlator'];
	if (TIMED_OUT.includes(reason)) {
		return new OpenGatewayError(
			`The operator at ${host} did not respond within ${timeout / 1000} s.`,
			{ remedy: 'Try again later.', code: 'TIMEOUT', correlator, transient: true },
		);
	}
	return new OpenGatewayError(`The operator at ${host} cannot be reached (${reason}).`, {
		remedy:
			'Check the URLs in the credential, and that n8n may reach them. If they are right, try again later.',
		code: 'UNREACHABLE',
		correlator,
		...(TRANSIENT.includes(reason) && { transient: true }),
	});
}

/** The code of the network error. If n8n wraps the error, the code is only in its messages. */
function networkErrorCode(error: unknown): string {
	const { code, cause, message, messages } = asObject(error);
	const words = [code, asObject(cause).code, messages, message].flat().join(' ');
	if (words.includes('timeout of')) return 'ETIMEDOUT';
	return /\b(?:E[A-Z]{4,}|[A-Z]+(?:_[A-Z]+)+)\b/.exec(words)?.[0] ?? 'no connection';
}
