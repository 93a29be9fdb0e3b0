import { OpenGatewayError } from '../../nodes/OpenGateway/errors';
import type { HttpResponse, HttpRequest } from '../../nodes/OpenGateway/http';
import { Limiter } from '../../nodes/OpenGateway/transport/limiter';
import { retrying, exponentialBackoff } from '../../nodes/OpenGateway/transport/retry';

const request: HttpRequest = { method: 'POST', url: 'https://api.example.com/', headers: {} };
const lost = new OpenGatewayError('Lost', { code: 'TIMEOUT', remedy: '', transient: true });
const wrong = new OpenGatewayError('Wrong address', { code: 'UNREACHABLE', remedy: '' });
const answer = (status: number, retryAfter?: number): HttpResponse => ({
	status,
	json: {},
	correlator: '',
	...(retryAfter !== undefined && { retryAfter }),
});

/** What a request ends with where each try ends so; and what it took. */
async function ends(
	outcomes: (HttpResponse | Error)[],
	{
		retries = 4,
		outgoing = request,
		pace = new Limiter({ maxConcurrency: 1, requestsPerSecond: undefined }),
	} = {},
) {
	const waits: number[] = [];
	const noted: string[] = [];
	let tries = 0;
	let made = 0;
	const send = retrying(
		async () => {
			const outcome = outcomes[Math.min(tries++, outcomes.length - 1)]!;
			if (outcome instanceof Error) throw outcome;
			return outcome;
		},
		{
			tries: () => exponentialBackoff(retries, async (ms) => void waits.push(ms)),
			pace,
			noted: (why) => noted.push(why),
		},
	);
	const end = await send(() => {
		made++;
		return outgoing;
	}).catch((error: unknown) => error);
	expect(made).toBe(tries);
	return { end, tries, waits, noted };
}

test.each([200, 400, 401, 403, 404, 422, 500])('an answer of HTTP %i is final', async (status) => {
	expect(await ends([answer(status)])).toMatchObject({ end: { status }, tries: 1, noted: [] });
});

test.each([429, 502, 503, 504])('after HTTP %i the request is sent again', async (status) => {
	expect(await ends([answer(status), answer(status), answer(200)])).toMatchObject({
		end: { status: 200 },
		tries: 3,
		noted: [`HTTP ${status}`, `HTTP ${status}`],
	});
});

test('a request without an answer is sent again', async () => {
	expect(await ends([lost, answer(200)])).toMatchObject({
		end: { status: 200 },
		tries: 2,
		noted: ['TIMEOUT'],
	});
});

test('a request that cannot arrive is not', async () => {
	expect(await ends([wrong, answer(200)])).toMatchObject({ end: wrong, tries: 1 });
});

test.each([0, 1, 4])('with %i retries, it ends as the last try did', async (retries) => {
	expect(await ends([answer(503)], { retries })).toMatchObject({
		end: { status: 503 },
		tries: retries + 1,
	});
	expect(await ends([lost], { retries })).toMatchObject({ end: lost, tries: retries + 1 });
});

test('each wait is random, and may be twice as long as the one before, up to 30 s', async () => {
	jest.spyOn(Math, 'random').mockReturnValue(1);
	const { waits } = await ends([answer(503)], { retries: 8 });
	expect(waits).toEqual([500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]);

	jest.spyOn(Math, 'random').mockReturnValue(0);
	expect((await ends([answer(503)])).waits).toEqual([0, 0, 0, 0]);
	jest.restoreAllMocks();
});

test('is as long as the operator says, at least', async () => {
	const { waits } = await ends([answer(429, 7000), answer(503, 3000), answer(200)]);
	expect(waits[0]).toBeGreaterThanOrEqual(7000);
	expect(waits[0]).toBeLessThanOrEqual(7500);
	expect(waits[1]).toBeGreaterThanOrEqual(3000);
});

test('where the operator wants to be left alone for too long, the refusal is final', async () => {
	expect(await ends([answer(429, 120_001)])).toMatchObject({ end: { status: 429 }, tries: 1 });
	expect(await ends([answer(429, 120_000), answer(200)])).toMatchObject({ tries: 2 });
});

describe('what can be used only once', () => {
	const outgoing: HttpRequest = { ...request, idempotent: false };

	test.each([429, 503])('is sent again after HTTP %i, which did not look at it', async (status) => {
		expect(await ends([answer(status), answer(200)], { outgoing })).toMatchObject({ tries: 2 });
	});

	test.each([
		['HTTP 502', answer(502)],
		['HTTP 504', answer(504)],
		['no answer', lost],
	])('is not sent again after %s: it may have been taken', async (_name, outcome) => {
		expect(await ends([outcome, answer(200)], { outgoing })).toMatchObject({
			end: outcome,
			tries: 1,
		});
	});
});

test('nothing is sent again where nobody has answered for long', async () => {
	const pace = new Limiter({ maxConcurrency: 1, requestsPerSecond: undefined });
	for (let times = 0; times < 10; times++) {
		expect(await ends([lost], { retries: 1, pace })).toMatchObject({ tries: 2 });
	}
	expect(await ends([lost], { retries: 1, pace })).toMatchObject({ end: lost, tries: 1 });
});
