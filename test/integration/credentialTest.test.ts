import { generateKeyPairSync } from 'node:crypto';
import { CredentialTestContext } from 'n8n-core';
import type { IDataObject } from 'n8n-workflow';
import { freePort } from '../../localN8n/process/ports';
import { authorizationErrors } from '../../nodes/OpenGateway/authorization/authorizationErrors';
import { openGatewayApiTest } from '../../nodes/OpenGateway/methods/credentialTest';
import { applications } from '../../sandbox/applications';
import { openGatewayApi } from '../support/credential';
// Its afterAll stops the timer that n8n-core starts.
import '../support/engine';
import { record } from '../support/recordings';
import { textOf } from '../support/refusal';
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

const refused = (message: string | RegExp) => ({
	status: 'Error',
	message: (typeof message === 'string'
		? expect.stringContaining(message)
		: expect.stringMatching(message)) as string,
});
const refusedWith = (code: string) => refused(textOf(authorizationErrors[code]!, ''));

test('the credential test accepts a client that is registered for the API', async () => {
	expect((await testCredential()).status).toBe('OK');
});

test('the credential test accepts a client whose id and secret need encoding', async () => {
	expect((await testCredential(applications.encodedCredentials)).status).toBe('OK');
});

test.each([
	['a wrong secret', 'invalid_client', { clientSecret: 'wrong' }],
	['a wrong client id', 'invalid_client', { clientId: 'wrong' }],
	['a client that is not registered for the API', 'invalid_scope', applications.otherApi],
	['a client that may not use the flow', 'unauthorized_client', applications.noCiba],
])('the credential test recognises %s', async (_what, code, changes) => {
	expect(await testCredential(changes)).toEqual(refusedWith(code));
});

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const pem = { format: 'pem', type: 'pkcs8' } as const;

test.each([
	['rubbish', 'made up', /PEM/],
	['a public key', rsa.publicKey.export({ format: 'pem', type: 'spki' }), /public key/],
	[
		'an encrypted key',
		rsa.privateKey.export({ ...pem, cipher: 'aes-256-cbc', passphrase: 'made up' }),
		/passphrase.*openssl/,
	],
	['a key of another kind than the algorithm needs', rsa.privateKey.export(pem), /RSA.*ES256/],
])(
	'the credential test recognises %s in place of a private key, and sends nothing',
	async (_name, privateKey, words) => {
		const changes = { clientAuthentication: 'privateKeyJwt', signingAlgorithm: 'ES256' };
		expect(await testCredential({ ...changes, privateKey: String(privateKey) })).toEqual(
			refused(words),
		);
		expect(await sandbox.exchanges()).toEqual([]);
	},
);

test('the credential test recognises that no server is at the Base URL', async () => {
	const baseUrl = `http://127.0.0.1:${await freePort(0)}`;
	expect(await testCredential({ baseUrl })).toEqual(refused(/127\.0\.0\.1.*ECONNREFUSED/));
});

test('the credential test recognises another server at the Base URL', async () => {
	const { baseUrl, close } = await startScriptedOperator(() => ({
		body: '<html>Welcome</html>',
		headers: { 'content-type': 'text/html' },
	}));
	expect(await testCredential({ baseUrl })).toEqual(refused(/Base URL/));
	await close();
});
