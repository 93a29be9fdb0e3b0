import type { AuthorizationServer } from '../../nodes/OpenGateway/authorization';
import { ciba } from '../../nodes/OpenGateway/authorization/ciba';
import { clientAuthentications } from '../../nodes/OpenGateway/authorization/client';
import {
	parseIpv4Address,
	parseIpv6Address,
	parseNetworkAccessIdentifier,
	parsePhoneNumber,
	parsePort,
	type Device,
} from '../../nodes/OpenGateway/device';
import { OpenGatewayError } from '../../nodes/OpenGateway/errors';
import { authorizationServerAt, send } from '../support/authorizationServer';
import {
	startScriptedOperator,
	type ScriptedAnswer,
	type ScriptedOperator,
} from '../support/scriptedOperator';

const scope = 'dpv:FraudPreventionAndDetection#device-status-roaming-read';
const line: Device = { phoneNumber: parsePhoneNumber('+34600000001') };
const flow = ciba(
	clientAuthentications.clientSecretBasic.parse({
		clientId: 'app',
		clientSecret: 'made-up-secret',
	}),
);
const authReqId = 'made-up-auth-req-id';
const granted = { body: { access_token: 'made-up-token', token_type: 'Bearer', expires_in: 60 } };
const pending = { status: 400, body: { error: 'authorization_pending' } };
const slowDown = { status: 400, body: { error: 'slow_down' } };

/** What the operator answers: the authentication request, then each poll; the last one for good. */
let acknowledgement: ScriptedAnswer;
let polls: ScriptedAnswer[];
let operator: ScriptedOperator;
/** The waits that the flow asked for, in s. */
let waits: number[];
/** The clock, in ms. Nothing but waiting passes time. */
let now: number;

beforeEach(async () => {
	now = Date.now();
	jest.spyOn(Date, 'now').mockImplementation(() => now);
	acknowledgement = { body: { auth_req_id: authReqId, expires_in: 120, interval: 2 } };
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

/** The error that the flow ended with, and its words. */
async function failure(device = line) {
	const error: unknown = await flow
		.obtain(device, scope, server())
		.catch((reason: unknown) => reason);
	if (!(error instanceof OpenGatewayError)) throw new Error('It did not fail', { cause: error });
	return { ...error.context, words: `${error.message} ${error.context.remedy}` };
}

describe('the requests', () => {
	test('name the line, the scope and then the authentication request, form-encoded', async () => {
		expect(await flow.obtain(line, scope, server())).toMatchObject({
			headers: { authorization: 'Bearer made-up-token' },
			subject: 'line',
		});

		expect(operator.received.map(({ method, path }) => `${method} ${path}`)).toEqual([
			'POST /bc-authorize',
			'POST /token',
		]);
		expect(forms('/bc-authorize')).toEqual([{ login_hint: 'tel:+34600000001', scope }]);
		expect(forms('/token')).toEqual([
			{ grant_type: 'urn:openid:params:grant-type:ciba', auth_req_id: authReqId },
		]);
		// A raw "+" would reach the server as a space.
		expect(operator.received[0]?.body).toContain('login_hint=tel%3A%2B34600000001&');
		for (const { headers } of operator.received) {
			expect(headers).toMatchObject({
				'content-type': 'application/x-www-form-urlencoded',
				accept: 'application/json',
				'x-correlator': 'made-up-correlator',
			});
		}
	});

	test('carry back an auth_req_id exactly, whatever is in it', async () => {
		const odd = 'a+b c&d=e%2F/?#"é📱';
		acknowledgement = { body: { auth_req_id: odd } };
		await flow.obtain(line, scope, server());

		expect(forms('/token')[0]?.auth_req_id).toBe(odd);
	});

	const publicAddress = parseIpv4Address('80.90.34.2');
	test.each<[hint: string, device: Device]>([
		['tel:+34600000001', line],
		['ipport:80.90.34.2', { ipv4Address: { publicAddress } }],
		['ipport:80.90.34.2:16790', { ipv4Address: { publicAddress, publicPort: parsePort(16_790) } }],
		['ipport:[2001:db8::1]', { ipv6Address: parseIpv6Address('2001:DB8:0::1') }],
	])('name a device as %s', async (hint, device) => {
		await flow.obtain(device, scope, server());

		expect(forms('/bc-authorize')[0]?.login_hint).toBe(hint);
	});

	test('are not sent for a network access identifier, which has no login hint', async () => {
		const networkAccessIdentifier = parseNetworkAccessIdentifier('123456789@domain.com');

		expect(await failure({ networkAccessIdentifier })).toMatchObject({
			code: 'UNSUPPORTED_DEVICE',
			words: expect.stringMatching(/phone number, IPv4 address or IPv6 address/),
		});
		expect(operator.received).toEqual([]);
	});
});

describe('the polls', () => {
	test('begin at once', async () => {
		await flow.obtain(line, scope, server());

		expect(waits).toEqual([]);
	});

	test('follow the interval that the operator gave', async () => {
		polls = [pending, pending, pending, granted];
		await flow.obtain(line, scope, server());

		expect(waits).toEqual([2, 2, 2]);
		expect(forms('/token')).toHaveLength(4);
	});

	test.each([[undefined], [null], ['2'], [0], [-1]])(
		'come every 5 s where the interval is %p',
		async (interval) => {
			acknowledgement = { body: { auth_req_id: authReqId, expires_in: 120, interval } };
			polls = [pending, pending, granted];
			await flow.obtain(line, scope, server());

			expect(waits).toEqual([5, 5]);
		},
	);

	test('come 5 s slower after each slow_down, then and later', async () => {
		polls = [pending, slowDown, pending, slowDown, pending, granted];
		await flow.obtain(line, scope, server());

		expect(waits).toEqual([2, 7, 7, 12, 12]);
	});

	test('end with expired_token before the one that would come too late', async () => {
		acknowledgement = { body: { auth_req_id: authReqId, expires_in: 10, interval: 4 } };
		polls = [pending];

		expect(await failure()).toMatchObject({
			code: 'expired_token',
			words: expect.stringMatching(/\+346•••••001 expired/),
		});
		// At 0, 4 and 8 s; the next one would come at 12 s.
		expect(forms('/token')).toHaveLength(3);
		expect(waits).toEqual([4, 4]);
	});

	test('end after five minutes where the operator does not say when', async () => {
		acknowledgement = { body: { auth_req_id: authReqId, interval: 50 } };
		polls = [pending];

		expect((await failure()).code).toBe('expired_token');
		expect(waits).toEqual([50, 50, 50, 50, 50]);
	});

	test.each([
		['access_denied', 400, 'lineOwner', /owner of the line \+346•••••001 has not consented/],
		['consent_required', 400, 'lineOwner', /has not consented/],
		['expired_token', 400, 'operator', /\+346•••••001 expired/],
		['invalid_grant', 400, 'you', /does not take this authorization for the line \+346•••••001/],
		['invalid_request', 400, 'you', /malformed/],
		['invalid_client', 401, 'you', /Client ID, or its secret or key/],
		['unauthorized_client', 400, 'registration', /may not use this grant type/],
		['unheard_of', 400, 'operator', /refused to authorize the check of the line \+346•••••001/],
		['server_error', 500, 'operator', /fault of its own/],
	])('end at once with %s', async (error, status, nextMove, words) => {
		polls = [pending, { status, body: { error, error_description: 'In other words' } }];

		expect(await failure()).toEqual({
			code: error,
			nextMove,
			status,
			correlator: 'made-up-correlator',
			remedy: expect.any(String),
			serverMessage: 'In other words',
			words: expect.stringMatching(words),
		});
		expect(forms('/token')).toHaveLength(2);
		expect(waits).toEqual([2]);
	});

	test('end at once where the execution is cancelled while they wait', async () => {
		polls = [pending];
		const cancelled = new Error('Cancelled');
		const wait = async () => await Promise.reject(cancelled);

		await expect(flow.obtain(line, scope, server({ wait }))).rejects.toBe(cancelled);
		expect(forms('/token')).toHaveLength(1);
	});
});

describe('an authentication request', () => {
	const lost = new OpenGatewayError('Lost', { code: 'TIMEOUT', remedy: '', transient: true });

	/** A server of which the first answers to polls get lost, with so many further tries. */
	function losing(times: number, retries: number) {
		const spent: boolean[] = [];
		const changes: Partial<AuthorizationServer> = {
			send: async (request) => {
				const answer = await send(request);
				const { url, idempotent = true } = request();
				spent.push(!idempotent);
				if (url.endsWith('/token') && times-- > 0) throw lost;
				return answer;
			},
			backoff: () => ({ next: async () => retries-- > 0 }),
		};
		return { spent, server: server(changes) };
	}

	test('is good for one token: only what polls for it may not be sent twice', async () => {
		const { spent, server } = losing(0, 0);
		await flow.obtain(line, scope, server);

		expect(spent).toEqual([false, true]);
	});

	test('is made anew where nobody knows whether its token was given', async () => {
		const { server } = losing(2, 2);

		expect(await flow.obtain(line, scope, server)).toMatchObject({ subject: 'line' });
		expect(forms('/bc-authorize')).toHaveLength(3);
	});

	test('is made anew no more often than there are tries', async () => {
		const { server } = losing(3, 2);

		await expect(flow.obtain(line, scope, server)).rejects.toBe(lost);
		expect(forms('/bc-authorize')).toHaveLength(3);
	});

	test('is not made anew where it was refused', async () => {
		polls = [{ status: 400, body: { error: 'access_denied' } }];
		const { server } = losing(0, 2);

		await expect(flow.obtain(line, scope, server)).rejects.toThrow(/has not consented/);
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
		['that is a list', { body: [{ auth_req_id: authReqId }] }],
		['that is null', { body: null }],
		['that is empty', { body: '' }],
		['that is HTML', html],
		['that is cut off', { body: '{"auth_req_id":"made-up' }],
		['that is a redirect', { status: 302, headers: { location: 'http://127.0.0.1:1/' }, body: '' }],
		['that is a refusal without a code', { status: 400, body: {} }],
		['that is a refusal in HTML', { ...html, status: 503 }],
		['that is a refusal with a code of no kind', { status: 400, body: { error: 42 } }],
	])('%s cannot be read, and nothing is polled for', async (_what, answer) => {
		acknowledgement = answer;

		expect(await failure()).toMatchObject({
			code: 'UNEXPECTED_ANSWER',
			status: answer.status ?? 200,
			correlator: 'made-up-correlator',
		});
		expect(forms('/token')).toEqual([]);
	});

	test.each([
		['unknown_user_id', /line \+346•••••001 is not a customer/],
		['invalid_scope', /not registered for Device Status/],
	])('can be a refusal: %s', async (error, words) => {
		acknowledgement = { status: 400, body: { error } };

		expect(await failure()).toMatchObject({ code: error, words: expect.stringMatching(words) });
		expect(forms('/token')).toEqual([]);
	});

	test.each([
		[401, 'UNAUTHORIZED', 'invalid_client'],
		[400, 'INVALID_INPUT', 'INVALID_INPUT'],
	])(
		'can be a refusal in the words of the operator’s gateway: %i %s',
		async (status, code, own) => {
			acknowledgement = { status, body: { code, message: 'Refused for +34 600 000 001' } };

			expect(await failure()).toMatchObject({
				code: own,
				status,
				serverMessage: 'Refused for +346•••••001',
			});
		},
	);

	test('gives the correlator of the operator where it has one of its own', async () => {
		acknowledgement = { body: {}, headers: { 'x-correlator': 'the-operators-own' } };

		expect((await failure()).correlator).toBe('the-operators-own');
	});
});

describe('a token answer', () => {
	const token = (changes: object) => ({ body: { ...granted.body, ...changes } });

	test.each<[what: string, answer: ScriptedAnswer]>([
		['without a token', token({ access_token: undefined })],
		['with an empty token', token({ access_token: '' })],
		['with a number for a token', token({ access_token: 1 })],
		['with a line break in its token', token({ access_token: 'made-up\r\nx-evil: 1' })],
		['with a space in its token', token({ access_token: 'made up' })],
		['with a token that is no ASCII', token({ access_token: 'mäde-up' })],
		['of type mac', token({ token_type: 'mac' })],
		['without a type', token({ token_type: undefined })],
		['that is null', { body: null }],
		['that is empty', { body: '' }],
		['that is HTML', html],
		['that is a refusal in HTML', { ...html, status: 502 }],
		['that is a redirect', { status: 302, headers: { location: 'http://127.0.0.1:1/' }, body: '' }],
	])('%s cannot be read', async (_what, answer) => {
		polls = [answer];

		const error = await failure();
		expect(error).toMatchObject({ code: 'UNEXPECTED_ANSWER', status: answer.status ?? 200 });
		expect(error.words).not.toMatch(/made-up|mäde|hotel/);
		expect(forms('/token')).toHaveLength(1);
	});

	test.each(['Bearer', 'bearer', 'BEARER'])('is read with the type %s', async (type) => {
		polls = [token({ token_type: type, access_token: 'aA0-._~+/==' })];

		expect(await flow.obtain(line, scope, server())).toMatchObject({
			headers: { authorization: 'Bearer aA0-._~+/==' },
			subject: 'line',
		});
	});
});

describe('the probe of a credential', () => {
	test('asks about an address that belongs to nobody, and takes no token', async () => {
		await flow.probe?.(scope, server());

		expect(forms('/bc-authorize')).toEqual([{ login_hint: 'ipport:192.0.2.1:443', scope }]);
		expect(forms('/token')).toEqual([]);
	});

	test.each(['unknown_user_id', 'access_denied', 'consent_required'])(
		'is passed by a client whose line is refused: %s',
		async (error) => {
			acknowledgement = { status: 400, body: { error } };

			await expect(flow.probe?.(scope, server())).resolves.toBeUndefined();
		},
	);

	test.each(['invalid_client', 'unauthorized_client', 'invalid_scope', 'server_error'])(
		'is failed by a client that is refused itself: %s',
		async (error) => {
			acknowledgement = { status: 400, body: { error } };

			await expect(flow.probe?.(scope, server())).rejects.toMatchObject({
				context: { code: error },
			});
		},
	);
});
