import { apiKey } from '../../nodes/OpenGateway/authorization/apiKey';
import { authorizationServerAt } from '../support/authorizationServer';
import { phone } from '../support/identifiers';
import { refusal, refusedWith } from '../support/refusal';

const UNREACHABLE = authorizationServerAt('http://127.0.0.1:1');

test('an API key authenticates the application in the header of the operator', async () => {
	const grant = apiKey({ apiKey: ' made-up!key~\n' }, 'x-made-up-key');
	expect(grant.subject).toBe('application');
	expect(await grant.obtain(phone, '', UNREACHABLE)).toEqual({
		headers: { 'x-made-up-key': 'made-up!key~' },
		subject: 'application',
	});
});

test.each([
	['made up', /'API Key' contains characters/],
	['made-up\nx-evil: 1', /'API Key' contains characters/],
	['mäde-up', /'API Key' contains characters/],
	['   ', /'API Key' contains characters/],
	['', /'API Key' is missing/],
	[null, /'API Key' is missing/],
])('the API key %j is refused', (written, words) => {
	expect(refusal(() => apiKey({ apiKey: written }, 'x-made-up-key'))).toEqual(
		refusedWith('INVALID_CREDENTIAL', words),
	);
});
