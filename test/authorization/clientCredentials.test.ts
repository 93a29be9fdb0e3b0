import { clientAuthentications } from '../../nodes/OpenGateway/authorization';
import { clientCredentials } from '../../nodes/OpenGateway/authorization/clientCredentials';
import { parsePhoneNumber, type Device } from '../../nodes/OpenGateway/device';
import { authorizationServerAt } from '../support/authorizationServer';
import {
	startScriptedOperator,
	type ScriptedAnswer,
	type ScriptedOperator,
} from '../support/scriptedOperator';

const SCOPE = 'dpv:FraudPreventionAndDetection device-roaming-status:read';
const device: Device = { phoneNumber: parsePhoneNumber('+34600000001') };
const credential = { clientId: 'made-up-id', clientSecret: 'made-up-secret' };
const flow = clientCredentials(clientAuthentications.clientSecretPost.parse(credential));

let answer: ScriptedAnswer;
let operator: ScriptedOperator;

beforeEach(async () => {
	answer = { body: { access_token: 'made-up-token', token_type: 'bearer' } };
	operator = await startScriptedOperator(() => answer);
});
afterEach(async () => await operator.close());

const obtain = async () =>
	await flow.obtain(device, SCOPE, authorizationServerAt(operator.baseUrl));

test('a token is obtained for the scope and the application, and names no device', async () => {
	expect(await obtain()).toEqual({
		headers: { authorization: 'Bearer made-up-token' },
		subject: 'application',
	});

	expect(operator.received.map(({ method, path }) => `${method} ${path}`)).toEqual(['POST /token']);
	expect(JSON.stringify(operator.received)).not.toContain('600000001');
	expect([...new URLSearchParams(operator.received[0]?.body)]).toEqual([
		['grant_type', 'client_credentials'],
		['scope', SCOPE],
		['client_id', 'made-up-id'],
		['client_secret', 'made-up-secret'],
	]);
});

test.each([
	[401, { error: 'invalid_client' }, 'invalid_client', 'you'],
	[400, { error: 'unauthorized_client' }, 'unauthorized_client', 'registration'],
	[400, { error: 'invalid_scope' }, 'invalid_scope', 'registration'],
	[401, { code: 'UNAUTHORIZED', message: 'No' }, 'invalid_client', 'you'],
	[200, { access_token: 'made-up', token_type: 'mac' }, 'UNEXPECTED_ANSWER', 'operator'],
])('a refusal has its code and its next move: %i %j', async (status, body, code, nextMove) => {
	answer = { status, body };

	await expect(obtain()).rejects.toMatchObject({ context: { code, status }, nextMove });
});
