import { randomUUID } from 'node:crypto';
import type { IDataObject } from 'n8n-workflow';
import { openGatewayApi } from '../../support/credential';
import { devices } from '../../support/devices';
import { runNode } from '../../support/engine';
import {
	startScriptedOperator,
	type ReceivedRequest,
	type ScriptedAnswer,
	type ScriptedOperator,
} from '../../support/scriptedOperator';

/** Runs of many devices, in n8n's engine, at an operator that refuses them all alike. */
let operator: ScriptedOperator;
/** The response to the nth API request; every token request is granted unless `toTokens` is set. */
let answer: (nth: number, request: ReceivedRequest) => ScriptedAnswer;
let toTokens: ScriptedAnswer | undefined;
let apiRequests: number;

beforeEach(async () => {
	apiRequests = 0;
	toTokens = undefined;
	operator = await startScriptedOperator((request) => {
		const path = request.path.split('/').at(-1);
		if (path === 'bc-authorize') return { body: { auth_req_id: 'made-up', interval: 1 } };
		if (path === 'token') return toTokens ?? { body: token() };
		return answer(apiRequests++, request);
	});
});
afterEach(async () => await operator.close());

const token = () => ({ access_token: `token-${randomUUID()}`, token_type: 'Bearer', expires_in: 60 });
const at = (changes: IDataObject) =>
	openGatewayApi({
		operator: 'camara',
		baseUrl: operator.baseUrl,
		tokenUrl: `${operator.baseUrl}/token`,
		backchannelAuthorizationUrl: `${operator.baseUrl}/bc-authorize`,
		...changes,
	});

async function run(changes: IDataObject, items = devices(1000), options: IDataObject = {}) {
	const startedAt = performance.now();
	const { outputs, hints } = await runNode(items, {
		credential: at(changes),
		credentialId: 'the same',
		parameters: { options: options as never },
		onError: 'continueRegularOutput',
	});
	const errors = outputs[0]?.map(({ json }) => (json.error ?? {}) as IDataObject) ?? [];
	return {
		errors,
		codes: [...new Set(errors.map(({ code }) => code))],
		hint: hints[0]?.message,
		requests: operator.received.length,
		seconds: (performance.now() - startedAt) / 1000,
	};
}


const out = (o: object) => require('fs').appendFileSync('/tmp/pace-n8n/out', JSON.stringify(o) + '\n');
const TOKEN = { authorizationGrant: 'accessToken', accessToken: 'made-up' };
const CIBA = { authorizationGrant: 'ciba' };
test.each([[1,15,TOKEN],[2,40,TOKEN],[5,40,CIBA]])('limited %s', async (rate, n, cred) => {
	const ok: number[] = []; let refused = 0;
	answer = () => { const now = Date.now(); while (ok.length && ok[0]! <= now-1000) ok.shift(); if (ok.length >= rate) { refused++; return {status: 429}; } ok.push(now); return { body: { roaming: true, lastStatusTime: '2026-01-01T00:00:00Z' } }; };
	const { codes, hint, requests, seconds } = await run(cred, devices(n));
	out({ rate, n, codes, hint, requests, seconds, refused });
}, 120_000);
test.each([['ciba', CIBA], ['token', TOKEN]])('warm %s', async (_n, cred) => {
	answer = () => ({ body: { roaming: true, lastStatusTime: '2026-01-01T00:00:00Z' } });
	const a = await run(cred, devices(400));
	answer = () => ({ status: 429, body: { code: 'QUOTA_EXCEEDED' } });
	const b = await run(cred, devices(1000));
	out({ warm: b.requests - a.requests, seconds: b.seconds, codes: b.codes, hint: b.hint });
	await operator.close(); 
}, 120_000);
test.each([['ciba', CIBA], ['token', TOKEN]])('midway %s', async (_n, cred) => {
	let after = 0;
	answer = (nth) => nth < 500 ? ({ body: { roaming: true, lastStatusTime: '2026-01-01T00:00:00Z' } }) : (after ||= operator.received.length, { status: 429, body: { code: 'QUOTA_EXCEEDED' } });
	const b = await run(cred, devices(1000));
	out({ midway: b.requests - after, seconds: b.seconds, codes: b.codes, hint: b.hint });
}, 120_000);
