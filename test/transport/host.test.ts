import { setFlagsFromString } from 'v8';
import { runInNewContext } from 'vm';
import { OpenGatewayError } from '../../nodes/OpenGateway/errors';
import {
	exchange,
	sendOnce,
	sendOnceSignedIn,
	type N8nContext,
} from '../../nodes/OpenGateway/transport/host';
import { TimeLimit } from '../../nodes/OpenGateway/transport/timeLimit';
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
		sent: expect.any(Function) as object,
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
	const limit = new TimeLimit(1000);
	const response = (statusCode: number) => ({ statusCode, headers: {}, body: '{"code":"X"}' });

	interface Asked {
		/** The status that the API answers, by how often the token was renewed. */
		status: (renewed: number) => number;
		refresh?: () => Promise<unknown>;
	}

	/** The outcomes of three requests at once and two afterwards, and how often the token was refreshed. */
	async function askedWith({ status, refresh = async () => {} }: Asked) {
		const count = { sent: 0, refreshed: 0 };
		let renewed = 0;
		const helpers = {
			httpRequestWithAuthentication: async () => {
				count.sent++;
				return response(status(renewed));
			},
			refreshOAuth2Token: async () => {
				count.refreshed++;
				await refresh();
				renewed++;
			},
		};
		const sendOnce = sendOnceSignedIn({ helpers } as unknown as N8nContext, limit);
		const send = async () =>
			await sendOnce(request).then(
				({ status }) => status,
				(error: OpenGatewayError) => error.context.code,
			);
		const atOnce = await Promise.all([send(), send(), send()]);
		return { outcomes: [...atOnce, await send(), await send()], ...count };
	}
	const five = <Outcome>(outcome: Outcome) => Array.from({ length: 5 }, () => outcome);

	test.each([200, 404, 503])('is sent once if the token is accepted: HTTP %i', async (status) => {
		expect(await askedWith({ status: () => status })).toEqual({
			outcomes: five(status),
			sent: 5,
			refreshed: 0,
		});
	});

	test.each([401, 403])('refreshes a token that is refused with HTTP %i', async (status) => {
		expect(await askedWith({ status: (renewed) => (renewed > 0 ? 200 : status) })).toEqual({
			outcomes: five(200),
			sent: 8,
			refreshed: 1,
		});
	});

	test('refreshes a token that is refused with HTTP 403 once a run, though the new one is, too', async () => {
		expect(await askedWith({ status: () => 403 })).toEqual({
			outcomes: five(403),
			sent: 8,
			refreshed: 1,
		});
	});

	test('refreshes a token whenever it has expired, and tells if the new one is refused, too', async () => {
		expect(await askedWith({ status: () => 401 })).toEqual({
			outcomes: five(401),
			sent: 10,
			refreshed: 3,
		});
	});

	test('keeps the refusal with HTTP 403 if the token cannot be refreshed', async () => {
		const refresh = async () => await Promise.reject(new Error('No refresh token'));
		expect(await askedWith({ status: () => 403, refresh })).toEqual({
			outcomes: five(403),
			sent: 5,
			refreshed: 1,
		});
	});

	/** The error of axios, or one that n8n wraps around it. */
	const axiosError = (error: object) =>
		Object.assign(new Error('Request failed'), { isAxiosError: true, ...error });
	const wrapped = (error: object) => Object.assign(new Error('Request failed'), { cause: error });

	test.each([
		['a refusal to refresh', axiosError({ response: { status: 400 } })],
		['the last refusal to refresh', wrapped(axiosError({ response: { status: 499 } }))],
		['an error that tells nothing', new Error('Request failed')],
		['nothing', undefined],
	])('needs the subscriber to sign in again after %s', async (_what, thrown) => {
		const refresh = async () => await Promise.reject(thrown);
		const { outcomes } = await askedWith({ status: () => 401, refresh });
		expect(outcomes).toEqual(five('NOT_SIGNED_IN'));
	});

	test.each([
		['fails', axiosError({ code: 'ERR_BAD_RESPONSE', response: { status: 500 } }), 'UNREACHABLE'],
		['cannot be reached', axiosError({ code: 'ECONNREFUSED' }), 'UNREACHABLE'],
		['cannot be reached, n8n says', wrapped(axiosError({ code: 'ECONNREFUSED' })), 'UNREACHABLE'],
		['times out', axiosError({ code: 'ETIMEDOUT' }), 'TIMEOUT'],
	])(
		'fails for a transient reason if the server that refreshes %s',
		async (_what, thrown, code) => {
			const refresh = async () => await Promise.reject(thrown);
			const { outcomes } = await askedWith({ status: () => 401, refresh });
			expect(outcomes).toEqual(five(code));
		},
	);

	test('has a deadline, though n8n replaces its signal by that of the execution', async () => {
		const signals: unknown[] = [];
		const context = {
			getExecutionCancelSignal: () => new AbortController().signal,
			helpers: {
				async httpRequestWithAuthentication(this: N8nContext) {
					const signal = this.getExecutionCancelSignal?.();
					signals.push(signal);
					return await new Promise((_, reject) => {
						signal?.addEventListener('abort', () => reject({ code: 'ERR_CANCELED' }));
					});
				},
			},
		};
		const send = sendOnceSignedIn(context as unknown as N8nContext, new TimeLimit(50));
		await expect(send(request)).rejects.toMatchObject({ context: { code: 'TIMEOUT' } });
		expect(signals).toMatchObject([{ aborted: true }]);
	});

	test('does not wait for a new token for ever', async () => {
		const helpers = {
			httpRequestWithAuthentication: async () => response(401),
			refreshOAuth2Token: async () => await new Promise(() => undefined),
		};
		const context = { helpers } as unknown as N8nContext;
		const send = sendOnceSignedIn(context, new TimeLimit(50));
		await expect(send(request)).rejects.toMatchObject({ context: { code: 'TIMEOUT' } });
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
		return sendOnce({ helpers } as unknown as N8nContext, new TimeLimit(timeout, signal))(request);
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
