import type { ICredentialDataDecryptedObject, IDataObject } from 'n8n-workflow';
import type { RunningSandbox } from '../../sandbox/client';
import { openGatewayApi } from '../support/credential';
import { activeSubscriptions, until } from '../support/roamingTrigger';
import { sandboxForSuite } from '../support/suite';
import { triggerInEngine, type TriggerInEngine } from '../support/triggerInEngine';

/** The trigger's subscriptions, in n8n's contexts, at the sandbox. */
const sandbox = sandboxForSuite();
jest.setTimeout(60_000);

const ONE = '+34600000001';
const TWO = '+34600000002';
const UNKNOWN = '+34600000009';

function credential(changes: IDataObject = {}): ICredentialDataDecryptedObject {
	const baseUrl = sandbox.baseUrls.camara;
	return openGatewayApi({
		operator: 'camara',
		baseUrl,
		authorizationGrant: 'clientCredentials',
		discoveryUrl: `${baseUrl}/.well-known/openid-configuration`,
		...changes,
	});
}

let engine: TriggerInEngine;

function trigger(changes: IDataObject = {}, ofCredential: IDataObject = {}): TriggerInEngine {
	return (engine = triggerInEngine(credential(ofCredential), {
		...{ event: ['started'], identifierType: 'phoneNumber', devices: `${ONE}\n${TWO}` },
		...{ detectBy: 'automatic', interval: 15, options: { retries: 0 } },
		...(changes as object),
	}));
}

afterEach(async () => {
	await sandbox.setSubscriptions({});
	await sandbox.forgetSubscriptions();
});

const active = async () =>
	(await activeSubscriptions(sandbox)).map(({ device, event, sink, id }) => ({
		...{ device, event, sink, id },
	}));
const watched = async () =>
	(await active()).map(({ device, event }) => `${device} ${event}`).sort();
const requestsOf = async (method: string, from: RunningSandbox = sandbox) =>
	(await from.exchanges()).filter(
		(exchange) => exchange.method === method && exchange.path.includes('/subscriptions'),
	);

const refusal = async (publishing: Promise<void>): Promise<string> =>
	await publishing.then(
		() => {
			throw new Error('It was published');
		},
		(error: Error) => error.message,
	);

describe.each(['clientCredentials', 'ciba'])('with access by %s', (authorizationGrant) => {
	test('publishing subscribes to each device, again changes nothing, unpublishing deletes all', async () => {
		trigger({ event: ['started', 'stopped', 'countryChanged'] }, { authorizationGrant });
		await engine.publish();
		const before = await active();
		expect(await watched()).toEqual([
			`${ONE} roaming-change-country`,
			`${ONE} roaming-status`,
			`${TWO} roaming-change-country`,
			`${TWO} roaming-status`,
		]);
		for (const { sink } of before) expect(sink.startsWith(`${engine.address}?k=`)).toBe(true);

		await engine.publish('update');
		expect(await active()).toEqual(before);
		expect(await requestsOf('POST')).toHaveLength(4);

		await engine.unpublish();
		expect(await active()).toEqual([]);
	});

	test('other devices or events replace subscriptions, and leave the others', async () => {
		trigger({}, { authorizationGrant });
		await engine.publish();
		const [kept] = (await active()).filter(({ device }) => device === ONE);
		engine.parameters = { ...engine.parameters, devices: ONE };
		if (authorizationGrant === 'ciba') return;
		await engine.publish('update');
		expect(await active()).toEqual([kept]);
		engine.parameters = { ...engine.parameters, event: ['stopped'] };
		await engine.publish('update');
		expect(await watched()).toEqual([`${ONE} roaming-off`]);
	});

	test('a device that cannot be subscribed undoes all, and is named, masked', async () => {
		trigger({ devices: [ONE, UNKNOWN, TWO].join('\n') }, { authorizationGrant });
		const message = await refusal(engine.publish());
		expect(message).toContain('+346•••••009');
		expect(message).not.toContain('600000009');
		expect(await active()).toEqual([]);
	});

	test('the clock makes anew what has ended, and nothing else', async () => {
		trigger({}, { authorizationGrant });
		await engine.publish();
		const before = await active();
		await sandbox.endSubscription(before.find(({ device }) => device === ONE)!.id);
		const clock = engine.clock();
		await clock.begin();
		await clock.tick();
		expect(await watched()).toEqual([`${ONE} roaming-on`, `${TWO} roaming-on`]);
		const after = (await active()).map(({ id }) => id);
		expect(before.filter(({ id }) => after.includes(id)).map(({ device }) => device)).toEqual([
			TWO,
		]);
		await clock.tick();
		expect((await active()).map(({ id }) => id)).toEqual(after);
	});
});

test('n8n that starts asks nothing of the operator until the clock does', async () => {
	trigger();
	await engine.publish('init');
	expect(await sandbox.exchanges()).toEqual([]);
});

test('a test event has subscriptions of its own', async () => {
	trigger();
	await engine.publish();
	const before = await active();
	const listening = triggerInEngine(engine.credential, engine.parameters);
	await listening.publish('manual');
	expect(await active()).toHaveLength(4);
	expect((await active()).filter(({ sink }) => sink.includes('/webhook-test/'))).toHaveLength(2);
	expect((await active()).slice(0, 2)).toEqual(before);
});

test.each([403, 429, 503] as const)(
	'with HTTP %s at the third, the first two are undone',
	async (refuseWith) => {
		trigger({ devices: [ONE, TWO, '+34600000003', '+34600000005'].join('\n') });
		await sandbox.setSubscriptions({ refuseAfter: 2, refuseWith });
		await refusal(engine.publish());
		expect(await active()).toEqual([]);
		expect(await requestsOf('DELETE')).toHaveLength(2);
	},
);

test('subscriptions in the making are not made twice, and are deleted, too', async () => {
	trigger();
	await sandbox.setSubscriptions({ asynchronous: true });
	await engine.publish();
	await engine.publish('update');
	expect(await requestsOf('POST')).toHaveLength(2);
	await until('Both are active', async () =>
		(await sandbox.subscriptions()).every(({ status }) => status === 'ACTIVE'),
	);
	await engine.unpublish();
	await until('None is left', async () => (await active()).length === 0);
});

test('a list of many pages is read to its end', async () => {
	trigger();
	await sandbox.setSubscriptions({ list: 'v0.9', perPage: 1 });
	await engine.publish();
	await engine.publish('update');
	expect(await active()).toHaveLength(2);
	await engine.unpublish();
	expect(await active()).toEqual([]);
});

test('a subscription that lasts shorter than asked for is renewed before its end', async () => {
	trigger({ devices: ONE });
	await sandbox.setSubscriptions({ maxLifetimeS: 4 });
	await engine.publish();
	const [first] = await active();
	const clock = engine.clock();
	await clock.begin();
	await clock.tick();
	expect((await active()).map(({ id }) => id)).toEqual([first!.id]);
	await until('Half of its life is over', async () => {
		await clock.tick();
		const [now] = await active();
		return now?.id !== first!.id && (await active()).length === 1;
	});
	const statuses = (await sandbox.subscriptions()).map(({ id, status }) => [id, status]);
	// It was deleted, once there was another one, and did not end by itself.
	expect(statuses).toContainEqual([first!.id, 'DELETED']);
});

test('with another address or another credential, all are replaced', async () => {
	trigger();
	await engine.publish();
	const before = (await active()).map(({ id }) => id);
	engine.webhookBaseUrl = 'http://localhost:9/webhook';
	await engine.publish('init');
	const clock = engine.clock();
	await clock.begin();
	await clock.tick();
	const moved = await active();
	expect(moved).toHaveLength(2);
	for (const { id, sink } of moved) {
		expect(before).not.toContain(id);
		expect(sink).toMatch(/^http:\/\/localhost:9\//);
	}
	engine.credential = credential({ accessToken: 'made-up-other-token' });
	const next = engine.clock();
	await next.begin();
	await next.tick();
	const after = await active();
	expect(after).toHaveLength(2);
	for (const { id } of after) expect(moved.map((one) => one.id)).not.toContain(id);
});

test('subscriptions of others are left alone', async () => {
	trigger();
	await engine.publish();
	const others = await active();
	const another = triggerInEngine(engine.credential, engine.parameters);
	await another.publish();
	expect(await active()).toHaveLength(4);
	await another.unpublish();
	expect(await active()).toEqual(others);
});

test.each([
	['http://n8n.example.com/webhook', 'http://n8n.example.com'],
	['http://10.0.0.1:5678/webhook', 'http://10.0.0.1'],
])('an address that operators do not call is refused at once: %s', async (address, shown) => {
	trigger();
	engine.webhookBaseUrl = address;
	const message = await refusal(engine.publish());
	expect(message).toContain(shown);
	expect(message).toContain('WEBHOOK_URL');
	expect(await sandbox.exchanges()).toEqual([]);
});

test.each(['http://localhost:5678/webhook', 'https://127.0.0.1/webhook', 'http://[::1]/webhook'])(
	'an operator on the internet is not told to call this machine: %s',
	async (address) => {
		trigger({}, { baseUrl: 'https://api.example.com' });
		engine.webhookBaseUrl = address;
		const message = await refusal(engine.publish());
		expect(message).toContain(new URL(address).origin);
		expect(message).toContain('WEBHOOK_URL');
		expect(await sandbox.exchanges()).toEqual([]);
	},
);

test('an operator without subscriptions is told of at once, with the other way', async () => {
	trigger(
		{ detectBy: 'events' },
		{ operator: 'telefonica', baseUrl: sandbox.baseUrls.telefonica, authorizationGrant: 'ciba' },
	);
	const message = await refusal(engine.publish());
	expect(message).toContain('does not offer subscriptions');
	expect(message).toContain('Asking');
});

test('an operator that is down is told of once, until it works again', async () => {
	trigger();
	await engine.publish();
	await sandbox.setOddities({});
	const clock = engine.clock();
	await clock.begin();
	await clock.tick();
	engine.logged.length = 0;
	engine.credential = credential({ clientSecret: 'made-up-wrong-secret' });
	const broken = engine.clock();
	await broken.begin();
	await broken.tick();
	await broken.tick();
	await broken.tick();
	const warnings = engine.logged.filter((words) =>
		JSON.stringify(words).includes('subscriptions of'),
	);
	expect(warnings).toHaveLength(1);
	expect(JSON.stringify(engine.logged)).not.toMatch(/made-up-wrong-secret|60000000/);
	expect(await active()).toHaveLength(2);
});

test('a clock of an earlier publication does nothing any more', async () => {
	trigger();
	await engine.publish();
	const old = engine.clock();
	await old.begin();
	await old.tick();
	await engine.unpublish();
	await old.tick();
	expect(await active()).toEqual([]);
});

test('when publishing fails, the clock fails as well, and does nothing', async () => {
	trigger({ devices: UNKNOWN });
	const message = await refusal(engine.publish());
	const clock = engine.clock('activate');
	await expect(clock.begin()).rejects.toThrow();
	engine.parameters = { ...engine.parameters, devices: ONE };
	await clock.tick();
	expect(message).toContain('+346•••••009');
	expect(await active()).toEqual([]);
});
