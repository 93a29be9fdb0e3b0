import { clientAuthentications } from '../../nodes/OpenGateway/authorization';
import { clientCredentials } from '../../nodes/OpenGateway/authorization/clientCredentials';
import { authorizationServerForSuite } from '../support/authorizationServer';
import { phone } from '../support/identifiers';

const SCOPE = 'dpv:FraudPreventionAndDetection device-roaming-status:read';
const credential = { clientId: 'made-up-id', clientSecret: 'made-up-secret' };
const flow = clientCredentials(clientAuthentications.clientSecretPost.parse(credential));

const operator = authorizationServerForSuite();

const obtain = async () => await flow.obtain(phone, SCOPE, operator.server());

test('a token is obtained for the scope and the application, and names no device', async () => {
	expect(await obtain()).toMatchObject({
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
	[401, { code: 'UNAUTHORIZED', message: 'No' }, 'UNAUTHORIZED', 'you'],
	[200, { access_token: 'made-up', token_type: 'mac' }, 'UNEXPECTED_ANSWER', 'operator'],
])('a refusal has its code and its next move: %i %j', async (status, body, code, nextMove) => {
	operator.answer = { status, body };

	await expect(obtain()).rejects.toMatchObject({ context: { code, status }, nextMove });
});
