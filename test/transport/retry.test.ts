import { OpenGatewayError } from '../../nodes/OpenGateway/errors';
import type { HttpResponse, HttpRequest } from '../../nodes/OpenGateway/http';
import type { CircuitBreaker } from '../../nodes/OpenGateway/transport/circuitBreaker';
import { retrying, exponentialBackoff } from '../../nodes/OpenGateway/transport/retry';
import { responseOf } from '../support/response';

const request: HttpRequest = { method: 'POST', url: 'https://api.example.com/', headers: {} };
const lost = new OpenGatewayError('Lost', { code: 'TIMEOUT', remedy: '', transient: true });
const wrong = new OpenGatewayError('Wrong address', { code: 'UNREACHABLE', remedy: '' });
const response = (status: number, retryAfter?: number): HttpResponse =>
	responseOf({ status, json: {}, ...(retryAfter !== undefined && { retryAfter }) });

/** Sends a request whose attempts end with these outcomes, the last of them repeated. */
async function send(
	outcomes: (HttpResponse | Error)[],
	{ retries = 4, outgoing = request, openError = undefined as OpenGatewayError | undefined } = {},
) {
	const waits: number[] = [];
	const reasons: string[] = [];
	const givenUp: OpenGatewayError[] = [];
	const refused = { transient: 0, givenUp: 0 };
	const breaker: Pick<CircuitBreaker, 'openError' | 'onGiveUp'> = {
		openError,
		onGiveUp: (error) => givenUp.push(error),
	};
	let attempts = 0;
	let made = 0;
	const sendWithRetries = retrying(
		async () => {
			const outcome = outcomes[Math.min(attempts++, outcomes.length - 1)]!;
			if (outcome instanceof Error) throw outcome;
			return outcome;
		},
		{
			backoff: () =>
				exponentialBackoff(retries, async (ms) => void waits.push(ms), {
					onRetry: (reason) => reasons.push(reason),
					onGiveUp: () => refused.givenUp++,
				}),
			breaker,
			onRefused: () => refused.transient++,
		},
	);
	const outcome = await sendWithRetries(() => {
		made++;
		return outgoing;
	}).catch((error: unknown) => error);
	// A client assertion, for one, is good for one attempt.
	expect(made).toBe(attempts);
	return { outcome, attempts, waits, reasons, givenUp, refused };
}

test.each([200, 400, 401, 403, 404, 409, 422, 501])(
	'a response with HTTP %i is final',
	async (status) => {
		expect(await send([response(status)])).toMatchObject({
			outcome: { status },
			attempts: 1,
			reasons: [],
		});
	},
);

test.each([408, 425, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524, 529])(
	'a request is retried after HTTP %i',
	async (status) => {
		expect(await send([response(status), response(status), response(200)])).toMatchObject({
			outcome: { status: 200 },
			attempts: 3,
			reasons: [`HTTP ${status}`, `HTTP ${status}`],
			refused: { transient: 2, givenUp: 0 },
		});
	},
);

test('a request that is given up counts as such once, and each of its refusals', async () => {
	expect(await send([response(503)], { retries: 2 })).toMatchObject({
		refused: { transient: 3, givenUp: 1 },
	});
	expect(await send([response(403)])).toMatchObject({ refused: { transient: 0, givenUp: 0 } });
});

test('a request is not retried once the quota is used up', async () => {
	const json = { message: 'You have exceeded the MONTHLY quota for Requests on your plan' };
	expect(await send([responseOf({ status: 429, json })])).toMatchObject({
		outcome: { status: 429 },
		attempts: 1,
		refused: { transient: 0, givenUp: 0 },
	});
});

test.each([429, 503, 502])('a poll is not retried after HTTP %i', async (status) => {
	expect(await send([response(status)], { outgoing: { ...request, isPoll: true } })).toMatchObject({
		outcome: { status },
		attempts: 1,
		refused: { transient: 1, givenUp: 0 },
	});
});

test('a request without a response is retried', async () => {
	expect(await send([lost, response(200)])).toMatchObject({
		outcome: { status: 200 },
		attempts: 2,
		reasons: ['TIMEOUT'],
	});
});

test('a request that cannot arrive is not retried', async () => {
	expect(await send([wrong, response(200)])).toMatchObject({ outcome: wrong, attempts: 1 });
});

test.each([0, 1, 4])('with %i retries, a request ends as its last attempt', async (retries) => {
	expect(await send([response(503)], { retries })).toMatchObject({
		outcome: { status: 503 },
		attempts: retries + 1,
	});
	expect(await send([lost], { retries })).toMatchObject({ outcome: lost, attempts: retries + 1 });
});

test('each delay is random, up to twice the one before and 30 s', async () => {
	jest.spyOn(Math, 'random').mockReturnValue(1);
	const { waits } = await send([response(503)], { retries: 8 });
	expect(waits).toEqual([500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]);

	jest.spyOn(Math, 'random').mockReturnValue(0);
	expect((await send([response(503)])).waits).toEqual([0, 0, 0, 0]);
	jest.restoreAllMocks();
});

test('a delay is at least as long as the operator says', async () => {
	const { waits } = await send([response(429, 7000), response(503, 3000), response(200)]);
	expect(waits[0]).toBeGreaterThanOrEqual(7000);
	expect(waits[0]).toBeLessThanOrEqual(7500);
	expect(waits[1]).toBeGreaterThanOrEqual(3000);
});

test('a response with a Retry-After of more than two minutes is final', async () => {
	expect(await send([response(429, 120_001)])).toMatchObject({
		outcome: { status: 429 },
		attempts: 1,
	});
	expect(await send([response(429, 120_000), response(200)])).toMatchObject({ attempts: 2 });
});

describe('a request that is not idempotent', () => {
	const outgoing: HttpRequest = { ...request, idempotent: false };

	test.each([425, 429, 503, 529])(
		'is retried after HTTP %i, which rejects it unprocessed',
		async (status) => {
			expect(await send([response(status), response(200)], { outgoing })).toMatchObject({
				attempts: 2,
			});
		},
	);

	test.each([
		['HTTP 408', response(408)],
		['HTTP 500', response(500)],
		['HTTP 502', response(502)],
		['HTTP 524', response(524)],
		['HTTP 504', response(504)],
		['no response', lost],
	])('is not retried after %s: it may have been processed', async (_name, outcome) => {
		expect(await send([outcome, response(200)], { outgoing })).toMatchObject({
			outcome,
			attempts: 1,
		});
	});
});

test('a request that is given up without a response counts for the circuit breaker', async () => {
	expect(await send([lost], { retries: 1 })).toMatchObject({ attempts: 2, givenUp: [lost] });
	expect(await send([response(503)], { retries: 1 })).toMatchObject({ attempts: 2, givenUp: [] });
	expect(await send([wrong])).toMatchObject({ givenUp: [] });
});

test('nothing is retried while the circuit is open', async () => {
	expect(await send([lost], { openError: lost })).toMatchObject({
		outcome: lost,
		attempts: 1,
		givenUp: [],
	});
});
