import { setFlagsFromString } from 'v8';
import { runInNewContext } from 'vm';
import type { IHttpRequestOptions } from 'n8n-workflow';
import { OpenGatewayError } from '../../nodes/OpenGateway/errors';
import {
	exchange,
	sendOnce,
	sendOnceSignedIn,
	type N8nContext,
} from '../../nodes/OpenGateway/transport/host';
import type { HttpRequest } from '../../nodes/OpenGateway/http';

const request: HttpRequest = {
	method: 'POST',
	url: 'https://api.example.com:8443/token?secret=made-up',
	headers: { 'x-correlator': 'made-up-correlator', authorization: 'Bearer made-up-token' },
};

/** The error of a request whose helper throws. */
async function failure(thrown: unknown, timeout = 15_000): Promise<OpenGatewayError> {
	const send = exchange(async () => await Promise.reject(thrown), timeout);
	const error: unknown = await send(request).catch((reason: unknown) => reason);
	if (!(error instanceof OpenGatewayError)) throw new Error('It did not fail', { cause: error });
	expect(error.context.correlator).toBe('made-up-correlator');
	expect(JSON.stringify([error.message, error.context])).not.toMatch(/secret|token/);
	return error;
}

test('a response is read, whatever its status', async () => {
	const headers = { 'x-correlator': 'the-operators-own' };
	const send = exchange(async () => ({ statusCode: 404, headers, body: '{"code":"X"}' }), 1000);
	expect(await send(request)).toEqual({
		status: 404,
		url: 'https://api.example.com:8443/token',
		json: { code: 'X' },
		sent: expect.any(Map) as Map<string, string>,
		correlator: 'the-operators-own',
	});
});

describe('a request without a response', () => {
	test.each(['ECONNABORTED', 'ETIMEDOUT', 'ESOCKETTIMEDOUT', 'ERR_CANCELED'])(
		'times out with %s, which is transient',
		async (code) => {
			expect(await failure({ code }, 2500)).toMatchObject({
				message: 'The operator at api.example.com:8443 did not respond within 2.5 s.',
				context: { code: 'TIMEOUT', transient: true, remedy: 'Try again later.' },
			});
		},
	);

	test.each([
		'ECONNRESET',
		'ECONNREFUSED',
		'EPIPE',
		'EAI_AGAIN',
		'EHOSTUNREACH',
		'ENETUNREACH',
		'EADDRNOTAVAIL',
		'ERR_BAD_RESPONSE',
	])('fails with %s, which is transient', async (code) => {
		expect(await failure({ code })).toMatchObject({
			message: `The operator at api.example.com:8443 cannot be reached (${code}).`,
			context: { code: 'UNREACHABLE', transient: true },
		});
	});

	test.each(['ENOTFOUND', 'CERT_HAS_EXPIRED', 'DEPTH_ZERO_SELF_SIGNED_CERT', 'EPROTO'])(
		'fails with %s, which is not transient',
		async (code) => {
			const { message, context } = await failure({ code });
			expect(message).toMatch(`cannot be reached (${code})`);
			expect(context).toMatchObject({
				code: 'UNREACHABLE',
				remedy: expect.stringMatching(/^Check the URLs in the credential/),
			});
			expect(context).not.toHaveProperty('transient');
		},
	);

	test.each([
		['its cause', { cause: { code: 'ECONNREFUSED' } }],
		['its message', new Error('connect ECONNREFUSED 127.0.0.1:1')],
		['one of its messages', { messages: ['The service refused', 'ECONNREFUSED'] }],
	])('has the reason that is in %s', async (_where, thrown) => {
		expect((await failure(thrown)).message).toMatch(/cannot be reached \(ECONNREFUSED\)/);
	});

	test('has timed out if the helper says so in words', async () => {
		const error = await failure(new Error('timeout of 15000ms exceeded'));
		expect(error.context.code).toBe('TIMEOUT');
	});

	test.each([undefined, null, 'E', {}, new Error('Something went wrong')])(
		'cannot be reached if the error (%p) gives no reason',
		async (thrown) => {
			expect((await failure(thrown)).message).toMatch(/cannot be reached \(no connection\)/);
		},
	);

	test('keeps an error that is in words already', async () => {
		const refused = new OpenGatewayError('Not signed in.', {
			remedy: 'Sign in.',
			code: 'NOT_SIGNED_IN',
			correlator: 'made-up-correlator',
		});
		expect(await failure(refused)).toBe(refused);
	});
});

describe('a request with the OAuth2 credential', () => {
	const timeouts = { timeout: 1000, signal: new AbortController().signal };
	const response = (statusCode: number) => ({ statusCode, headers: {}, body: '{"code":"X"}' });

	/** n8n's helper resolves with a 401 if it may; else it refreshes the token. */
	function refreshed(outcome: () => Promise<unknown>) {
		const helper = async (_credential: string, { ignoreHttpStatusErrors }: IHttpRequestOptions) =>
			ignoreHttpStatusErrors ? response(401) : await outcome();
		const helpers = { httpRequestWithAuthentication: helper };
		return sendOnceSignedIn({ helpers } as unknown as N8nContext, timeouts)(request);
	}

	/** The error that axios threw, as a newer n8n passes it on. */
	const axiosError = (url: string, cause: object) =>
		Object.assign(new Error('Request failed'), {
			cause: { isAxiosError: true, config: { url }, ...cause },
		});

	test('is sent once if the token is accepted, whatever the status', async () => {
		const sent: unknown[] = [];
		const helper = async (_credential: string, options: IHttpRequestOptions) => {
			sent.push(options.url);
			return response(404);
		};
		const helpers = { httpRequestWithAuthentication: helper };
		const send = sendOnceSignedIn({ helpers } as unknown as N8nContext, timeouts);

		expect(await send(request)).toMatchObject({ status: 404, json: { code: 'X' } });
		expect(sent).toEqual([request.url]);
	});

	test('has the response that comes after n8n has refreshed the token', async () => {
		expect(await refreshed(async () => response(200))).toMatchObject({ status: 200 });
	});

	test.each([400, 401, 404, 503])('has the refusal after the refresh: HTTP %i', async (status) => {
		const response = { status, headers: {}, data: '{"code":"REFUSED"}' };
		const thrown = axiosError(request.url, { response });
		expect(await refreshed(async () => await Promise.reject(thrown))).toMatchObject({
			status,
			json: { code: 'REFUSED' },
		});
	});

	/** The statuses of three requests at once and two afterwards, and how often the token was refreshed. */
	async function askedWith(
		refresh: () => Promise<unknown>,
		toRenewed = 200,
	): Promise<{ statuses: number[]; sent: number; refreshed: number }> {
		const count = { sent: 0, refreshed: 0 };
		let isRenewed = false;
		const helpers = {
			httpRequestWithAuthentication: async () => {
				count.sent++;
				return response(isRenewed ? toRenewed : 403);
			},
			refreshOAuth2Token: async () => {
				count.refreshed++;
				await refresh();
				isRenewed = true;
			},
		};
		const send = sendOnceSignedIn({ helpers } as unknown as N8nContext, timeouts);
		const atOnce = await Promise.all([send(request), send(request), send(request)]);
		const all = [...atOnce, await send(request), await send(request)];
		return { statuses: all.map(({ status }) => status), ...count };
	}

	test('refreshes a token that is refused with HTTP 403', async () => {
		expect(await askedWith(async () => {})).toEqual({
			statuses: [200, 200, 200, 200, 200],
			sent: 8,
			refreshed: 1,
		});
	});

	test('refreshes a token once a run, though the new one is refused, too', async () => {
		expect(await askedWith(async () => {}, 403)).toEqual({
			statuses: [403, 403, 403, 403, 403],
			sent: 8,
			refreshed: 1,
		});
	});

	test('keeps the refusal if the token cannot be refreshed', async () => {
		expect(
			await askedWith(async () => await Promise.reject(new Error('No refresh token'))),
		).toEqual({
			statuses: [403, 403, 403, 403, 403],
			sent: 5,
			refreshed: 1,
		});
	});

	const TOKEN_URL = 'https://auth.example.com/token';
	test.each([
		['a refusal to refresh', axiosError(TOKEN_URL, { response: { status: 400 } })],
		['the last refusal to refresh', axiosError(TOKEN_URL, { response: { status: 499 } })],
		['an error that tells nothing', new Error('Request failed')],
	])('needs the subscriber to sign in again after %s', async (_what, thrown) => {
		await expect(refreshed(async () => await Promise.reject(thrown))).rejects.toMatchObject({
			message: expect.stringMatching(/not connected/),
			context: { code: 'NOT_SIGNED_IN' },
		});
	});

	test.each([
		['fails', { code: 'ERR_BAD_RESPONSE', response: { status: 500 } }],
		['cannot be reached', { code: 'ECONNREFUSED' }],
	])('fails for a transient reason if the server that refreshes %s', async (_what, cause) => {
		const thrown = axiosError(TOKEN_URL, cause);
		await expect(refreshed(async () => await Promise.reject(thrown))).rejects.toMatchObject({
			context: { code: 'UNREACHABLE', transient: true },
		});
	});
});

describe('a request with n8n’s helper', () => {
	/** Sends to a server that never completes its response; the helper listens to nothing but the signal. */
	function sendTo(signal: AbortSignal, timeout: number) {
		const helpers = {
			httpRequest: async ({ abortSignal }: { abortSignal: AbortSignal }) =>
				await new Promise((_, reject) => {
					abortSignal.addEventListener('abort', () => reject({ code: 'ERR_CANCELED' }));
				}),
		};
		return sendOnce({ helpers } as unknown as N8nContext, { signal, timeout })(request);
	}

	test('ends when the run does', async () => {
		const run = new AbortController();
		const sent = sendTo(run.signal, 60_000);
		run.abort();
		await expect(sent).rejects.toBeInstanceOf(OpenGatewayError);
	});

	test('has a deadline, even if memory is collected meanwhile', async () => {
		setFlagsFromString('--expose-gc');
		const collectGarbage = runInNewContext('gc') as () => void;
		const collecting = setInterval(collectGarbage, 100);
		const sent = sendTo(new AbortController().signal, 100).finally(() => clearInterval(collecting));
		await expect(sent).rejects.toMatchObject({ context: { code: 'TIMEOUT' } });
	}, 5000);
});
