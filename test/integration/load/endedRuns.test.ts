import { randomUUID } from 'node:crypto';
import type { IDataObject } from 'n8n-workflow';
import { openGatewayApi } from '../../support/credential';
import { devices } from '../../support/devices';
import { runNode } from '../../support/engine';
import {
	startScriptedOperator,
	type ScriptedAnswer,
	type ScriptedOperator,
} from '../../support/scriptedOperator';

/** Runs of many devices, in n8n's engine, at an operator that refuses them all alike, or for a while. */
const DEVICES = 1000;
const ANSWERED: ScriptedAnswer = {
	body: { roaming: true, lastStatusTime: '2026-01-01T00:00:00Z' },
};
const CIBA = { authorizationGrant: 'ciba' };
const CLIENT_CREDENTIALS = { authorizationGrant: 'clientCredentials' };
const ACCESS_TOKEN = { authorizationGrant: 'accessToken', accessToken: 'made-up' };

jest.setTimeout(60_000);

let operator: ScriptedOperator;
/** The response to the nth request of the API, and of the token endpoint if it grants nothing. */
let answer: (nth: number) => ScriptedAnswer;
let toToken: (() => ScriptedAnswer) | undefined;
let asked: number;

beforeEach(async () => {
	asked = 0;
	toToken = undefined;
	operator = await startScriptedOperator(({ path }) => {
		if (path.endsWith('/bc-authorize')) return { body: { auth_req_id: 'made-up', interval: 1 } };
		if (!path.endsWith('/token')) return answer(asked++);
		const token = { access_token: `token-${randomUUID()}`, token_type: 'Bearer', expires_in: 60 };
		return toToken?.() ?? { body: token };
	});
});
afterEach(async () => await operator.close());

/** What n8n's user sees of a run, what the operator saw of it, and how long it took (s). */
async function run(grant: IDataObject, count = DEVICES) {
	const from = operator.received.length;
	const startedAt = performance.now();
	const { outputs, hints } = await runNode(devices(count), {
		credential: openGatewayApi({
			operator: 'camara',
			baseUrl: operator.baseUrl,
			tokenUrl: `${operator.baseUrl}/token`,
			backchannelAuthorizationUrl: `${operator.baseUrl}/bc-authorize`,
			...grant,
		}),
		credentialId: 'the same for all runs of a test',
		onError: 'continueRegularOutput',
	});
	const errors = (outputs[0] ?? []).flatMap(({ json }) => json.error ?? []) as IDataObject[];
	return {
		failed: errors.length,
		codes: [...new Set(errors.map(({ code }) => code))],
		last: errors.at(-1),
		hint: hints[0]?.message,
		requests: operator.received.length - from,
		seconds: (performance.now() - startedAt) / 1000,
	};
}

const QUOTAS: [what: string, refusal: ScriptedAnswer][] = [
	['CAMARA’s code', { status: 429, body: { code: 'QUOTA_EXCEEDED' } }],
	[
		'RapidAPI’s words',
		{ status: 429, body: { message: 'You have exceeded the MONTHLY quota for Requests, BASIC.' } },
	],
	['a Retry-After of hours', { status: 429, headers: { 'retry-after': '7200' } }],
	['the reset of a limit', { status: 429, headers: { 'x-ratelimit-requests-reset': '86400' } }],
];

describe.each([
	['CIBA', CIBA],
	['Client Credentials', CLIENT_CREDENTIALS],
	['Access Token', ACCESS_TOKEN],
])('a quota that is used up ends a run with %s', (_name, grant) => {
	test.each(QUOTAS)('at once: %s', async (_what, refusal) => {
		answer = () => refusal;
		const { failed, codes, last, hint, requests, seconds } = await run(grant);

		expect({ failed, codes }).toEqual({ failed: DEVICES, codes: ['QUOTA_EXCEEDED'] });
		expect(last).toMatchObject({ nextMove: 'registration', status: null, correlator: null });
		expect(last?.message).not.toContain('•');
		expect(hint).toContain('The run ended early');
		expect(requests).toBeLessThanOrEqual(50);
		expect(seconds).toBeLessThan(15);
	});

	test('though all requests of the run before were answered', async () => {
		answer = () => ANSWERED;
		expect(await run(grant, 400)).toMatchObject({ failed: 0 });
		answer = () => QUOTAS[0]![1];
		const { codes, requests } = await run(grant);

		expect(codes).toEqual(['QUOTA_EXCEEDED']);
		expect(requests).toBeLessThanOrEqual(150);
	});

	test('in the middle, with the answers so far', async () => {
		let answered = 0;
		answer = (nth) => {
			if (nth >= 500) return QUOTAS[1]![1];
			answered = operator.received.length;
			return ANSWERED;
		};
		const { failed, codes } = await run(grant);

		expect({ failed, codes }).toEqual({ failed: DEVICES - 500, codes: ['QUOTA_EXCEEDED'] });
		// Those that were in flight, and what they led to before the first refusal came.
		expect(operator.received.length - answered).toBeLessThanOrEqual(150);
	});
});

describe('an operator that refuses everything', () => {
	test.each<[what: string, grant: IDataObject, refusal: ScriptedAnswer]>([
		['HTTP 429', CIBA, { status: 429 }],
		['HTTP 429', ACCESS_TOKEN, { status: 429 }],
		['HTTP 500', CIBA, { status: 500 }],
		['HTTP 503', CIBA, { status: 503 }],
		['HTTP 503', ACCESS_TOKEN, { status: 503 }],
		['HTTP 402', ACCESS_TOKEN, { status: 402, body: { message: 'Payment required' } }],
		['HTTP 404 about the path', CIBA, { status: 404 }],
		['a web page', CLIENT_CREDENTIALS, { body: '<html>Welcome</html>' }],
		['HTTP 401', CIBA, { status: 401, body: { code: 'UNAUTHENTICATED' } }],
		['HTTP 401', CLIENT_CREDENTIALS, { status: 401, body: { code: 'UNAUTHENTICATED' } }],
	])('is asked a few times: %s, %j', async (_what, grant, refusal) => {
		answer = () => refusal;
		const { failed, codes, requests, seconds } = await run(grant);

		expect({ failed, codes: codes.length }).toEqual({ failed: DEVICES, codes: 1 });
		expect(requests).toBeLessThanOrEqual(150);
		expect(seconds).toBeLessThan(15);
	});

	test.each<[what: string, refusal: ScriptedAnswer]>([
		['HTTP 429', { status: 429 }],
		['HTTP 503', { status: 503 }],
		['HTTP 500', { status: 500, body: { error: 'server_error' } }],
		['invalid_client', { status: 401, body: { error: 'invalid_client' } }],
		['HTTP 404', { status: 404 }],
		['invalid_scope', { status: 400, body: { error: 'invalid_scope' } }],
	])('at its token endpoint is asked a few times: %s', async (_what, refusal) => {
		toToken = () => refusal;
		const { failed, requests, seconds } = await run(CIBA);

		expect(failed).toBe(DEVICES);
		expect(requests).toBeLessThanOrEqual(150);
		expect(seconds).toBeLessThan(30);
	});

	test.each<[what: string, refusal: ScriptedAnswer]>([
		['HTTP 403', { status: 403, body: { code: 'PERMISSION_DENIED' } }],
		['HTTP 404', { status: 404, body: { code: 'IDENTIFIER_NOT_FOUND' } }],
	])('about one device after the other is asked about them all: %s', async (_what, refusal) => {
		answer = () => refusal;
		await run(ACCESS_TOKEN, 200);

		expect(asked).toBe(200);
	});

	test('but one device in five is asked about them all', async () => {
		answer = (nth) =>
			nth % 5 === 0 ? ANSWERED : { status: 401, body: { code: 'UNAUTHENTICATED' } };
		expect(await run(ACCESS_TOKEN, 200)).toMatchObject({ failed: 160, requests: 200 });
	});
});

describe('every device is answered in the end by an operator that', () => {
	test.each([429, 503])('refuses everything for two seconds: HTTP %i', async (status) => {
		let since: number | undefined;
		answer = (nth) => {
			if (nth === 100) since = Date.now();
			return since !== undefined && Date.now() < since + 2000 ? { status } : ANSWERED;
		};
		expect(await run(ACCESS_TOKEN, 400)).toMatchObject({ failed: 0 });
	});

	test('accepts two requests per second, and says no more than HTTP 429', async () => {
		let accepted: number[] = [];
		answer = () => {
			const now = Date.now();
			accepted = accepted.filter((at) => at > now - 1000);
			if (accepted.length >= 2) return { status: 429 };
			accepted.push(now);
			return ANSWERED;
		};
		expect(await run(ACCESS_TOKEN, 20)).toMatchObject({ failed: 0 });
	});
});
