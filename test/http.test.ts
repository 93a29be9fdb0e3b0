import { OpenGatewayError, unexpectedResponse } from '../nodes/OpenGateway/errors';
import {
	formRequest,
	readResponse,
	hasUnknownOutcome,
	jsonRequest,
} from '../nodes/OpenGateway/http';

const URL = 'https://api.example.com/token';
const CORRELATOR = 'made-up-correlator';

const made = () =>
	jsonRequest({ url: URL, json: { device: {} } }, { authorization: 'Bearer a' }, CORRELATOR);

describe('a request', () => {
	test('carries JSON, with its correlator', () => {
		expect(made()).toEqual({
			method: 'POST',
			url: URL,
			headers: {
				'content-type': 'application/json',
				accept: 'application/json',
				authorization: 'Bearer a',
				'x-correlator': CORRELATOR,
			},
			body: '{"device":{}}',
		});
	});

	test('carries a form, in which + is encoded and a space is +', () => {
		const form = { login_hint: 'tel:+34600000001', scope: 'openid dpv:Marketing' };
		expect(formRequest(URL, form, { 'x-own': '1' }, CORRELATOR)).toEqual({
			method: 'POST',
			url: URL,
			headers: {
				'content-type': 'application/x-www-form-urlencoded',
				accept: 'application/json',
				'x-own': '1',
				'x-correlator': CORRELATOR,
			},
			body: 'login_hint=tel%3A%2B34600000001&scope=openid+dpv%3AMarketing',
		});
	});
});

describe('a response', () => {
	const answered = (headers: Record<string, unknown>, body: unknown = '{}', status = 200) =>
		readResponse(made(), status, headers, body);

	test.each([
		['{"roaming":true}', { roaming: true }],
		['null', null],
		['', undefined],
		['<html>', undefined],
		// As some versions of n8n's helpers give it.
		[{ roaming: true }, { roaming: true }],
	])('is read as JSON, or not at all: %j', (body, json) => {
		expect(answered({}, body)).toEqual({
			status: 200,
			url: 'https://api.example.com/token',
			json,
			...(json === undefined && { text: body }),
			correlator: CORRELATOR,
			sent: expect.any(Function) as object,
		});
	});

	test.each(['a-correlator-of-its-own', 'x'.repeat(256)])(
		'has the correlator that it names: %s',
		(own) => {
			expect(answered({ 'x-correlator': own }).correlator).toBe(own);
		},
	);

	test.each(['', 'x'.repeat(257), 'two words', 'tel:+34600000001', '<b>', '{{1}}', '«»', ['a'], 1])(
		'has the correlator of its request if it names %j',
		(other) => {
			expect(answered({ 'x-correlator': other }).correlator).toBe(CORRELATOR);
		},
	);

	describe('says how long the server asks to wait', () => {
		const now = Date.parse('2026-01-01T00:00:00Z');
		beforeEach(() => void jest.spyOn(Date, 'now').mockReturnValue(now));
		afterEach(() => jest.restoreAllMocks());

		test.each([
			['0', 0],
			['7', 7000],
			['1.5', 1500],
			[' 120 ', 120_000],
			['Thu, 01 Jan 2026 00:00:30 GMT', 30_000],
			['Wed, 31 Dec 2025 23:59:00 GMT', 0],
		])('if it is written %j', (written, ms) => {
			expect(answered({ 'retry-after': written }).retryAfter).toBe(ms);
		});

		test.each([undefined, '', 'soon', '-1', '1.5.', '1.', '12345678901', '7,7', 7])(
			'and not if it is written %j',
			(written) => {
				expect(answered({ 'retry-after': written })).not.toHaveProperty('retryAfter');
			},
		);

		const THROTTLED = 429;
		test.each<[what: string, headers: Record<string, string>, ms: number]>([
			['in seconds', { 'x-ratelimit-reset': '30' }, 30_000],
			['as a Unix time', { 'ratelimit-reset': String(now / 1000 + 60) }, 60_000],
			['as one in milliseconds', { 'x-ratelimit-reset': String(now + 500) }, 500],
			['as a date', { 'x-rate-limit-reset': new Date(now + 60_000).toISOString() }, 60_000],
			['of a past time', { 'x-ratelimit-reset': String(now / 1000 - 60) }, 0],
			[
				'of the one limit of several that is used up',
				{
					'x-ratelimit-requests-reset': '86400',
					'x-ratelimit-requests-remaining': '0',
					'x-ratelimit-second-reset': '1',
					'x-ratelimit-objects-reset': '999999',
					'x-ratelimit-objects-remaining': '5',
				},
				86_400_000,
			],
			[
				'in one field for all limits',
				{ ratelimit: '"burst";r=5;t=1, "daily";r=0;t=86400' },
				86_400_000,
			],
			['in one field for a limit', { ratelimit: 'limit=10, remaining=0, reset=30' }, 30_000],
			[
				'if it is later than Retry-After',
				{ 'x-ratelimit-reset': '30', 'retry-after': '1' },
				30_000,
			],
		])('by the reset of a limit %s', (_what, headers, ms) => {
			expect(answered(headers, undefined, THROTTLED).retryAfter).toBe(ms);
			expect(answered({ ...headers, 'retry-after': '' })).not.toHaveProperty('retryAfter');
		});

		test.each([
			{ nextAccessTime: '2026-Jan-01 00:00:30+0000 UTC' },
			{ fault: { nextAccessTime: '2026-Jan-01 00:00:30+0000 UTC' } },
		])('by the time of the next access in %j', (body) => {
			expect(answered({}, JSON.stringify(body), THROTTLED).retryAfter).toBe(30_000);
		});
	});
});

describe('whether the server took a request', () => {
	const failure = (context: object) =>
		new OpenGatewayError('It failed.', { remedy: 'Try again.', code: 'SOME', ...context });

	test.each([
		['the connection broke', failure({ transient: true })],
		['a gateway heard nothing from behind it', failure({ status: 502 })],
		['a gateway waited in vain', failure({ status: 504 })],
		['the request came in too slowly', failure({ status: 408 })],
		['a gateway got nonsense from behind it', failure({ status: 520 })],
	])('is unknown if %s', (_why, error) => {
		expect(hasUnknownOutcome(error)).toBe(true);
	});

	test.each([
		['it was refused', failure({ status: 400 })],
		['the server cannot be reached for good', failure({})],
		['the execution was cancelled', new DOMException('cancelled', 'AbortError')],
	])('is known if %s', (_why, error) => {
		expect(hasUnknownOutcome(error)).toBe(false);
	});
});

describe('a response that no document promises', () => {
	const errorAt = (status: number) =>
		unexpectedResponse({ status, correlator: CORRELATOR }, 'it is not JSON');

	test.each([
		[500, false],
		[503, false],
		[200, true],
		[404, true],
	])('may be of another server if its status is %i: %p', (status, mayBeAnother) => {
		expect(errorAt(status).context.remedy.includes('Base URL')).toBe(mayBeAnother);
	});

	test('says what was found, and keeps what the operator’s support needs', () => {
		expect(errorAt(200)).toMatchObject({
			message: expect.stringContaining('it is not JSON') as string,
			context: { code: 'UNEXPECTED_ANSWER', status: 200, correlator: CORRELATOR },
		});
	});
});
