import axios from 'axios';
import { camara } from '../../sandbox/operators/camara';
import { nokia, rapidApi } from '../../sandbox/operators/nokia';
import { telefonica } from '../../sandbox/operators/telefonica';
import { openApiDocumentsPresent, openApiFindings } from '../support/openapi';
import { sandboxForSuite } from '../support/suite';
import { basic, seconds } from '../support/sandboxClient';

const sandbox = sandboxForSuite();
afterEach(() => sandbox.setRate());

const http = axios.create({ validateStatus: () => true, proxy: false });
const application = basic('mock_sandbox_app_id', 'mock_sandbox_app_secret');
const POLL = 'grant_type=urn%3Aopenid%3Aparams%3Agrant-type%3Aciba&auth_req_id=1';

/** The requests that a flow is made of, at each operator. */
const requests: Record<string, () => Promise<{ status: number; headers: object; data: unknown }>> =
	{
		"Telefónica's authorization server": () => sent(telefonica.path, '/token', POLL, application),
		"Telefónica's API": () =>
			sent(telefonica.path, '/device-status/v0/roaming', subscriber.telefonica, TOKEN),
		"CAMARA's authorization server": () => sent(camara.path, '/token', POLL, application),
		"CAMARA's API": () =>
			sent(camara.path, '/device-roaming-status/v1/retrieve', subscriber.camara, TOKEN),
		"Nokia's API": () =>
			sent(nokia.path, '/device-status/device-roaming-status/v1/retrieve', subscriber.camara, ''),
	};
const subscriber = {
	telefonica: { ueId: { msisdn: '+34600000001' } },
	camara: { device: { phoneNumber: '+34600000001' } },
};
const TOKEN = 'Bearer unknown';

function sent(path: string, operation: string, body: string | object, authorization: string) {
	return http.post(sandbox.origin + path + operation, body, {
		headers: {
			'content-type':
				typeof body === 'string' ? 'application/x-www-form-urlencoded' : 'application/json',
			'x-correlator': 'one',
			...(authorization && { authorization }),
			...(path === nokia.path && {
				'x-rapidapi-key': rapidApi.key,
				'x-rapidapi-host': rapidApi.host,
			}),
		},
	});
}

const askTogether = (count: number) =>
	Promise.all(Array.from({ length: count }, () => requests["Nokia's API"]!()));

describe('A limit of requests a second', () => {
	test('lets no more than so many through in any one second, and as many again in the next', async () => {
		await sandbox.setRate(3);
		const accepted = async () =>
			(await sandbox.exchanges())
				.filter(({ status }) => status === 200)
				.map(({ at }) => Date.parse(at));
		while ((await accepted()).length < 7) {
			await askTogether(5);
			await seconds(0.1);
		}
		const times = await accepted();
		// Written down a moment before they are accepted, in whole milliseconds.
		const fourth = times.slice(3).map((at, index) => at - times[index]!);
		expect(Math.min(...fourth)).toBeGreaterThan(990);
		const refused = (await sandbox.exchanges()).filter(({ status }) => status === 429);
		expect(refused.length).toBeGreaterThan(0);
	});

	test('holds for all operators together', async () => {
		await sandbox.setRate(1);
		const asked = Object.values(requests).map((request) => request());
		const statuses = (await Promise.all(asked)).map(({ status }) => status);
		expect(statuses.filter((status) => status !== 429).length).toBeLessThan(statuses.length);
		expect(statuses).toContain(429);
	});

	test('is answered at once, however late the operators answer', async () => {
		await sandbox.setRate(1);
		await seconds(1); // what others have sent is over by now
		await sandbox.setLatency(3000);
		const answered: number[] = [];
		const ask = async () => answered.push((await requests["Nokia's API"]!()).status);
		await Promise.all([ask(), ask()]);
		await sandbox.setLatency(0);
		expect(answered).toEqual([429, 200]);
	});

	test('does not hold for the sandbox’s own paths', async () => {
		await sandbox.setRate(1);
		await askTogether(2);
		expect((await http.get(`${sandbox.origin}/sandbox/applications`)).status).toBe(200);
	});

	test('is gone once it is set to none', async () => {
		await sandbox.setRate(1);
		await sandbox.setRate();
		const statuses = (await askTogether(5)).map(({ status }) => status);
		expect(statuses).toEqual([200, 200, 200, 200, 200]);
	});

	test.each([
		'{"requestsPerSecond":0}',
		'{"requestsPerSecond":1.5}',
		'{"requestsPerSecond":"9"}',
		'[]',
	])('cannot be %s', async (body) => {
		expect((await http.put(`${sandbox.origin}/sandbox/rate`, body)).status).toBe(400);
	});
});

describe('What is beyond the limit is refused', () => {
	test.each(Object.entries(requests))('by %s in its own words', async (name, request) => {
		await sandbox.setRate(1);
		let answer = await request();
		while (answer.status !== 429) answer = await request();
		expect(answer.headers).toMatchObject({ 'retry-after': '1', 'x-correlator': 'one' });
		expect(answer.data).toEqual({
			...(name.startsWith('Telefónica') ? {} : { status: 429 }),
			code: 'TOO_MANY_REQUESTS',
			message: 'No more than 1 requests a second',
		});
		if (openApiDocumentsPresent) {
			const refused = (await sandbox.exchanges()).filter(({ status }) => status === 429);
			expect(refused.flatMap(openApiFindings)).toEqual([]);
		}
	});
});
