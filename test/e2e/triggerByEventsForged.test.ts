import axios, { type AxiosRequestConfig } from 'axios';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { N8N_1_VERSION, N8N_VERSION } from '../../localN8n/runtime';
import { n8nForSuite } from '../support/realN8n';
import { saveCamaraCredential, saveTriggerWorkflow, until } from '../support/roamingTrigger';
import { sandboxForSuite } from '../support/suite';

jest.setTimeout(600_000);

const [DEVICE, OTHER] = ['+4915112345621', '+4915112345622'];
const TYPE = 'org.camaraproject.device-roaming-status-subscriptions.v0.';
const EVENTS: Readonly<Record<string, number>> = { [N8N_VERSION]: 1000, [N8N_1_VERSION]: 200 };
const AT_ONCE = 50;

const sandbox = sandboxForSuite();

interface Sink {
	readonly url: string;
	readonly token: string;
	readonly subscriptionId: string;
}

const event = (changes: object = {}) => ({
	id: randomUUID(),
	source: 'https://operator.example.com',
	specversion: '1.0',
	type: `${TYPE}roaming-status`,
	time: '2026-11-27T12:00:00Z',
	datacontenttype: 'application/json',
	data: { subscriptionId: 'a', roaming: true, countryCode: 208, countryName: ['FR'] },
	...changes,
});

async function post(
	url: string,
	data: unknown,
	headers: Record<string, string | undefined>,
	more: AxiosRequestConfig = {},
): Promise<number> {
	const { status } = await axios.post(url, data, {
		proxy: false,
		validateStatus: () => true,
		transformRequest: (body: unknown) => body,
		...more,
		headers: { 'content-type': 'application/cloudevents+json', ...headers },
	});
	return status;
}

describe.each([N8N_VERSION, N8N_1_VERSION])('notifications to n8n %s', (version) => {
	// It is too busy to answer its own check of the database.
	const env = { DB_PING_TIMEOUT_MS: '3600000' };
	const n8n = n8nForSuite({ start: async () => env, stop: async () => {} }, version);
	let workflow: string;
	let sinks: Sink[];

	/** Each a JSON text sent to the first device's sink with its token, unless it says otherwise. */
	const send = async (
		body: unknown,
		{ to = sinks[0]!, authorization = `Bearer ${to.token}`, headers = {}, url = to.url } = {} as {
			to?: Sink;
			authorization?: string | null;
			headers?: Record<string, string>;
			url?: string;
		},
	) =>
		await post(url, typeof body === 'object' ? JSON.stringify(body) : body, {
			...(authorization !== null && { authorization }),
			...headers,
		});

	beforeAll(async () => {
		const credential = await saveCamaraCredential(n8n.api, sandbox);
		workflow = await saveTriggerWorkflow(n8n.api, {
			...{ name: 'Watch', devices: [DEVICE, OTHER], event: ['started', 'stopped'] },
			openGatewayApi: credential,
		});
		await n8n.api.activate(workflow);
		await until('Both subscriptions told that they have started', async () => {
			const told = (await sandbox.deliveries()).filter(({ outcome }) => outcome === 'delivered');
			return told.length === 2;
		});
		sinks = (await sandbox.deliveries()).map(({ url, headers, subscriptionId }) => ({
			url,
			token: headers.authorization!.replace('Bearer ', ''),
			subscriptionId,
		}));
	});

	const altered = (text: string) => text.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A'));
	const cases: Array<[name: string, status: number, send: () => Promise<number>]> = [
		['no Authorization', 401, () => send(event(), { authorization: null })],
		['an empty Authorization', 401, () => send(event(), { authorization: '' })],
		['Basic in place of Bearer', 401, () => send(event(), { authorization: 'Basic YTpi' })],
		['Bearer without a token', 401, () => send(event(), { authorization: 'Bearer' })],
		[
			'a token that is altered',
			401,
			() => send(event(), { authorization: altered(`Bearer ${sinks[0]!.token}`) }),
		],
		[
			'a token that is cut off',
			401,
			() => send(event(), { authorization: `Bearer ${sinks[0]!.token.slice(0, -1)}` }),
		],
		[
			'a token with another one behind it',
			401,
			() => send(event(), { authorization: `Bearer ${sinks[0]!.token}, Bearer x` }),
		],
		[
			'the token of another sink',
			401,
			() => send(event(), { authorization: `Bearer ${sinks[1]!.token}` }),
		],
		[
			'the sealed text in place of the token',
			401,
			() =>
				send(event(), {
					authorization: `Bearer ${new URL(sinks[0]!.url).searchParams.get('k')!.slice(0, 150)}`,
				}),
		],
		[
			'a token of 100,000 characters',
			401,
			() => send(event(), { authorization: `Bearer ${'x'.repeat(10_000)}` }),
		],
		['no sealed text', 404, () => send(event(), { url: sinks[0]!.url.split('?')[0]! })],
		[
			'an empty sealed text',
			404,
			() => send(event(), { url: `${sinks[0]!.url.split('?')[0]}?k=` }),
		],
		['two sealed texts', 404, () => send(event(), { url: `${sinks[0]!.url}&k=x` })],
		[
			'a sealed text in a list',
			404,
			() => send(event(), { url: sinks[0]!.url.replace('?k=', '?k[]=') }),
		],
		['a sealed text that is altered', 404, () => send(event(), { url: altered(sinks[0]!.url) })],
		[
			'a sealed text that is cut off',
			404,
			() => send(event(), { url: sinks[0]!.url.slice(0, -4) }),
		],
		[
			'a sealed text made up',
			404,
			() => send(event(), { url: `${sinks[0]!.url.split('?')[0]}?k=${'x'.repeat(150)}` }),
		],
		['another parameter', 404, () => send(event(), { url: sinks[0]!.url.replace('?k=', '?key=') })],
		[
			'the address of a test',
			404,
			() => send(event(), { url: sinks[0]!.url.replace('/webhook/', '/webhook-test/') }),
		],
		[
			'another path',
			404,
			() => send(event(), { url: sinks[0]!.url.replace('/roaming?', '/roam?') }),
		],
		['100 kB', 413, () => send(event({ data: { roaming: true, filler: 'x'.repeat(100_000) } }))],
		['100 kB without a token', 413, () => send('x'.repeat(100_000), { authorization: null })],
		[
			'100 kB as application/json',
			413,
			() =>
				send(event({ data: { filler: 'x'.repeat(100_000) } }), {
					headers: { 'content-type': 'application/json' },
				}),
		],
		['nothing', 400, () => send('')],
		['something that is not JSON', 400, () => send('{"id": ')],
		['null', 400, () => send('null')],
		['a list', 400, () => send([event()])],
		[
			'a batch',
			400,
			() => send([event()], { headers: { 'content-type': 'application/cloudevents-batch+json' } }),
		],
		[
			'XML',
			400,
			() => send('<event/>', { headers: { 'content-type': 'application/cloudevents+xml' } }),
		],
		[
			'a form',
			400,
			() => send('id=1', { headers: { 'content-type': 'application/x-www-form-urlencoded' } }),
		],
		['a text', 400, () => send('event', { headers: { 'content-type': 'text/plain' } })],
		['no version', 400, () => send(event({ specversion: undefined }))],
		['version 0.3', 400, () => send(event({ specversion: '0.3' }))],
		['no id', 400, () => send(event({ id: undefined }))],
		['an id that is a number', 400, () => send(event({ id: 1 }))],
		['no source', 400, () => send(event({ source: '' }))],
		['no time', 400, () => send(event({ time: undefined }))],
		['a time without an offset', 400, () => send(event({ time: '2026-11-27T12:00:00' }))],
		['no type', 400, () => send(event({ type: undefined }))],
		[
			'a type of another API',
			400,
			() => send(event({ type: 'org.camaraproject.sim-swap.v0.swapped' })),
		],
		[
			'a type of another subscription',
			400,
			() => send(event({ type: `${TYPE}roaming-change-country` })),
		],
		['no data', 400, () => send(event({ data: undefined }))],
		['a status that is no boolean', 400, () => send(event({ data: { roaming: 1 } }))],
	];

	test(`${cases.length} that are forged or broken are refused, and none starts the workflow`, async () => {
		const answers: Array<[string, number]> = [];
		for (const [name, , forged] of cases) answers.push([name, await forged()]);
		expect(answers).toEqual(cases.map(([name, status]) => [name, status]));
		expect(await n8n.api.executionCount(workflow)).toBe(0);
		const log = await n8n.log();
		for (const { token } of sinks) expect(log).not.toContain(token);
	});

	test('100 kB in chunks, whose length nobody tells, are refused', async () => {
		const body = JSON.stringify(event({ data: { filler: 'x'.repeat(100_000) } }));
		const { url, token } = sinks[0]!;
		const response = await fetch(url, {
			method: 'POST',
			headers: {
				authorization: `Bearer ${token}`,
				'content-type': 'application/cloudevents+json',
			},
			body: new Blob([body]).stream(),
			duplex: 'half',
		} as RequestInit);
		expect(response.status).toBe(413);
		expect(await n8n.api.executionCount(workflow)).toBe(0);
	});

	test('an event is accepted once, whatever media type it comes with', async () => {
		const types = [
			'application/cloudevents+json',
			'application/cloudevents+json; charset=utf-8',
			'application/json',
			'application/octet-stream',
		];
		for (const type of types) {
			const sent = event();
			expect(await send(sent, { headers: { 'content-type': type } })).toBe(204);
			expect(await send(sent, { headers: { 'content-type': type } })).toBe(204);
		}
		await until(
			'Each has its run',
			async () => (await n8n.api.executionCount(workflow)) >= types.length,
		);
		expect(await n8n.api.executionCount(workflow)).toBe(types.length);
	});

	const eventCount = EVENTS[version]!;

	test(`of ${eventCount} events, ${AT_ONCE} at a time, each starts the workflow once`, async () => {
		const before = await n8n.api.executionCount(workflow);
		// Their ids alone tell them apart.
		const time = '2026-11-27T13:00:00Z';
		const events = Array.from({ length: eventCount }, () => event({ time }));
		// An n8n that is too busy to reach its database says so, and operators send again.
		const deliver = async (sent: object) => {
			for (;;) {
				const status = await send(sent);
				if (status !== 503) return status;
				await sleep(500);
			}
		};
		const waiting = events.entries();
		const statuses: number[] = [];
		const sender = async () => {
			for (const [at, sent] of waiting) statuses[at] = await deliver(sent);
		};
		await Promise.all(Array.from({ length: AT_ONCE }, sender));
		expect(statuses).toEqual(events.map(() => 204));
		// Each once more: none is new.
		const again = events.slice(-AT_ONCE).map(deliver);
		expect(await Promise.all(again)).toEqual(again.map(() => 204));
		await until(
			'Each has its run',
			async () => (await n8n.api.executionCount(workflow)) >= before + eventCount,
			300_000,
		);
		expect(await n8n.api.executionCount(workflow)).toBe(before + eventCount);
	});
});
