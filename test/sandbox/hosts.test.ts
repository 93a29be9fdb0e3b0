import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import axios from 'axios';
import { FOREIGN_HOSTS, hostAt, LOOPBACK_HOSTS } from '../support/hosts';
import { sandboxUnderTest } from '../support/suite';

const sandbox = sandboxUnderTest();
const http = axios.create({ validateStatus: () => true, proxy: false });

const sent = async (method: string, path: string, host: string, data?: string) =>
	await http.request({
		method,
		url: sandbox.origin + path,
		headers: { host: hostAt(host, sandbox.origin) },
		data,
	});

describe('A web page that reaches the sandbox by DNS rebinding', () => {
	test.each(FOREIGN_HOSTS)('reads no private key as %j', async (host) => {
		const { status, data } = await sent('GET', '/sandbox/keys/rsa.pem', host);
		expect([status, data.code]).toEqual([421, 'MISDIRECTED_REQUEST']);
	});

	test.each([
		...['GET /sandbox/exchanges', 'DELETE /sandbox/exchanges', 'GET /sandbox/applications'],
		...['PUT /sandbox/latency', 'GET /apigateway/authorize', 'POST /apigateway/token'],
		...['GET /sandbox/', 'PUT /sandbox/devices/1', 'GET /sandbox/deliveries'],
		...['GET /camara/.well-known/openid-configuration', 'GET /'],
	])('is refused %s', async (request) => {
		const [method = '', path = ''] = request.split(' ');
		const { status, data } = await sent(method, path, 'rebound.example.com');
		expect([status, data.code]).toEqual([421, 'MISDIRECTED_REQUEST']);
	});

	test('changes nothing, and leaves no exchange behind', async () => {
		await sandbox.setRate(1);
		await sent('PUT', '/sandbox/rate', 'rebound.example.com', '{}');
		await sent('POST', '/apigateway/token', 'rebound.example.com');
		expect(await sandbox.exchanges()).toEqual([]);
		const polls = [1, 2, 3].map(() => sent('POST', '/apigateway/token', '127.0.0.1'));
		expect((await Promise.all(polls)).map(({ status }) => status)).toContain(429);
		await sandbox.setRate();
	});
});

test('A request without a host is refused', async () => {
	const socket = connect(Number(new URL(sandbox.origin).port), '127.0.0.1');
	await once(socket, 'connect');
	socket.end('GET /sandbox/exchanges HTTP/1.0\r\n\r\n');
	expect(await text(socket)).toMatch(/^HTTP\/1\.1 421 /);
});

test.each(LOOPBACK_HOSTS)('The sandbox answers as %s', async (host) => {
	expect((await sent('GET', '/sandbox/exchanges', host)).status).toBe(200);
});
