import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CredentialTestContext } from 'n8n-core';
import type { IDataObject } from 'n8n-workflow';
import { openGatewayApiTest } from '../../nodes/OpenGatewayDeviceStatus/gateway/credentialTest';
import { openGatewayApi } from '../support/engine';
import { record } from '../support/recordings';
import { sandboxForSuite } from '../support/suite';

const sandbox = sandboxForSuite();

async function testCredential(changes: IDataObject = {}) {
	const result = await openGatewayApiTest.call(new CredentialTestContext(), {
		id: '1',
		name: 'Operator',
		type: 'openGatewayApi',
		data: openGatewayApi({ baseUrl: sandbox.baseUrl, ...changes }),
	});
	record({ kind: 'credentialTest', result });
	return result;
}

/** A server that is no operator. */
async function listening(answer?: RequestListener) {
	const server = createServer(answer).listen(0, '127.0.0.1');
	await once(server, 'listening');
	const close = async () => {
		server.closeAllConnections();
		await new Promise((closed) => server.close(closed));
	};
	return { baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close };
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
	const odd = { clientId: 'app:with space%', clientSecret: 's+cr%t&=/:' };
	expect((await testCredential(odd)).status).toBe('OK');
});

test.each([
	['a wrong secret', { clientSecret: 'wrong' }],
	['a wrong client id', { clientId: 'wrong' }],
])('recognises %s', async (_name, changes) => {
	expect(await testCredential(changes)).toEqual(refused(/Client ID or the Client Secret/));
});

test('recognises a client that is not registered for the API', async () => {
	const other = { clientId: 'mock_other_api_app_id', clientSecret: 'mock_other_api_app_secret' };
	expect(await testCredential(other)).toEqual(refused(/not registered for Device Status/));
});

test('recognises a client that may not use the flow', async () => {
	const other = { clientId: 'mock_no_ciba_app_id', clientSecret: 'mock_no_ciba_app_secret' };
	expect(await testCredential(other)).toEqual(refused(/may not use the backend flow/));
});

test('recognises that nothing answers', async () => {
	const { baseUrl, close } = await listening();
	await close();
	expect(await testCredential({ baseUrl })).toEqual(
		refused(/cannot be reached \(ECONNREFUSED\).*Check the Base URL/),
	);
});

test('recognises that something else answers', async () => {
	const { baseUrl, close } = await listening((_, page) => page.end('<html>Welcome</html>'));
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
	expect(hints).toEqual(['ipport:192.0.2.1']);
});
