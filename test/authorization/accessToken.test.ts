import { accessToken } from '../../nodes/OpenGateway/authorization/accessToken';
import { authorizationServerAt } from '../support/authorizationServer';
import { phone } from '../support/identifiers';
import { refusal, refusedWith } from '../support/refusal';

const UNREACHABLE = authorizationServerAt('http://127.0.0.1:1');

test.each(['mock_sandbox_access_token', ' aA0-._~+/== \n'])(
	'the access token %j authenticates the application, without a request',
	async (written) => {
		const grant = accessToken({ accessToken: written });
		expect(grant.subject).toBe('application');
		expect(await grant.obtain(phone, '', UNREACHABLE)).toEqual({
			headers: { authorization: `Bearer ${written.trim()}` },
			subject: 'application',
		});
	},
);

test.each(['Bearer made-up', 'made up', 'made-up\r\nx-evil: 1', '"made-up"', 'mäde-up', '   '])(
	'the access token %j is refused for its characters',
	(written) => {
		expect(refusal(() => accessToken({ accessToken: written }))).toEqual(
			refusedWith('INVALID_CREDENTIAL', /'Access Token' contains characters/),
		);
	},
);

test.each(['', undefined, 1])('the access token %j is refused as missing', (written) => {
	expect(refusal(() => accessToken({ accessToken: written }))).toEqual(
		refusedWith('INVALID_CREDENTIAL', /'Access Token' is missing/),
	);
});
