import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { freePort } from '../../../localN8n/process/ports';

test('takes a later port if the preferred one is in use', async () => {
	const server = createServer().listen(0, '127.0.0.1');
	await once(server, 'listening');
	const { port } = server.address() as AddressInfo;

	expect(await freePort(port)).toBeGreaterThan(port);

	server.close();
	await once(server, 'close');
	expect(await freePort(port)).toBe(port);
});
