import { setTimeout as sleep } from 'node:timers/promises';
import axios from 'axios';
import { applications } from '../../sandbox/applications';
import { camara } from '../../sandbox/operators/camara';
import { rapidApi } from '../../sandbox/operators/nokia';
import {
	createScope,
	DELETE_SCOPE,
	type EventName,
	eventNames,
	READ_SCOPE,
	TYPE_PREFIX,
} from '../../sandbox/subscriptions/version';
import { clientOf } from '../support/sandboxClient';
import { delivered, sinkForSuite } from '../support/sink';
import { sandboxUnderTest } from '../support/suite';

const sandbox = sandboxUnderTest();
const sink = sinkForSuite();

const PATH = '/device-roaming-status-subscriptions/v0.8/subscriptions';
const PURPOSE = 'dpv:FraudPreventionAndDetection';
const ALL = [PURPOSE, ...eventNames.map(createScope), READ_SCOPE, DELETE_SCOPE].join(' ');
const SPAIN = '+34600000002';
const GERMANY = '+4915112345672';
const RFC_3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z$/;

let client: ReturnType<typeof clientOf>;
let own: string;

beforeAll(async () => {
	client = clientOf(sandbox.baseUrls.camara, applications.roaming, `openid ${ALL}`);
	own = await client.ownToken(ALL);
});

afterEach(async () => {
	await sandbox.forgetSubscriptions();
	await sandbox.setSubscriptions({});
});

const inSeconds = (s: number) => new Date(Date.now() + s * 1000).toISOString();

const credential = (lifetimeS = 3600) => ({
	credentialType: 'ACCESSTOKEN',
	accessToken: 'token-of-the-sink',
	accessTokenExpiresUtc: inSeconds(lifetimeS),
	accessTokenType: 'bearer',
});

/** A request to create a subscription. */
const wanted = (event: EventName, phoneNumber?: string, config: object = {}) => ({
	protocol: 'HTTP',
	sink: sink.url,
	types: [TYPE_PREFIX + event],
	config: { subscriptionDetail: phoneNumber ? { device: { phoneNumber } } : {}, ...config },
});

const create = async (body: object, token = own) => await client.call('POST', PATH, token, body);
const read = async (id: unknown, token = own) => await client.call('GET', `${PATH}/${id}`, token);
const remove = async (id: unknown, token = own) =>
	await client.call('DELETE', `${PATH}/${id}`, token);

/** The ids in a list. */
async function listed(token = own): Promise<unknown[]> {
	const { data } = await client.call('GET', PATH, token);
	return (data as unknown as { id: string }[]).map(({ id }) => id);
}

async function created(body: object, token = own): Promise<string> {
	const { status, data } = await create(body, token);
	expect([status, data.code]).toEqual([201, undefined]);
	return String(data.id);
}

describe('A subscription', () => {
	test('is created, read, listed and deleted', async () => {
		const config = { subscriptionExpireTime: inSeconds(60), subscriptionMaxEvents: 5 };
		const body = wanted('roaming-on', SPAIN, config);
		const { status, data } = await create({ ...body, sinkCredential: credential() });
		const subscription = {
			...body,
			id: expect.any(String) as string,
			startsAt: expect.stringMatching(RFC_3339) as string,
			expiresAt: config.subscriptionExpireTime,
			status: 'ACTIVE',
		};
		expect([status, data]).toEqual([201, subscription]);
		expect((await read(data.id)).data).toEqual(data);
		expect((await client.call('GET', PATH, own)).data).toEqual([data]);

		const removed = await remove(data.id);
		expect([removed.status, removed.data]).toEqual([204, '']);
		expect(await listed()).toEqual([]);
		expect((await read(data.id)).data).toEqual({ ...data, status: 'DELETED' });
		expect((await remove(data.id)).data).toMatchObject({ status: 404, code: 'NOT_FOUND' });
	});

	test('of a device with several identifiers tells which was chosen', async () => {
		const device = { networkAccessIdentifier: 'a@example.com', phoneNumber: SPAIN };
		const config = { subscriptionDetail: { device } };
		const { data } = await create({ ...wanted('roaming-on'), config });
		expect(data.config).toEqual({ subscriptionDetail: { device: { phoneNumber: SPAIN } } });
	});

	test('that nobody created is not found', async () => {
		expect((await read('made-up')).data.code).toBe('NOT_FOUND');
		expect((await remove('made-up')).data.code).toBe('NOT_FOUND');
	});

	test('belongs to its application', async () => {
		const other = clientOf(sandbox.baseUrls.camara, applications.encodedCredentials);
		const id = await created(wanted('roaming-on', SPAIN));
		const token = await other.ownToken(ALL);
		expect(await listed(token)).toEqual([]);
		expect((await read(id, token)).status).toBe(404);
		expect((await remove(id, token)).status).toBe(404);
		expect(await listed()).toEqual([id]);
	});
});

describe('A 3-legged token', () => {
	test('subscribes to its own device, which the body must not name', async () => {
		const token = await client.token(`tel:${SPAIN}`);
		const { data } = await create(wanted('roaming-on'), token);
		expect(data.config).toEqual({ subscriptionDetail: {} });
		const named = await create(wanted('roaming-on', SPAIN), token);
		expect([named.status, named.data.code]).toEqual([422, 'UNNECESSARY_IDENTIFIER']);

		await delivered(sandbox);
		sink.received.length = 0;
		await sandbox.move(SPAIN, { country: 'FR' });
		await delivered(sandbox);
		expect(sink.received.map(({ event }) => event.data)).toEqual([{ subscriptionId: data.id }]);
	});

	test('sees and ends the subscriptions of its device alone', async () => {
		const [token, another] = [
			await client.token(`tel:${SPAIN}`),
			await client.token('tel:+34600000001'),
		];
		const id = await created(wanted('roaming-on'), token);
		const byApplication = await created(wanted('roaming-off', SPAIN));
		expect(await listed(token)).toEqual([id, byApplication]);
		expect(await listed(another)).toEqual([]);
		expect((await read(id, another)).status).toBe(404);
		expect((await remove(id, another)).status).toBe(404);
		expect((await remove(id, token)).status).toBe(204);
	});
});

describe('A token needs the scope', () => {
	const withScopes = async (...scopes: string[]) =>
		await client.ownToken([PURPOSE, ...scopes].join(' '));

	test('of its event type', async () => {
		const token = await withScopes(createScope('roaming-on'));
		expect((await create(wanted('roaming-on', SPAIN), token)).status).toBe(201);
		const mismatched = await create(wanted('roaming-off', SPAIN), token);
		expect([mismatched.status, mismatched.data.code]).toEqual([403, 'SUBSCRIPTION_MISMATCH']);
	});

	test('of each operation', async () => {
		const id = await created(wanted('roaming-on', SPAIN));
		const [readOnly, deleteOnly] = [await withScopes(READ_SCOPE), await withScopes(DELETE_SCOPE)];
		const refused = [
			await create(wanted('roaming-on', SPAIN), readOnly),
			await remove(id, readOnly),
			await read(id, deleteOnly),
			await client.call('GET', PATH, deleteOnly),
			await create(wanted('roaming-on', SPAIN), await withScopes('device-roaming-status:read')),
		];
		expect(refused.map(({ status, data }) => [status, data.code])).toEqual(
			refused.map(() => [403, 'PERMISSION_DENIED']),
		);
		expect((await read(id, readOnly)).status).toBe(200);
		expect((await remove(id, deleteOnly)).status).toBe(204);
	});

	test('and no token is of no use', async () => {
		expect((await create(wanted('roaming-on', SPAIN), 'made-up')).data.code).toBe(
			'UNAUTHENTICATED',
		);
	});

	test('which the public token has', async () => {
		await created(wanted('roaming-on', SPAIN), camara.authorization.fixedToken);
	});
});

describe('A request is refused', () => {
	const valid = () => ({ ...wanted('roaming-on', SPAIN), sinkCredential: credential() });
	const device = { phoneNumber: SPAIN };
	const config = (more: object) => ({ config: { subscriptionDetail: { device }, ...more } });
	const token = (more: object) => ({ sinkCredential: { ...credential(), ...more } });

	test.each<[string, () => object, number, string]>([
		['without a protocol', () => ({ protocol: undefined }), 400, 'INVALID_ARGUMENT'],
		['with another protocol', () => ({ protocol: 'MQTT3' }), 400, 'INVALID_PROTOCOL'],
		['without a sink', () => ({ sink: undefined }), 400, 'INVALID_ARGUMENT'],
		['with a sink in clear text', () => ({ sink: 'http://example.com/' }), 400, 'INVALID_SINK'],
		[
			'with a sink that begins like the loopback',
			() => ({ sink: 'http://127.0.0.1.example.com/' }),
			400,
			'INVALID_SINK',
		],
		['with a sink that is no URL', () => ({ sink: 'sink' }), 400, 'INVALID_SINK'],
		['without types', () => ({ types: [] }), 400, 'INVALID_ARGUMENT'],
		['with an unknown type', () => ({ types: ['roaming-on'] }), 400, 'INVALID_ARGUMENT'],
		[
			'with two types',
			() => ({ types: [TYPE_PREFIX + 'roaming-on', TYPE_PREFIX + 'roaming-off'] }),
			422,
			'MULTIEVENT_SUBSCRIPTION_NOT_SUPPORTED',
		],
		['without a config', () => ({ config: undefined }), 400, 'INVALID_ARGUMENT'],
		['without a detail', () => ({ config: {} }), 400, 'INVALID_ARGUMENT'],
		['without a device', () => config({ subscriptionDetail: {} }), 422, 'MISSING_IDENTIFIER'],
		[
			'with an NAI alone',
			() => config({ subscriptionDetail: { device: { networkAccessIdentifier: 'a@b.example' } } }),
			422,
			'UNSUPPORTED_IDENTIFIER',
		],
		['with no events', () => config({ subscriptionMaxEvents: 0 }), 400, 'INVALID_ARGUMENT'],
		['with a part of one', () => config({ subscriptionMaxEvents: 1.5 }), 400, 'INVALID_ARGUMENT'],
		['with words for a switch', () => config({ initialEvent: 'yes' }), 400, 'INVALID_ARGUMENT'],
		[
			'with a time without its zone',
			() => config({ subscriptionExpireTime: '2099-01-01T00:00:00' }),
			400,
			'INVALID_ARGUMENT',
		],
		[
			'with a time that has passed',
			() => config({ subscriptionExpireTime: inSeconds(-1) }),
			400,
			'OUT_OF_RANGE',
		],
		['with an unknown property', () => ({ notificationUrl: sink.url }), 400, 'INVALID_ARGUMENT'],
		['with one in config', () => config({ maxEvents: 1 }), 400, 'INVALID_ARGUMENT'],
		['with one in the credential', () => token({ scheme: 'bearer' }), 400, 'INVALID_ARGUMENT'],
		[
			'with another credential',
			() => ({ sinkCredential: { credentialType: 'PLAIN', identifier: 'a', secret: 'b' } }),
			400,
			'INVALID_CREDENTIAL',
		],
		['without an access token', () => token({ accessToken: undefined }), 400, 'INVALID_ARGUMENT'],
		['with another token type', () => token({ accessTokenType: 'DPoP' }), 400, 'INVALID_TOKEN'],
		[
			'with an expired token',
			() => token({ accessTokenExpiresUtc: inSeconds(-1) }),
			400,
			'INVALID_TOKEN',
		],
		[
			'with a token that ends before the subscription',
			() => ({ ...token({}), ...config({ subscriptionExpireTime: inSeconds(7200) }) }),
			400,
			'INVALID_TOKEN',
		],
	])('%s', async (_what, change, expected, code) => {
		expect((await create(valid())).status).toBe(201);
		const { status, data } = await create({ ...valid(), ...change() });
		expect([status, data.status, data.code]).toEqual([expected, expected, code]);
	});

	test.each([
		['whose owner refuses', '+34600000007', 403, 'PERMISSION_DENIED'],
		['unknown', '+34600000009', 422, 'SERVICE_NOT_APPLICABLE'],
		['on a landline', '+34910000002', 422, 'SERVICE_NOT_APPLICABLE'],
	])('for a device that is %s', async (_what, phoneNumber, expected, code) => {
		const { status, data } = await create(wanted('roaming-on', phoneNumber));
		expect([status, data.code]).toEqual([expected, code]);
	});
});

describe('The events', () => {
	test('of a journey from Germany to France, Belgium and back are those of the document', async () => {
		for (const event of eventNames) await created(wanted(event, GERMANY));
		const journey: unknown[] = [];
		for (const country of ['FR', 'BE', 'DE']) {
			await delivered(sandbox);
			sink.received.length = 0;
			await sandbox.move(GERMANY, { country });
			await delivered(sandbox);
			const told = sink.received.map(({ event }) => {
				const { device, subscriptionId, ...rest } = event.data;
				expect([device, typeof subscriptionId]).toEqual([{ phoneNumber: GERMANY }, 'string']);
				return [event.type.split('.').at(-1), rest];
			});
			const times = new Set(sink.received.map(({ event }) => event.time));
			const ids = new Set(sink.received.map(({ event }) => event.id));
			expect([times.size, ids.size]).toEqual([1, told.length]);
			journey.push(Object.fromEntries(told as [string, unknown][]));
		}
		const france = { countryCode: 208, countryName: ['FR'] };
		const belgium = { countryCode: 206, countryName: ['BE'] };
		expect(journey).toEqual([
			{ 'roaming-status': { roaming: true, ...france }, 'roaming-on': {} },
			{ 'roaming-change-country': belgium },
			{ 'roaming-status': { roaming: false }, 'roaming-off': {} },
		]);
	});

	test('are CloudEvents with the token of the sink', async () => {
		await created({ ...wanted('roaming-on', SPAIN), sinkCredential: credential() });
		await sandbox.move(SPAIN, { country: 'FR' });
		await delivered(sandbox);
		const [, roamingOn] = sink.received;
		expect(roamingOn).toMatchObject({
			headers: {
				'content-type': 'application/cloudevents+json',
				authorization: 'Bearer token-of-the-sink',
			},
			event: {
				specversion: '1.0',
				datacontenttype: 'application/json',
				source: sandbox.baseUrls.camara + PATH,
				time: expect.stringMatching(RFC_3339) as string,
			},
		});
	});

	test('come for the device that is moved, and for no other', async () => {
		await created(wanted('roaming-on', SPAIN));
		await sandbox.move(GERMANY, { country: 'FR' });
		await delivered(sandbox);
		expect(sink.types()).toEqual(['subscription-started']);
	});

	test('come without a country if the operator withholds it', async () => {
		await created(wanted('roaming-status', SPAIN));
		await sandbox.setSubscriptions({ carriesCountry: false });
		await sandbox.move(SPAIN, { country: 'FR' });
		await delivered(sandbox);
		expect(Object.keys(sink.received.at(-1)!.event.data).sort()).toEqual([
			...['device', 'roaming', 'subscriptionId'],
		]);
	});

	test.each<[EventName, boolean, boolean]>([
		['roaming-status', true, true],
		['roaming-status', false, true],
		['roaming-on', true, true],
		['roaming-on', false, false],
		['roaming-off', true, false],
		['roaming-off', false, true],
		['roaming-change-country', true, false],
		['roaming-change-country', false, false],
	])(
		'begin with %s at once, if it is asked for, roaming %s: %s',
		async (event, roams, expected) => {
			const phoneNumber = `+3460000000${roams ? 1 : 2}`;
			await created(wanted(event, phoneNumber, { initialEvent: true }));
			await created(wanted(event, phoneNumber, { initialEvent: false }));
			await delivered(sandbox);
			expect(sink.types().filter((type) => type === event)).toHaveLength(expected ? 1 : 0);
		},
	);
});

describe('A subscription ends', () => {
	/** The reason of the last event, and the status of the subscription. */
	async function end(id: string): Promise<unknown[]> {
		await delivered(sandbox);
		const { type, data } = sink.received.at(-1)!.event;
		expect(type).toBe(`${TYPE_PREFIX}subscription-ended`);
		expect(await listed()).not.toContain(id);
		return [data.terminationReason, (await read(id)).data.status];
	}
	const untilEnded = async (id: string) => {
		while ((await listed()).includes(id)) await sleep(50);
	};

	test('after its last event, the initial one counted', async () => {
		const config = { initialEvent: true, subscriptionMaxEvents: 2 };
		const id = await created(wanted('roaming-status', SPAIN, config));
		expect(await listed()).toEqual([id]);
		await sandbox.move(SPAIN, { country: 'FR' });
		expect(await end(id)).toEqual(['MAX_EVENTS_REACHED', 'EXPIRED']);
		await sandbox.move(SPAIN, { country: 'ES' });
		await delivered(sandbox);
		expect(sink.types()).toEqual([
			'subscription-started',
			'roaming-status',
			'roaming-status',
			'subscription-ended',
		]);
	});

	test('at its time', async () => {
		const config = { subscriptionExpireTime: inSeconds(1.5) };
		const id = await created(wanted('roaming-on', SPAIN, config));
		await untilEnded(id);
		expect(await end(id)).toEqual(['SUBSCRIPTION_EXPIRED', 'EXPIRED']);
	});

	test('before the token of its sink has expired', async () => {
		const sinkCredential = credential(3);
		const id = await created({ ...wanted('roaming-on', SPAIN), sinkCredential });
		await untilEnded(id);
		expect(await end(id)).toEqual(['ACCESS_TOKEN_EXPIRED', 'EXPIRED']);
		expect(Date.parse(sink.received.at(-1)!.event.time)).toBeLessThan(
			Date.parse(sinkCredential.accessTokenExpiresUtc),
		);
	});

	test('when it is deleted', async () => {
		const id = await created(wanted('roaming-on', SPAIN));
		await remove(id);
		expect(await end(id)).toEqual(['SUBSCRIPTION_DELETED', 'DELETED']);
	});

	test('when the network ends it, with an event or without', async () => {
		const id = await created(wanted('roaming-on', SPAIN));
		await sandbox.endSubscription(id, 'NETWORK_TERMINATED');
		expect(await end(id)).toEqual(['NETWORK_TERMINATED', 'DELETED']);
		sink.received.length = 0;
		const silent = await created(wanted('roaming-on', SPAIN));
		await sandbox.endSubscription(silent);
		await sandbox.move(SPAIN, { country: 'FR' });
		await delivered(sandbox);
		expect(sink.types()).toEqual(['subscription-started']);
		expect((await read(silent)).data.status).toBe('DELETED');
	});

	test('when its sink is gone', async () => {
		sink.answer(410);
		const id = await created(wanted('roaming-on', SPAIN));
		await untilEnded(id);
		await sandbox.move(SPAIN, { country: 'FR' });
		await delivered(sandbox);
		expect(sink.types()).toEqual(['subscription-started']);
	});
});

describe('A delivery', () => {
	test('is repeated until the sink takes it, and is the same event', async () => {
		sink.answer(204, 503, 429, 500);
		await created(wanted('roaming-on', SPAIN));
		await sandbox.move(SPAIN, { country: 'FR' });
		const [, delivery] = await delivered(sandbox);
		expect(delivery).toMatchObject({ outcome: 'delivered', api: `/camara${PATH}`, url: sink.url });
		expect(delivery!.attempts.map(({ status }) => status)).toEqual([503, 429, 500, 204]);
		const [, ...sent] = sink.received.map(({ event }) => event.id);
		expect([sent.length, new Set(sent).size]).toEqual([4, 1]);
	});

	test('is not repeated if the sink refuses it', async () => {
		sink.answer(401);
		const id = await created(wanted('roaming-on', SPAIN));
		const [delivery] = await delivered(sandbox);
		expect([delivery!.outcome, delivery!.attempts.length]).toEqual(['failed', 1]);
		expect(await listed()).toEqual([id]);
	});

	test('finds no connection if it is told to, or if there is none', async () => {
		await sandbox.setSubscriptions({ failDeliveries: 2 });
		await created(wanted('roaming-on', SPAIN));
		const [delivery] = await delivered(sandbox);
		expect(delivery!.attempts.map(({ status }) => typeof status)).toEqual([
			...['string', 'string', 'number'],
		]);
		await created({ ...wanted('roaming-on', SPAIN), sink: 'http://127.0.0.1:65535/' });
		let refused;
		do {
			await sleep(50);
			refused = (await sandbox.deliveries()).at(-1)!;
		} while (refused.attempts.length < 2);
		expect(refused).toMatchObject({
			outcome: 'pending',
			attempts: [{ status: expect.any(String) as string }, {}],
		});
		await sandbox.forgetSubscriptions();
	});

	test('comes in the order of its subscription, and once more if it is told to', async () => {
		sink.answer(503);
		const id = await created(wanted('roaming-status', SPAIN));
		await sandbox.move(SPAIN, { country: 'FR' });
		await sandbox.move(SPAIN, { country: 'ES' });
		await delivered(sandbox);
		await sandbox.redeliver(id);
		await delivered(sandbox);
		const [first, ...others] = sink.received.map(({ event }) => event);
		expect(others.map(({ data }) => data.roaming)).toEqual([undefined, true, false, false]);
		expect(first!.id).toBe(others[0]!.id);
		expect(others[2]).toEqual(others[3]);
	});
});

describe('An operator may', () => {
	test('create and delete later', async () => {
		await sandbox.setSubscriptions({ asynchronous: true });
		const { status, data } = await create(wanted('roaming-on', SPAIN));
		expect([status, data]).toEqual([202, { id: expect.any(String) as string }]);
		expect((await read(data.id)).data.status).toBe('ACTIVATION_REQUESTED');
		while ((await read(data.id)).data.status !== 'ACTIVE') await sleep(50);
		const removed = await remove(data.id);
		expect([removed.status, removed.data]).toEqual([202, { id: data.id }]);
		while ((await read(data.id)).data.status !== 'DELETED') await sleep(50);
		await delivered(sandbox);
		expect(sink.types()).toEqual([
			...['subscription-started', 'subscription-updated', 'subscription-ended'],
		]);
	});

	test('list in pages', async () => {
		await sandbox.setSubscriptions({ list: 'v0.9', perPage: 2 });
		const ids = [];
		for (const event of eventNames.slice(0, 3)) ids.push(await created(wanted(event, SPAIN)));
		const page = async (query: string) => {
			const { data } = await client.call('GET', `${PATH}${query}`, own);
			const { subscriptions, pagination } = data as {
				subscriptions: { id: string }[];
				pagination: object;
			};
			return [subscriptions.map(({ id }) => id), pagination];
		};
		const counts = { totalCount: 3, totalPages: 2 };
		expect(await page('')).toEqual([ids.slice(0, 2), { page: 1, perPage: 2, ...counts }]);
		expect(await page('?page=2&perPage=50')).toEqual([
			ids.slice(2),
			{ page: 2, perPage: 2, ...counts },
		]);
		expect(await page('?page=3&perPage=1')).toEqual([
			ids.slice(2),
			{ page: 3, perPage: 1, totalCount: 3, totalPages: 3 },
		]);
		for (const query of ['?page=0', '?perPage=101', '?page=x']) {
			expect((await client.call('GET', `${PATH}${query}`, own)).data.code).toBe('INVALID_ARGUMENT');
		}
	});

	test('grant a shorter lifetime', async () => {
		await sandbox.setSubscriptions({ maxLifetimeS: 60 });
		const asked = { subscriptionExpireTime: inSeconds(7200) };
		const { data } = await create({
			...wanted('roaming-on', SPAIN, asked),
			sinkCredential: credential(),
		});
		expect(data.config).toMatchObject(asked);
		expect(Date.parse(String(data.expiresAt))).toBeLessThan(Date.now() + 61_000);
		const unasked = await create(wanted('roaming-on', SPAIN));
		expect(unasked.data.expiresAt).toEqual(expect.any(String));
	});

	test.each([
		[403, 'PERMISSION_DENIED'],
		[429, 'TOO_MANY_REQUESTS'],
		[503, 'UNAVAILABLE'],
	] as const)('refuse all but the first ones with %d', async (refuseWith, code) => {
		await sandbox.setSubscriptions({ refuseAfter: 2, refuseWith });
		const answers = [];
		for (let count = 0; count < 4; count++) answers.push(await create(wanted('roaming-on', SPAIN)));
		expect(answers.map(({ status }) => status)).toEqual([201, 201, refuseWith, refuseWith]);
		expect(answers.at(-1)!.data.code).toBe(code);
		expect(await listed()).toHaveLength(2);
	});

	test.each([
		'{"list":"v1"}',
		'{"perPage":0}',
		'{"asynchronous":"yes"}',
		'{"refuseWith":404}',
		'{"refuseAfter":-1}',
		'{"unknown":1}',
		'[]',
		'no JSON',
	])('not be told %s', async (body) => {
		const { status } = await axios.put(`${sandbox.origin}/sandbox/subscriptions`, body, {
			validateStatus: () => true,
			proxy: false,
		});
		expect(status).toBe(400);
	});
});

describe('Nokia', () => {
	const headers = { 'X-RapidAPI-Key': rapidApi.key, 'X-RapidAPI-Host': rapidApi.host };
	const at = async (version: string, more: object) =>
		await client.request({
			baseURL: `${sandbox.baseUrls.nokia}/device-status/device-roaming-status-subscriptions/${version}`,
			url: '/subscriptions',
			headers,
			...more,
		});

	test.each([
		['v0.7', ['roaming-on', 'subscription-ends']],
		['v0.8', ['subscription-started', 'roaming-on', 'subscription-ended']],
	])('sends the events of %s', async (version, types) => {
		const config = { subscriptionMaxEvents: 1 };
		const data = { ...wanted('roaming-on', SPAIN, config), sinkCredential: credential() };
		const { status } = await at(version, { method: 'POST', data });
		expect(status).toBe(201);
		await sandbox.move(SPAIN, { country: 'FR' });
		await delivered(sandbox);
		expect(sink.types()).toEqual(types);
	});

	test('keeps the subscriptions of each version apart', async () => {
		const { data } = await at('v0.7', { method: 'POST', data: wanted('roaming-on', SPAIN) });
		expect((await at('v0.7', {})).data).toEqual([data]);
		expect((await at('v0.8', {})).data).toEqual([]);
	});

	test('wants a key, and the device named', async () => {
		const { status } = await at('v0.7', { headers: {} });
		expect(status).toBe(404);
		const { data } = await at('v0.7', { method: 'POST', data: wanted('roaming-on') });
		expect(data.code).toBe('MISSING_IDENTIFIER');
	});
});

test('The control API tells of subscriptions and their devices', async () => {
	const id = await created(wanted('roaming-on', SPAIN, { subscriptionMaxEvents: 3 }));
	await sandbox.move(SPAIN, { country: 'FR' });
	expect(await sandbox.subscriptions()).toEqual([
		{
			id,
			api: `/camara${PATH}`,
			clientId: applications.roaming.clientId,
			device: SPAIN,
			event: 'roaming-on',
			sink: sink.url,
			status: 'ACTIVE',
			startsAt: expect.stringMatching(RFC_3339) as string,
			expiresAt: null,
			eventsSent: 1,
			maxEvents: 3,
		},
	]);
	expect(await sandbox.devices()).toMatchObject([{ identifier: SPAIN, subscriptions: 1 }]);
	await sandbox.forgetSubscriptions();
	expect(await sandbox.subscriptions()).toEqual([]);
	await expect(sandbox.redeliver(id)).rejects.toThrow('404');
	await expect(sandbox.endSubscription(id)).rejects.toThrow('404');
});
