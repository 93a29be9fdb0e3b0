import type { IExecuteFunctions, IHttpRequestOptions } from 'n8n-workflow';
import { OpenGatewayError } from '../../nodes/OpenGateway/errors';
import { exchange, sendOnceSignedIn, wait } from '../../nodes/OpenGateway/transport/host';
import type { HttpRequest } from '../../nodes/OpenGateway/http';

const request: HttpRequest = {
	method: 'POST',
	url: 'https://api.example.com:8443/token?secret=made-up',
	headers: { 'x-correlator': 'made-up-correlator', authorization: 'Bearer made-up-token' },
};

/** What becomes of an error that n8n's helper throws. */
async function failure(thrown: unknown, timeout = 15_000): Promise<OpenGatewayError> {
	const send = exchange(async () => await Promise.reject(thrown), timeout);
	const error: unknown = await send(request).catch((reason: unknown) => reason);
	if (!(error instanceof OpenGatewayError)) throw new Error('It did not fail', { cause: error });
	expect(error.context.correlator).toBe('made-up-correlator');
	expect(JSON.stringify([error.message, error.context])).not.toMatch(/secret|token/);
	return error;
}

test('an answer is read, whatever its status', async () => {
	const headers = { 'x-correlator': 'the-operators-own' };
	const send = exchange(async () => ({ statusCode: 404, headers, body: '{"code":"X"}' }), 1000);
	expect(await send(request)).toEqual({
		status: 404,
		json: { code: 'X' },
		correlator: 'the-operators-own',
	});
});

describe('where no answer comes', () => {
	test.each(['ECONNABORTED', 'ETIMEDOUT', 'ESOCKETTIMEDOUT', 'ERR_CANCELED'])(
		'%s says that the operator took too long, and may be tried again',
		async (code) => {
			expect(await failure({ code }, 2500)).toMatchObject({
				message: 'The operator at api.example.com:8443 did not answer within 2.5 s.',
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
	])('%s may pass', async (code) => {
		expect(await failure({ code })).toMatchObject({
			message: `The operator at api.example.com:8443 cannot be reached (${code}).`,
			context: { code: 'UNREACHABLE', transient: true },
		});
	});

	test.each(['ENOTFOUND', 'CERT_HAS_EXPIRED', 'DEPTH_ZERO_SELF_SIGNED_CERT', 'EPROTO'])(
		'%s will not pass by itself',
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
	])('the reason is found in %s, too', async (_where, thrown) => {
		expect((await failure(thrown)).message).toMatch(/cannot be reached \(ECONNREFUSED\)/);
	});

	test('a timeout is found in the words of the helper', async () => {
		const error = await failure(new Error('timeout of 15000ms exceeded'));
		expect(error.context.code).toBe('TIMEOUT');
	});

	test.each([undefined, null, 'E', {}, new Error('Something went wrong')])(
		'an error that gives no reason (%p) is no more than that',
		async (thrown) => {
			expect((await failure(thrown)).message).toMatch(/cannot be reached \(no connection\)/);
		},
	);

	test('what is in words already stays as it is', async () => {
		const refused = new OpenGatewayError('Not signed in.', {
			remedy: 'Sign in.',
			code: 'NOT_SIGNED_IN',
			correlator: 'made-up-correlator',
		});
		expect(await failure(refused)).toBe(refused);
	});
});

describe('a request with the token of a signed-in line, which n8n keeps', () => {
	const patience = { timeout: 1000, signal: () => new AbortController().signal };
	const answered = (statusCode: number) => ({ statusCode, headers: {}, body: '{"code":"X"}' });

	/** n8n's helper answers 401 as long as it may; then it tries to refresh the token. */
	function refreshed(outcome: () => Promise<unknown>) {
		const helper = async (_credential: string, { ignoreHttpStatusErrors }: IHttpRequestOptions) =>
			ignoreHttpStatusErrors ? answered(401) : await outcome();
		const helpers = { httpRequestWithAuthentication: helper };
		return sendOnceSignedIn({ helpers } as unknown as IExecuteFunctions, patience)(request);
	}

	/** The error that axios threw, as a newer n8n passes it on. */
	const axiosError = (url: string, cause: object) =>
		Object.assign(new Error('Request failed'), {
			cause: { isAxiosError: true, config: { url }, ...cause },
		});

	test('is sent once where the token is taken, whatever else is the matter', async () => {
		const sent: unknown[] = [];
		const helper = async (_credential: string, options: IHttpRequestOptions) => {
			sent.push(options.url);
			return answered(403);
		};
		const helpers = { httpRequestWithAuthentication: helper };
		const send = sendOnceSignedIn({ helpers } as unknown as IExecuteFunctions, patience);

		expect(await send(request)).toMatchObject({ status: 403, json: { code: 'X' } });
		expect(sent).toEqual([request.url]);
	});

	test('has the answer that comes after n8n has refreshed the token', async () => {
		expect(await refreshed(async () => answered(200))).toMatchObject({ status: 200 });
	});

	test.each([400, 401, 404, 503])('has the refusal that then comes: HTTP %i', async (status) => {
		const response = { status, headers: {}, data: '{"code":"REFUSED"}' };
		const thrown = axiosError(request.url, { response });
		expect(await refreshed(async () => await Promise.reject(thrown))).toMatchObject({
			status,
			json: { code: 'REFUSED' },
		});
	});

	const TOKEN_URL = 'https://auth.example.com/token';
	test.each([
		['a refusal to refresh', axiosError(TOKEN_URL, { response: { status: 400 } })],
		['the last refusal to refresh', axiosError(TOKEN_URL, { response: { status: 499 } })],
		['an error that tells nothing', new Error('Request failed')],
	])('needs its owner to sign in again after %s', async (_what, thrown) => {
		await expect(refreshed(async () => await Promise.reject(thrown))).rejects.toMatchObject({
			message: expect.stringMatching(/owner of the line is not signed in/),
			context: { code: 'NOT_SIGNED_IN' },
		});
	});

	test.each([
		['is in trouble', { code: 'ERR_BAD_RESPONSE', response: { status: 500 } }],
		['is not reached', { code: 'ECONNREFUSED' }],
	])('may be tried again where the server that refreshes %s', async (_what, cause) => {
		const thrown = axiosError(TOKEN_URL, cause);
		await expect(refreshed(async () => await Promise.reject(thrown))).rejects.toMatchObject({
			context: { code: 'UNREACHABLE', transient: true },
		});
	});
});

describe('a wait', () => {
	beforeEach(() => jest.useFakeTimers());
	afterEach(() => jest.useRealTimers());

	test('lasts as long as it says', async () => {
		let isOver = false;
		void wait(5000, new AbortController().signal).then(() => (isOver = true));
		await jest.advanceTimersByTimeAsync(4999);
		expect(isOver).toBe(false);
		await jest.advanceTimersByTimeAsync(1);
		expect(isOver).toBe(true);
	});

	test('does not begin where the execution is cancelled', async () => {
		await expect(wait(5000, AbortSignal.abort('cancelled'))).rejects.toBe('cancelled');
		expect(jest.getTimerCount()).toBe(0);
	});

	test('ends at once when the execution is cancelled', async () => {
		const controller = new AbortController();
		const waiting = wait(5000, controller.signal);
		controller.abort('cancelled');
		await expect(waiting).rejects.toBe('cancelled');
	});
});
