import { clientAuthentications } from '../../nodes/OpenGateway/authorization';
import { clientCredentials } from '../../nodes/OpenGateway/authorization/clientCredentials';
import { parsePhoneNumber, type Device } from '../../nodes/OpenGateway/device';
import { authorizationServerAt } from '../support/authorizationServer';
import {
	startScriptedOperator,
	type ScriptedAnswer,
	type ScriptedOperator,
} from '../support/scriptedOperator';

const scope = 'dpv:FraudPreventionAndDetection device-roaming-status:read';
const line: Device = { phoneNumber: parsePhoneNumber('+34600000001') };
const credential = { clientId: 'made-up-id', clientSecret: 'made-up-secret' };
const flow = clientCredentials(clientAuthentications.clientSecretPost.parse(credential));

let answer: ScriptedAnswer;
let operator: ScriptedOperator;

beforeEach(async () => {
	answer = { body: { access_token: 'made-up-token', token_type: 'bearer' } };
	operator = await startScriptedOperator(() => answer);
});
afterEach(async () => await operator.close());

test('a token is asked for with the scope, and speaks for the application', async () => {
	expect(await flow.obtain(line, scope, authorizationServerAt(operator.baseUrl))).toEqual({
		headers: { authorization: 'Bearer made-up-token' },
		subject: 'application',
	});

	expect(operator.received.map(({ method, path }) => `${method} ${path}`)).toEqual(['POST /token']);
	expect([...new URLSearchParams(operator.received[0]?.body)]).toEqual([
		['grant_type', 'client_credentials'],
		['scope', scope],
		['client_id', 'made-up-id'],
		['client_secret', 'made-up-secret'],
	]);
});

test('the line that is asked about is not told to the authorization server', async () => {
	await flow.obtain(line, scope, authorizationServerAt(operator.baseUrl));

	expect(JSON.stringify(operator.received)).not.toContain('600000001');
});

test.each([
	[401, { error: 'invalid_client' }, 'invalid_client', 'you'],
	[400, { error: 'unauthorized_client' }, 'unauthorized_client', 'registration'],
	[400, { error: 'invalid_scope' }, 'invalid_scope', 'registration'],
	[401, { code: 'UNAUTHORIZED', message: 'No' }, 'invalid_client', 'you'],
	[200, { access_token: 'made-up', token_type: 'mac' }, 'UNEXPECTED_ANSWER', 'operator'],
])('a refusal is told in words: %i %j', async (status, body, code, nextMove) => {
	answer = { status, body };

	await expect(
		flow.obtain(line, scope, authorizationServerAt(operator.baseUrl)),
	).rejects.toMatchObject({ context: { code, status }, nextMove });
});
