import { grantTypes } from '../../nodes/OpenGateway/authorization';
import { parsePhoneNumber, type Device } from '../../nodes/OpenGateway/device';
import { authorizationServerAt } from '../support/authorizationServer';

const line: Device = { phoneNumber: parsePhoneNumber('+34600000001') };
/** There is nobody: whoever asks there fails. */
const nobodyAsked = authorizationServerAt('http://127.0.0.1:1', {
	send: async () => await Promise.reject(new Error('Nobody was to be asked')),
});

test.each(['mock_sandbox_access_token', ' aA0-._~+/== \n'])(
	'the access token %j goes with every question',
	async (accessToken) => {
		const grant = grantTypes.accessToken.create.from({ accessToken });
		expect(grant.subject).toBe('application');

		expect(await grant.obtain(line, '', nobodyAsked)).toEqual({
			headers: { authorization: `Bearer ${accessToken.trim()}` },
			subject: 'application',
		});
	},
);

test('the API key goes with every question', async () => {
	const grant = grantTypes.apiKey.create.from({ apiKey: ' made-up!key~\n' });

	expect(await grant.obtain(line, '', nobodyAsked)).toEqual({
		headers: { 'x-rapidapi-key': 'made-up!key~' },
		subject: 'application',
	});
});

test.each([
	['Bearer made-up', /The Access Token holds characters that no token has/],
	['made up', /The Access Token holds characters that no token has/],
	['made-up\r\nx-evil: 1', /The Access Token holds characters that no token has/],
	['"made-up"', /The Access Token holds characters that no token has/],
	['mäde-up', /The Access Token holds characters that no token has/],
	['   ', /The Access Token holds characters that no token has/],
	['', /The Access Token is missing/],
	[undefined, /The Access Token is missing/],
	[1, /The Access Token is missing/],
])('the access token %j is refused', (accessToken, words) => {
	expect(() => grantTypes.accessToken.create.from({ accessToken })).toThrow(words);
});

test.each([
	['made up', /The API Key holds characters that no key has/],
	['made-up\nx-evil: 1', /The API Key holds characters that no key has/],
	['mäde-up', /The API Key holds characters that no key has/],
	['   ', /The API Key holds characters that no key has/],
	['', /The API Key is missing/],
	[null, /The API Key is missing/],
])('the API key %j is refused', (apiKey, words) => {
	expect(() => grantTypes.apiKey.create.from({ apiKey })).toThrow(words);
});

test('only a question to the API shows whether it is accepted', () => {
	expect(grantTypes.accessToken.create.from({ accessToken: 'made-up' })).not.toHaveProperty(
		'probe',
	);
	expect(grantTypes.apiKey.create.from({ apiKey: 'made-up' })).not.toHaveProperty('probe');
});
