import { clientAuthentications } from '../../nodes/OpenGateway/authorization/client';
import { formRequest } from '../../nodes/OpenGateway/http';

const { clientSecretBasic, clientSecretPost } = clientAuthentications;

/** Id and secret as a server reads them from the header (RFC 6749 section 2.3.1). */
function readBasic(authorization = ''): string[] {
	const [, pair = ''] = /^Basic ([\w+/]+=*)$/.exec(authorization) ?? [];
	const parts = Buffer.from(pair, 'base64').toString('latin1').split(':');
	// Appendix B: an encoded value has no other characters, and above all no colon.
	parts.forEach((part) => expect(part).toMatch(/^[\w*.+-]*(%[\dA-F]{2}[\w*.+-]*)*$/));
	return parts.map((part) => decodeURIComponent(part.replaceAll('+', ' ')));
}

test.each([
	['mock_sandbox_app_id', 'mock_sandbox_app_secret'],
	['app:with space%', 's+cr%t&=/:'],
	['00000000-0000-4000-8000-000000000000', 'AbC~-._123=='],
	['ü', 'pässwörd€📱'],
	['%41', '%'],
	['a+b', '+ +'],
	['id"quoted', "o'clock!*()"],
	[' leading', 'trailing '],
	['back\\slash', 'tab\tline\n'],
])(
	'a server reads the id %j and the secret %j back, from header or form',
	(clientId, clientSecret) => {
		const basic = clientSecretBasic.parse({ clientId, clientSecret }).authenticate();
		expect(Object.keys(basic)).toEqual(['headers']);
		expect(Object.keys(basic.headers)).toEqual(['authorization']);
		expect(readBasic(basic.headers.authorization)).toEqual([clientId, clientSecret]);

		const post = clientSecretPost.parse({ clientId, clientSecret }).authenticate();
		expect(Object.keys(post)).toEqual(['form']);
		const { body } = formRequest('', post.form, {}, '');
		expect(Object.fromEntries(new URLSearchParams(body))).toEqual({
			client_id: clientId,
			client_secret: clientSecret,
		});
	},
);

test.each([clientSecretBasic, clientSecretPost])(
	'a client with $displayName does not reveal its secret when it is serialised',
	({ parse }) => {
		const client = parse({ clientId: 'made-up-id', clientSecret: 'made-up-secret' });

		expect(client.id).toBe('made-up-id');
		expect(client.secret()).toBe('made-up-secret');
		expect(JSON.stringify(client)).not.toContain('made-up-secret');
	},
);
