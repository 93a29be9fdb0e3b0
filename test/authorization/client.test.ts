import { clientAuthentications } from '../../nodes/OpenGateway/authorization/client';
import { formRequest } from '../../nodes/OpenGateway/http';

/** Id and secret as a server reads them from the header (RFC 6749 section 2.3.1). */
function readBasic(authorization = ''): string[] {
	const [, pair = ''] = /^Basic ([\w+/]+=*)$/.exec(authorization) ?? [];
	const parts = Buffer.from(pair, 'base64').toString('latin1').split(':');
	// Appendix B: an encoded value has no other characters, a colon above all.
	parts.forEach((part) => expect(part).toMatch(/^[\w*.+-]*(%[\dA-F]{2}[\w*.+-]*)*$/));
	return parts.map((part) => decodeURIComponent(part.replaceAll('+', ' ')));
}

/** Ids and secrets that an encoding could spoil. */
const pairs = [
	['mock_sandbox_app_id', 'mock_sandbox_app_secret'],
	['app:with space%', 's+cr%t&=/:'],
	['00000000-0000-4000-8000-000000000000', 'AbC~-._123=='],
	['ü', 'pässwörd€📱'],
	['%41', '%'],
	['a+b', '+ +'],
	['id"quoted', "o'clock!*()"],
	[' leading', 'trailing '],
	['back\\slash', 'tab\tline\n'],
];

test.each(pairs)(
	'in the header a server reads back the id %j and the secret %j',
	(clientId, clientSecret) => {
		const client = clientAuthentications.clientSecretBasic.parse({ clientId, clientSecret });
		const { headers, ...others } = client.authenticate();

		expect(readBasic(headers.authorization)).toEqual([clientId, clientSecret]);
		expect(Object.keys(headers)).toEqual(['authorization']);
		expect(others).toEqual({});
	},
);

test.each(pairs)(
	'in the form a server reads back the id %j and the secret %j',
	(clientId, clientSecret) => {
		const client = clientAuthentications.clientSecretPost.parse({ clientId, clientSecret });
		const { form, ...others } = client.authenticate();

		expect(Object.fromEntries(new URLSearchParams(formRequest('', form, {}, '').body))).toEqual({
			client_id: clientId,
			client_secret: clientSecret,
		});
		expect(others).toEqual({});
	},
);

test.each(['clientSecretBasic', 'clientSecretPost'] as const)(
	'%s keeps id and secret apart from what it may show',
	(method) => {
		const client = clientAuthentications[method].parse({
			clientId: 'made-up-id',
			clientSecret: 'made-up-secret',
		});

		expect(client.id).toBe('made-up-id');
		expect(client.secret()).toBe('made-up-secret');
		expect(JSON.stringify(client)).not.toContain('made-up-secret');
	},
);
