import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import axios from 'axios';
import { type Program, startProgram } from '../../../localN8n/process/program';
import { FOREIGN_HOSTS, hostAt, LOOPBACK_HOSTS } from '../../support/hosts';

/** Answers requests, upgrades and tunnels, and says at which port. */
const SERVER = `
	const server = require('node:http').createServer((request, response) => response.end('answered'));
	for (const event of ['upgrade', 'connect']) {
		server.on(event, (request, socket) => socket.end('HTTP/1.1 200 OK\\r\\n\\r\\n'));
	}
	server.listen(0, '127.0.0.1', () => console.log(server.address().port));`;

let program: Program;
let origin: string;

beforeAll(async () => {
	const guard = join(__dirname, '../../../localN8n/process/loopback-hosts.cjs');
	const args = ['--require', guard, '--eval', SERVER];
	program = startProgram(process.execPath, args, { cwd: __dirname, env: process.env });
	while (program.lastLines(1) === '') await sleep(20);
	origin = `http://127.0.0.1:${program.lastLines(1)}`;
});
afterAll(() => program.kill());

const statusOf = async (host: string, headers: Record<string, string> = {}) => {
	const response = await axios.get(origin, {
		headers: { host: hostAt(host, origin), ...headers },
		proxy: false,
		validateStatus: () => true,
	});
	return response.status;
};

const UPGRADE = { connection: 'Upgrade', upgrade: 'websocket' };

test.each(FOREIGN_HOSTS)(
	'a web page that reaches the demo’s n8n by DNS rebinding is refused as %j',
	async (host) => {
		expect([await statusOf(host), await statusOf(host, UPGRADE)]).toEqual([421, 421]);
		expect(await statusOf(host, { expect: '100-continue' })).toBe(421);
	},
);

test.each(LOOPBACK_HOSTS)('a browser on this machine is let in as %s', async (host) => {
	expect([await statusOf(host), await statusOf(host, UPGRADE)]).toEqual([200, 200]);
});
