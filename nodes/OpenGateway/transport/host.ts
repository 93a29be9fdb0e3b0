import type {
	IExecuteFunctions,
	IHookFunctions,
	IHttpRequestOptions,
	IN8nHttpFullResponse,
} from 'n8n-workflow';
import { notSignedIn } from '../credential/signIn';
import { OpenGatewayError } from '../errors';
import { isSuccess, readResponse, type HttpRequest, type HttpResponse } from '../http';
import { asObject } from '../json';
import { allSent, hidden } from '../sent';
import type { Sent } from '../words';
import { BodyTooLong, MAX_BODY_LENGTH, readBody } from './body';
import { LATE, type TimeLimit } from './timeLimit';

/**
 * n8n's context, as far as requests and credentials need it. Every kind of node has these members,
 * but only `execute` can be cancelled.
 */
export type N8nContext = Pick<IHookFunctions, 'getCredentials' | 'getNode' | 'helpers'> &
	Partial<Pick<IExecuteFunctions, 'getExecutionCancelSignal'>>;

/** Sends one request once. */
export type SendOnce = (request: HttpRequest) => Promise<HttpResponse>;

/** Sends with n8n's helper, which applies the instance's proxy, TLS and egress rules. */
export function sendOnce({ helpers }: N8nContext, limit: TimeLimit): SendOnce {
	return exchange(
		async (request) =>
			await received(
				async (signal) => await helpers.httpRequest(requestOptions(request, signal)),
				limit,
			),
		limit.ms,
	);
}

/**
 * Sends with the access token of the OAuth2 credential, which n8n keeps, and has n8n refresh it after
 * a 401. A 403 may mean a token that was revoked: the first one refreshes the token, too.
 * @throws {OpenGatewayError} `NOT_SIGNED_IN` if the token cannot be refreshed
 */
export function sendOnceSignedIn(context: N8nContext, limit: TimeLimit): SendOnce {
	/** The last one, which all requests share whose token is older. */
	let refreshed: Promise<unknown> | undefined;
	const refresh = async () =>
		await limit.within(
			async () =>
				await context.helpers.refreshOAuth2Token.call(context as IHookFunctions, CREDENTIAL),
		);
	return exchange(async (request) => {
		const send = async () =>
			await received(
				async (signal) =>
					await context.helpers.httpRequestWithAuthentication.call(
						cancelledBy(signal, context),
						CREDENTIAL,
						requestOptions(request, signal),
					),
				limit,
			);
		const before = refreshed;
		const response = await send();
		const { statusCode } = response;
		if (statusCode !== 401 && !(statusCode === 403 && before === undefined)) return response;
		if (refreshed === before) refreshed = refresh();
		try {
			await refreshed;
		} catch (error) {
			// The refusal itself tells more than one to refresh the token.
			if (statusCode === 403) return response;
			throw isOfNetwork(error) ? error : notSignedIn();
		}
		return await send();
	}, limit.ms);
}

/**
 * {@link sendOnceSignedIn}, whose responses also tell which tokens n8n sent: it adds the token to
 * the request, and may renew it on the way.
 */
export function sendOnceWithTokens(context: N8nContext, limit: TimeLimit): SendOnce {
	const send = sendOnceSignedIn(context, limit);
	const tokens = async () => {
		const { oauthTokenData } = await context.getCredentials('openGatewayOAuth2Api', 0);
		const { access_token, refresh_token } = asObject(oauthTokenData);
		return hidden([access_token, refresh_token]);
	};
	let first: Promise<Sent> | undefined;
	return async (request) => {
		first ??= tokens();
		const response = await send(request);
		// The token was renewed, if at all, because the operator refused the first one.
		const renewed = isSuccess(response) ? undefined : await tokens();
		return { ...response, sent: allSent(await first, renewed, response.sent) };
	};
}

const CREDENTIAL = 'openGatewayOAuth2Api';

/** n8n replaces the signal of such a request by the one that cancels the execution. */
function cancelledBy(signal: AbortSignal, context: N8nContext): IHookFunctions {
	const getExecutionCancelSignal = { value: () => signal };
	return Object.create(context, { getExecutionCancelSignal }) as IHookFunctions;
}

/** Whether the request to refresh a token failed. Only a refusal means that the subscriber has to sign in again. */
function isOfNetwork(error: unknown): boolean {
	const { code, cause, isAxiosError, response } = asObject(error);
	if (cause !== undefined && isOfNetwork(cause)) return true;
	const { status } = asObject(response);
	return code === LATE || (isAxiosError === true && !(Number(status) < 500));
}

/** Without a timeout: after one of its own, axios leaves the connection to a silent server open. */
function requestOptions(request: HttpRequest, signal: AbortSignal): IHttpRequestOptions {
	return {
		method: request.method,
		url: request.url,
		headers: { ...request.headers },
		body: request.body,
		encoding: 'stream',
		returnFullResponse: true,
		ignoreHttpStatusErrors: true,
		// A redirect would carry the secret or the token to another server.
		disableFollowRedirect: true,
		abortSignal: signal,
	};
}

/**
 * Receives a response of a helper of n8n, whose body is a stream, and reads it.
 * @param send aborts the request when its signal does
 * @returns a body of text
 * @throws {BodyTooLong} also as n8n's helpers throw, and as {@link TimeLimit.within}
 */
export async function received(
	send: (signal: AbortSignal) => Promise<IN8nHttpFullResponse>,
	limit: TimeLimit,
): Promise<IN8nHttpFullResponse> {
	return await limit.within(async (signal) => {
		const { statusCode, headers, body } = await send(signal);
		const read = (await readBody(body, statusCode, signal)) as IN8nHttpFullResponse['body'];
		return { statusCode, headers, body: read };
	});
}

/**
 * Makes a {@link SendOnce} of a helper of n8n that resolves with any status.
 * @param timeout of the helper (ms), for the text of the error
 * @throws {OpenGatewayError} `TIMEOUT` or `UNREACHABLE` if there is no response, `UNEXPECTED_ANSWER`
 * if it is too long
 */
export function exchange(
	helper: (request: HttpRequest) => Promise<IN8nHttpFullResponse>,
	timeout: number,
): SendOnce {
	return async (request) => {
		const { statusCode, headers, body } = await helper(request).catch((error: unknown) => {
			if (error instanceof OpenGatewayError) throw error;
			throw error instanceof BodyTooLong
				? tooLong(request, error)
				: noResponse(request, error, timeout);
		});
		return readResponse(request, statusCode, headers, body);
	};
}

function tooLong({ url, headers }: HttpRequest, { status }: BodyTooLong): OpenGatewayError {
	return new OpenGatewayError(
		`The response of ${new URL(url).host} is longer than ${MAX_BODY_LENGTH / 1e6} MB.`,
		{
			remedy:
				'Check the URLs in the credential: another server than the operator’s may be responding. If they are right, give the correlator to the operator’s support.',
			code: 'UNEXPECTED_ANSWER',
			status,
			correlator: headers['x-correlator'],
			misdirected: true,
		},
	);
}

const TIMED_OUT = [LATE, 'ECONNABORTED', 'ESOCKETTIMEDOUT', 'ERR_CANCELED'];
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
