import { generateKeyPairSync } from 'node:crypto';
import { CredentialTestContext } from 'n8n-core';
import type { IDataObject } from 'n8n-workflow';
import { freePort } from '../../localN8n/process/ports';
import { openGatewayApiTest } from '../../nodes/OpenGateway/methods/credentialTest';
import { applications } from '../../sandbox/applications';
import { openGatewayApi } from '../support/credential';
// It stops what n8n-core starts.
import '../support/engine';
import { record } from '../support/recordings';
import { startScriptedOperator } from '../support/scriptedOperator';
import { sandboxForSuite } from '../support/suite';

const sandbox = sandboxForSuite();

async function testCredential(changes: IDataObject = {}) {
	const result = await openGatewayApiTest.call(new CredentialTestContext(), {
		id: '1',
		name: 'Operator',
		type: 'openGatewayApi',
		data: openGatewayApi({ baseUrl: sandbox.baseUrls.telefonica, ...changes }),
	});
	record({ kind: 'credentialTest', result });
	return result;
}

const refused = (message: RegExp) => ({
	status: 'Error',
	message: expect.stringMatching(message) as string,
});

test('accepts a client that is registered for the API', async () => {
	expect(await testCredential()).toEqual({
		status: 'OK',
		message: 'The operator accepted the application.',
	});
});

test('accepts a client whose id and secret need encoding', async () => {
	expect((await testCredential(applications.encodedCredentials)).status).toBe('OK');
});

test.each([
	['a wrong secret', { clientSecret: 'wrong' }],
	['a wrong client id', { clientId: 'wrong' }],
])('recognises %s', async (_name, changes) => {
	expect(await testCredential(changes)).toEqual(refused(/Client ID, or its secret or key/));
});

test('recognises a client that is not registered for the API', async () => {
	expect(await testCredential(applications.otherApi)).toEqual(
		refused(/not registered for Device Status/),
	);
});

test('recognises a client that may not use the flow', async () => {
	expect(await testCredential(applications.noCiba)).toEqual(refused(/may not use this grant type/));
});

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const pem = { format: 'pem', type: 'pkcs8' } as const;

test.each([
	['rubbish', 'made up', /is not a key in PEM form.*Paste all of it/],
	['a public key', rsa.publicKey.export({ format: 'pem', type: 'spki' }), /is a public key/],
	[
		'an encrypted key',
		rsa.privateKey.export({ ...pem, cipher: 'aes-256-cbc', passphrase: 'made up' }),
		/is encrypted with a passphrase.*openssl/,
	],
	[
		'a key of another kind than the algorithm needs',
		rsa.privateKey.export(pem),
		/is an RSA key of 2048 bits, and ES256 needs an elliptic curve key/,
	],
])(
	'recognises %s in place of a private key, and asks nothing',
	async (_name, privateKey, words) => {
		const changes = { clientAuthentication: 'privateKeyJwt', signingAlgorithm: 'ES256' };
		expect(await testCredential({ ...changes, privateKey: String(privateKey) })).toEqual(
			refused(words),
		);
		expect(await sandbox.exchanges()).toEqual([]);
	},
);

test('recognises that nothing answers', async () => {
	const baseUrl = `http://127.0.0.1:${await freePort(0)}`;
	expect(await testCredential({ baseUrl })).toEqual(
		refused(/cannot be reached \(ECONNREFUSED\).*Check the URLs in the credential/),
	);
});

test('recognises that something else answers', async () => {
	const { baseUrl, close } = await startScriptedOperator(() => ({
		body: '<html>Welcome</html>',
		headers: { 'content-type': 'text/html' },
	}));
	expect(await testCredential({ baseUrl })).toEqual(
		refused(/answer cannot be read.*Check the Base URL/),
	);
	await close();
});

test('asks about nobody', async () => {
	await testCredential();

	const hints = (await sandbox.exchanges()).map(({ body }) =>
		new URLSearchParams(body).get('login_hint'),
	);
	// TEST-NET-1 (RFC 5737): an address that belongs to nobody.
	expect(hints).toEqual(['ipport:192.0.2.1:443']);
});
