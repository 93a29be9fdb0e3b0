import { generateKeyPairSync, randomUUID } from 'node:crypto';
import type { ICredentialDataDecryptedObject, IDataObject } from 'n8n-workflow';
import { KEPT_TOKEN, openGatewayApi, signedIn } from '../support/credential';
import { devices } from '../support/devices';
import { runNode } from '../support/engine';
import {
	startScriptedOperator,
	type ScriptedAnswer,
	type ScriptedOperator,
} from '../support/scriptedOperator';

/** A token that the node or n8n keeps from run to run, and that the operator revokes in between. */
let operator: ScriptedOperator;
/** The tokens that the operator accepts, and how it refuses others. */
let valid: Set<string>;
let refusal: ScriptedAnswer;

beforeEach(async () => {
	valid = new Set([KEPT_TOKEN]);
	operator = await startScriptedOperator(({ path, headers }) => {
		if (path.endsWith('/bc-authorize')) return { body: { auth_req_id: 'made-up' } };
		if (path.endsWith('/token')) {
			const token = randomUUID();
			valid.add(token);
			return { body: { access_token: token, token_type: 'Bearer', expires_in: 3600 } };
		}
		const isValid = valid.has(headers.authorization?.replace('Bearer ', '') ?? '');
		return isValid ? { body: { roaming: true, lastStatusTime: '2026-01-01T00:00:00Z' } } : refusal;
	});
});
afterEach(async () => await operator.close());

const { privateKey } = generateKeyPairSync('ec', {
	namedCurve: 'P-256',
	privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
	publicKeyEncoding: { type: 'spki', format: 'pem' },
});
const camara = (changes: IDataObject) =>
	openGatewayApi({
		operator: 'camara',
		baseUrl: operator.baseUrl,
		tokenUrl: `${operator.baseUrl}/token`,
		backchannelAuthorizationUrl: `${operator.baseUrl}/bc-authorize`,
		...changes,
	});
const credentials: Record<string, () => ICredentialDataDecryptedObject> = {
	CIBA: () => camara({ authorizationGrant: 'ciba' }),
	'JWT Bearer': () =>
		camara({ authorizationGrant: 'jwtBearer', privateKey, keyId: 'ec', signingAlgorithm: 'ES256' }),
	'Client Credentials': () => camara({ authorizationGrant: 'clientCredentials' }),
	OAuth2: () => signedIn(operator.baseUrl),
};
const revoked = { code: 'REVOKED', message: 'Token expired' };
const refusals: Record<string, ScriptedAnswer> = {
	'HTTP 401': { status: 401, body: revoked },
	'HTTP 403': { status: 403, body: revoked },
	'invalid_token and HTTP 400': { status: 400, body: { error: 'invalid_token' } },
	'UNAUTHENTICATED and HTTP 200': { status: 200, body: { code: 'UNAUTHENTICATED' } },
};
const rows = Object.keys(credentials).flatMap((grant) =>
	Object.entries(refusals)
		// n8n refreshes the token, and for a status alone.
		.filter(([, { status }]) => grant !== 'OAuth2' || status === 401 || status === 403)
		.map(([said, answer]) => [grant, said, answer] as const),
);

test.each(rows)(
	'a kept token of %s that is refused with %s is renewed in the same run',
	async (grant, said, answer) => {
		refusal = answer;
		const credential = credentials[grant]!();
		const isSignedIn = grant === 'OAuth2';
		const items = isSignedIn ? [{}] : devices(20);
		const run = async () => {
			const from = operator.received.length;
			const { outputs } = await runNode(items, {
				credential,
				credentialId: `revoked, ${grant}, ${said}`,
				...(isSignedIn && { parameters: { identifierType: 'signedInPhone' } }),
				onError: 'continueRegularOutput',
			});
			const asked = operator.received.slice(from).map(({ path }) => path.split('/').at(-1));
			return {
				answers: outputs[0]?.map(({ json }) => json.roaming ?? json.error),
				tokens: asked.filter((path) => path === 'token').length,
			};
		};
		const answers = items.map(() => true);
		const first = await run();
		expect(first.answers).toEqual(answers);
		expect(await run()).toEqual({ answers, tokens: 0 });
		valid.clear();

		const isOfAll = grant === 'Client Credentials' || isSignedIn;
		expect(await run()).toEqual({ answers, tokens: isOfAll ? 1 : items.length });
	},
);
