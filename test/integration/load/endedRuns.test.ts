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

const cases: Record<string, ScriptedAnswer> = {
	plain429: { status: 429, body: { message: 'Too many' } },
	p503: { status: 503 },
	p500: { status: 500, body: { code: 'INTERNAL' } },
	p401: { status: 401, body: { code: 'UNAUTHENTICATED' } },
	quota: { status: 429, body: { code: 'QUOTA_EXCEEDED' } },
	monthly: { status: 429, body: { message: 'You have exceeded the MONTHLY quota for Requests on your current plan, BASIC.' } },
	hours: { status: 429, headers: { 'x-ratelimit-requests-reset': '200000' , 'x-ratelimit-requests-remaining': '0'} },
};
const creds: Record<string, IDataObject> = {
	ciba: { authorizationGrant: 'ciba' },
	cc: { authorizationGrant: 'clientCredentials' },
	token: { authorizationGrant: 'accessToken', accessToken: 'made-up' },
};
for (const [name, response] of Object.entries(cases)) for (const [c, changes] of Object.entries(creds))
	test(`${name} ${c}`, async () => {
		answer = () => response;
		const { errors, codes, hint, requests, seconds } = await run(changes);
		require('fs').appendFileSync('/tmp/pace-n8n/out', JSON.stringify({ name, c, codes, requests, seconds, hint, e: errors[500], api: apiRequests }) + '\n');
	}, 120_000);
for (const [name, response] of Object.entries({ ...cases, invalid: { status: 401, body: { error: 'invalid_client' } } })) 
	test(`token endpoint ${name}`, async () => {
		toTokens = response; answer = () => ({});
		const { errors, codes, hint, requests, seconds } = await run(creds.ciba!);
		require('fs').appendFileSync('/tmp/pace-n8n/out', JSON.stringify({ name, c: 'token endpoint, ciba', codes, requests, seconds, hint, e: errors[500], api: apiRequests }) + '\n');
	}, 120_000);
