import { readTokenResponse } from '../../nodes/OpenGateway/authorization/grant';
import { refusal, refusedWith } from '../support/refusal';
import { responseOf } from '../support/response';

const NOW = Date.parse('2026-01-01T00:00:00Z');
beforeEach(() => void jest.spyOn(Date, 'now').mockReturnValue(NOW));
afterEach(() => jest.restoreAllMocks());

const token = { access_token: 'made-up-token', token_type: 'Bearer' };
const read = (json: unknown) => readTokenResponse(responseOf({ json }), 'subscriber');

test.each(['Bearer', 'BEARER', 'BearerToken', 'bearer_token', ' bearer', '', null, undefined])(
	'a token of the type %j is a bearer token',
	(type) => {
		expect(read({ access_token: 'aA0-._~+/==', token_type: type })).toEqual({
			headers: { authorization: 'Bearer aA0-._~+/==' },
			subject: 'subscriber',
		});
	},
);

test('white space around a token is not part of it', () => {
	const { headers } = read({ ...token, access_token: ' made-up-token\r\n' });
	expect(headers.authorization).toBe('Bearer made-up-token');
});

test.each([
	[200, { error: 'invalid_grant' }, 'invalid_grant'],
	[401, token, 'HTTP_401'],
	[200, { code: 'MADE_UP' }, 'MADE_UP'],
])('the response %i %j is a refusal', (status, json, code) => {
	const refused = refusal(() => readTokenResponse(responseOf({ status, json }), 'subscriber'));
	expect(refused).toEqual(refusedWith(code));
});

test.each([
	['until ten seconds before it expires', 3600, 3590],
	['as long if its lifetime is written as text', '3600', 3590],
	['for at least half of its lifetime', 12, 6],
])('a token may be cached %s', (_long, expiresIn, seconds) => {
	expect(read({ ...token, expires_in: expiresIn }).expiresAt).toBe(NOW + 1000 * seconds);
});

test.each([undefined, null, 0, -1, 'soon', '', [3600], {}])(
	'a token with the lifetime %j is not cached',
	(expiresIn) => {
		expect(read({ ...token, expires_in: expiresIn })).not.toHaveProperty('expiresAt');
	},
);

test.each<[json: unknown, words: RegExp]>([
	[null, /it holds no access token/],
	...[undefined, '', 1, 'made-up\r\nx-evil: 1', 'made up', 'mäde-up'].map(
		(access_token): [object, RegExp] => [{ ...token, access_token }, /it holds no access token/],
	),
	...['DPoP', 'mac', 1].map((token_type): [object, RegExp] => [
		{ ...token, token_type },
		/its token.* is not a bearer token/,
	]),
])('the response %j is refused, and is not quoted', (json, words) => {
	const refused = refusal(() => read(json));
	expect(refused).toEqual(refusedWith('UNEXPECTED_ANSWER', words));
	expect(refused.words).not.toMatch(/m.de.up/);
});
