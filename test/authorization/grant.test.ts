import { readTokenResponse } from '../../nodes/OpenGateway/authorization/grant';

const NOW = Date.parse('2026-01-01T00:00:00Z');
beforeEach(() => void jest.spyOn(Date, 'now').mockReturnValue(NOW));
afterEach(() => jest.restoreAllMocks());

const token = { access_token: 'made-up-token', token_type: 'Bearer' };
const read = (json: unknown) => readTokenResponse({ status: 200, json, correlator: '' }, 'line');

test('a token goes with a question to the operator, and speaks for whom it was asked for', () => {
	expect(read({ ...token, token_type: 'bearer' })).toEqual({
		headers: { authorization: 'Bearer made-up-token' },
		subject: 'line',
	});
});

test.each([
	['a little shorter than it is good', 3600, 3590],
	['the same where its lifetime is written as text', '3600', 3590],
	['at least for half of its lifetime', 12, 6],
])('a token is kept %s', (_long, expiresIn, seconds) => {
	expect(read({ ...token, expires_in: expiresIn }).expiresAt).toBe(NOW + 1000 * seconds);
});

test.each([undefined, null, 0, -1, 'soon', '', [3600], {}])(
	'a token is not kept where its lifetime is %j',
	(expiresIn) => {
		expect(read({ ...token, expires_in: expiresIn })).not.toHaveProperty('expiresAt');
	},
);

test.each([
	['it holds no access token', {}],
	['it holds no access token', null],
	['it holds no access token', { ...token, access_token: '' }],
	['it holds no access token', { ...token, access_token: 'two words' }],
	['its token is not a bearer token', { ...token, token_type: 'DPoP' }],
	['its token is not a bearer token', { ...token, token_type: undefined }],
])('an answer is refused since %s: %j', (found, json) => {
	expect(() => read(json)).toThrow(`The operator’s answer cannot be read: ${found}.`);
});
