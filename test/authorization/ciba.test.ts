import type { AuthorizationServer } from '../../nodes/OpenGateway/authorization';
import { ciba } from '../../nodes/OpenGateway/authorization/ciba';
import { clientAuthentications } from '../../nodes/OpenGateway/authorization/client';
import type { Device } from '../../nodes/OpenGateway/device';
import { OpenGatewayError } from '../../nodes/OpenGateway/errors';
import { authorizationServerAt, send } from '../support/authorizationServer';
import { nai, phone } from '../support/identifiers';
import { failure } from '../support/refusal';
import {
	startScriptedOperator,
	type ScriptedAnswer,
	type ScriptedOperator,
} from '../support/scriptedOperator';

const SCOPE = 'dpv:FraudPreventionAndDetection#device-status-roaming-read';
const flow = ciba(
	clientAuthentications.clientSecretBasic.parse({
		clientId: 'app',
		clientSecret: 'made-up-secret',
	}),
);
const AUTH_REQ_ID = 'made-up-auth-req-id';
const granted = { body: { access_token: 'made-up-token', token_type: 'Bearer', expires_in: 60 } };
const pending = { status: 400, body: { error: 'authorization_pending' } };
const slowDown = { status: 400, body: { error: 'slow_down' } };

/** The response to the authentication request. */
let acknowledgement: ScriptedAnswer;
/** The responses to the polls in turn; the last one stays. */
let polls: ScriptedAnswer[];
let operator: ScriptedOperator;
/** The waits of the flow (s). */
let waits: number[];
/** The clock (ms), which only waiting moves. */
let now: number;

beforeEach(async () => {
	now = Date.now();
	jest.spyOn(Date, 'now').mockImplementation(() => now);
	acknowledgement = { body: { auth_req_id: AUTH_REQ_ID, expires_in: 120, interval: 2 } };
	polls = [granted];
	waits = [];
	operator = await startScriptedOperator(({ path }) =>
		path === '/bc-authorize'
			? acknowledgement
			: ((polls.length > 1 ? polls.shift() : polls[0]) ?? {}),
	);
});
afterEach(async () => {
	jest.restoreAllMocks();
	await operator.close();
});

const server = (changes: Partial<AuthorizationServer> = {}) =>
	authorizationServerAt(operator.baseUrl, {
		wait: async (ms) => {
			waits.push(ms / 1000);
			now += ms;
		},
		...changes,
	});

const forms = (path: string) =>
	operator.received
		.filter((request) => request.path === path)
		.map(({ body }) => Object.fromEntries(new URLSearchParams(body)));

const obtain = async (device: Device = phone) => await flow.obtain(device, SCOPE, server());

describe('the requests of a flow', () => {
	test('name the subscriber, the scope and then the authentication request', async () => {
		expect(await obtain()).toMatchObject({
			headers: { authorization: 'Bearer made-up-token' },
			subject: 'subscriber',
		});

		expect(operator.received.map(({ method, path }) => `${method} ${path}`)).toEqual([
			'POST /bc-authorize',
			'POST /token',
		]);
		expect(forms('/bc-authorize')).toEqual([{ login_hint: 'tel:+34600000001', scope: SCOPE }]);
		expect(forms('/token')).toEqual([
			{ grant_type: 'urn:openid:params:grant-type:ciba', auth_req_id: AUTH_REQ_ID },
		]);
		for (const { headers } of operator.received) {
			expect(headers).toMatchObject({
				'content-type': 'application/x-www-form-urlencoded',
				accept: 'application/json',
				'x-correlator': 'made-up-correlator',
			});
		}
	});

	test('return an auth_req_id exactly as it came', async () => {
		const odd = 'a+b c&d=e%2F/?#"é📱';
		acknowledgement = { body: { auth_req_id: odd } };
		await obtain();

		expect(forms('/token')[0]?.auth_req_id).toBe(odd);
	});

	test('are not sent for a network access identifier, which has no login hint', async () => {
		expect((await failure(obtain(nai))).code).toBe('UNSUPPORTED_DEVICE');
		expect(operator.received).toEqual([]);
	});
});

describe('the polls', () => {
	test('begin at once, and follow the interval of the operator', async () => {
		polls = [pending, pending, pending, granted];
		await obtain();

		expect(waits).toEqual([2, 2, 2]);
		expect(forms('/token')).toHaveLength(4);
	});

	test.each([[undefined], [null], [['2']], [''], ['soon'], [true], [0], [-1]])(
		'come every 5 s if the interval is %p',
		async (interval) => {
			acknowledgement = { body: { auth_req_id: AUTH_REQ_ID, expires_in: 120, interval } };
			polls = [pending, pending, granted];
			await obtain();

			expect(waits).toEqual([5, 5]);
		},
	);

	test('follow numbers that come as text', async () => {
		acknowledgement = { body: { auth_req_id: AUTH_REQ_ID, expires_in: '20', interval: '8' } };
		polls = [pending, pending, pending];

		expect(await failure(obtain())).toMatchObject({ code: 'expired_token' });
		expect(waits).toEqual([8, 8]);
	});

	test('slow down by 5 s for good with each slow_down', async () => {
		polls = [pending, slowDown, pending, slowDown, pending, granted];
		await obtain();

		expect(waits).toEqual([2, 7, 7, 12, 12]);
	});

	test.each([200, 400, 403, 428, 429, 503])(
		'go on whatever the status of their answers: HTTP %i',
		async (status) => {
			polls = [{ ...pending, status }, { ...slowDown, status }, { ...pending, status }, granted];
			await obtain();

			expect(waits).toEqual([2, 7, 7]);
			expect(forms('/bc-authorize')).toHaveLength(1);
		},
	);

	test('come no sooner than the operator says, and no sooner than the interval', async () => {
		const after = (seconds: string) => ({ 'retry-after': seconds });
		polls = [
			{ ...pending, headers: after('9') },
			{ ...slowDown, headers: after('1') },
			{ ...pending, status: 429, headers: after('7.5') },
			granted,
		];
		await obtain();

		expect(waits).toEqual([9, 7, 7.5]);
	});

	test.each([
		['HTTP 429', { status: 429 }, 2],
		['HTTP 503 with Retry-After', { status: 503, headers: { 'retry-after': '3' } }, 3],
		['HTTP 529', { status: 529, body: '<html>' }, 2],
		['HTTP 429 with a code of its gateway', { status: 429, body: { error: 'too_many' } }, 2],
		['temporarily_unavailable', { status: 503, body: { error: 'temporarily_unavailable' } }, 2],
	])('go on after a moment without time for them: %s', async (_what, busy, seconds) => {
		polls = [busy, granted];
		const delays: number[] = [];
		const next = async (_reason: string, atLeast = 0) => delays.push(atLeast / 1000) > 0;
		await flow.obtain(phone, SCOPE, server({ backoff: () => ({ next }) }));

		expect(delays).toEqual([seconds]);
		expect(forms('/bc-authorize')).toHaveLength(1);
		expect(forms('/token')).toHaveLength(2);
	});

	test.each<[what: string, answer: ScriptedAnswer]>([
		['no retry is left', { status: 503 }],
		['it would take too long', { status: 503, headers: { 'retry-after': '110' } }],
		['the quota is used up', { status: 429, body: { code: 'QUOTA_EXCEEDED' } }],
	])('end with the refusal if %s', async (what, busy) => {
		polls = [pending, pending, pending, pending, pending, pending, busy, granted];
		const next = async () => what !== 'no retry is left';

		expect(
			await failure(flow.obtain(phone, SCOPE, server({ backoff: () => ({ next }) }))),
		).toMatchObject({ status: busy.status });
		expect(forms('/token')).toHaveLength(7);
	});

	test('end with expired_token before a poll that would come too late', async () => {
		acknowledgement = { body: { auth_req_id: AUTH_REQ_ID, expires_in: 10, interval: 4 } };
		polls = [pending];

		expect((await failure(obtain())).code).toBe('expired_token');
		// At 0, 4 and 8 s; the next poll would come at 12 s.
		expect(forms('/token')).toHaveLength(3);
		expect(waits).toEqual([4, 4]);
	});

	test('end after five minutes unless the operator says when', async () => {
		acknowledgement = { body: { auth_req_id: AUTH_REQ_ID, interval: 50 } };
		polls = [pending];

		expect((await failure(obtain())).code).toBe('expired_token');
		expect(waits).toEqual([50, 50, 50, 50, 50]);
	});

	test.each([
		['access_denied', 400],
		['expired_token', 400],
		['invalid_client', 401],
		['server_error', 500],
	])('end at once with %s', async (error, status) => {
		polls = [pending, { status, body: { error } }];

		expect(await failure(obtain())).toMatchObject({ code: error, status });
		expect(forms('/token')).toHaveLength(2);
		expect(waits).toEqual([2]);
	});

	test('end at once if the execution is cancelled while they wait', async () => {
		polls = [pending];
		const cancelled = new Error('Cancelled');
		const wait = async () => await Promise.reject(cancelled);

		await expect(flow.obtain(phone, SCOPE, server({ wait }))).rejects.toBe(cancelled);
		expect(forms('/token')).toHaveLength(1);
	});
});

describe('an authentication request', () => {
	const lost = new OpenGatewayError('Lost', { code: 'TIMEOUT', remedy: '', transient: true });

	/** A server whose first responses to polls get lost, with a number of retries. */
	function losing(times: number, retries: number) {
		const sent: object[] = [];
		const changes: Partial<AuthorizationServer> = {
			send: async (request) => {
				const response = await send(request);
				const { idempotent, isPoll } = request();
				sent.push({ idempotent, isPoll });
				if (request().url.endsWith('/token') && times-- > 0) throw lost;
				return response;
			},
			backoff: () => ({ next: async () => retries-- > 0 }),
		};
		return { sent, server: server(changes) };
	}

	test('is idempotent, and the poll that takes its only token is not', async () => {
		const { sent, server } = losing(0, 0);
		await flow.obtain(phone, SCOPE, server);

		expect(sent).toEqual([{}, { idempotent: false, isPoll: true }]);
	});

	test('is repeated if nobody knows whether its token was issued', async () => {
		const { server } = losing(2, 2);

		expect(await flow.obtain(phone, SCOPE, server)).toMatchObject({ subject: 'subscriber' });
		expect(forms('/bc-authorize')).toHaveLength(3);
	});

	test('is repeated no more often than there are retries', async () => {
		const { server } = losing(3, 2);

		await expect(flow.obtain(phone, SCOPE, server)).rejects.toBe(lost);
		expect(forms('/bc-authorize')).toHaveLength(3);
	});

	test.each([
		['the first HTTP 500 of a poll', 1, 2],
		['no second one', 2, 2],
	])('is repeated after %s', async (_what, failures, requests) => {
		const internal = { status: 500, body: { error: 'server_error' } };
		polls = [...Array<ScriptedAnswer>(failures).fill(internal), granted];
		const { server } = losing(0, 9);
		const obtained = flow.obtain(phone, SCOPE, server);

		if (failures === 1) await obtained;
		else expect((await failure(obtained)).code).toBe('server_error');
		expect(forms('/bc-authorize')).toHaveLength(requests);
	});

	test.each([408, 502, 504, 520, 524])('is repeated after a poll with HTTP %i', async (status) => {
		polls = [{ status, body: '<html>' }, granted];
		await flow.obtain(phone, SCOPE, losing(0, 1).server);

		expect(forms('/bc-authorize')).toHaveLength(2);
	});

	test('is not repeated after a refusal', async () => {
		polls = [{ status: 400, body: { error: 'access_denied' } }];
		const { server } = losing(0, 2);

		expect((await failure(flow.obtain(phone, SCOPE, server))).code).toBe('access_denied');
		expect(forms('/bc-authorize')).toHaveLength(1);
	});
});

const html = {
	body: '<html>Sign in to the hotel’s network</html>',
	headers: { 'content-type': 'text/html' },
};

describe('an acknowledgement', () => {
	test.each<[what: string, answer: ScriptedAnswer]>([
		['without an auth_req_id', { body: { expires_in: 120 } }],
		['with an empty auth_req_id', { body: { auth_req_id: '' } }],
		['with a number for an auth_req_id', { body: { auth_req_id: 1 } }],
		['that is null', { body: null }],
		['that is HTML', html],
		['that is a redirect', { status: 302, headers: { location: 'http://127.0.0.1:1/' }, body: '' }],
	])('%s cannot be read, and no poll follows', async (_what, answer) => {
		acknowledgement = answer;

		expect(await failure(obtain())).toMatchObject({
			code: 'UNEXPECTED_ANSWER',
			status: answer.status ?? 200,
			correlator: 'made-up-correlator',
		});
		expect(forms('/token')).toEqual([]);
	});

	test.each([
		[401, 'UNAUTHORIZED'],
		[400, 'INVALID_INPUT'],
	])('can be a refusal in the words of the operator’s gateway: %i %s', async (status, code) => {
		acknowledgement = { status, body: { code, message: 'Refused for +34 600 000 001' } };

		expect(await failure(obtain())).toMatchObject({
			code,
			status,
			serverMessage: 'Refused for +346•••••001',
		});
	});
});

describe('a token response', () => {
	test.each<[what: string, answer: ScriptedAnswer]>([
		['of type mac', { body: { ...granted.body, token_type: 'mac' } }],
		['that is HTML', html],
		['that is a redirect', { status: 302, headers: { location: 'http://127.0.0.1:1/' }, body: '' }],
	])('%s cannot be read', async (_what, answer) => {
		polls = [answer];

		const error = await failure(obtain());
		expect(error).toMatchObject({ code: 'UNEXPECTED_ANSWER', status: answer.status ?? 200 });
		expect(error.words).not.toMatch(/made-up|hotel/);
		expect(forms('/token')).toHaveLength(1);
	});
});
