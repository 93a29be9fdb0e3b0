import { randomUUID } from 'node:crypto';
import type { CredentialReference } from '../../localN8n/n8nApi';
import { N8N_1_VERSION, N8N_VERSION } from '../../localN8n/runtime';
import { n8nForSuite } from '../support/realN8n';
import {
	activeSubscriptions,
	itemsOfRuns,
	saveCamaraCredential,
	saveTriggerWorkflow,
	until,
} from '../support/roamingTrigger';
import { sandboxForSuite } from '../support/suite';

/** The clock compares once a minute. */
const A_MINUTE = 75_000;

jest.setTimeout(300_000);

/** At home, unless they are moved, which ends with each test. */
const [ONE, TWO] = ['+4915112345612', '+4915112345622'];

describe.each([N8N_VERSION, N8N_1_VERSION])('n8n %s is killed while subscribed', (version) => {
	const sandbox = sandboxForSuite();
	const n8n = n8nForSuite(undefined, version);
	const webhookId = randomUUID();
	let credential: CredentialReference;
	let workflow: string;

	const saveCredential = async (key: 'rsa' | 'ec') => {
		const { clientId, privateKeys } = (await sandbox.applications()).privateKey;
		return await saveCamaraCredential(n8n.api, sandbox, {
			...{ clientId, camaraClientAuthentication: 'privateKeyJwt', keyId: key },
			...{ privateKey: privateKeys![key], signingAlgorithm: key === 'ec' ? 'ES256' : 'RS256' },
		});
	};
	const save = async (nodeName: string) =>
		await saveTriggerWorkflow(n8n.api, {
			...{ name: 'Watch', devices: [ONE, TWO], event: ['started', 'stopped'] },
			...{ openGatewayApi: credential, webhookId, nodeName },
		});
	const idsAndSinks = async () =>
		new Map((await activeSubscriptions(sandbox)).map(({ id, sink }) => [id, sink]));
	/** Moves a device across the border, and expects one run more. */
	const expectRun = async (device: string, country: string) => {
		const before = await n8n.api.executionCount(workflow);
		await sandbox.move(device, { country });
		const items = await itemsOfRuns(n8n, workflow, before + 1, A_MINUTE);
		expect(items).toHaveLength(before + 1);
		const event = country === 'DE' ? 'stopped' : 'started';
		expect(items.at(-1)).toMatchObject({ event, device: { phoneNumber: device } });
	};

	beforeAll(async () => {
		credential = await saveCredential('rsa');
		workflow = await save('Trigger');
		await n8n.api.activate(workflow);
	});

	test('its subscriptions are the same after a restart, except one that ended meanwhile', async () => {
		const before = await idsAndSinks();
		expect(before.size).toBe(2);
		const all = await sandbox.subscriptions();
		const ended = all.find(({ device }) => JSON.stringify(device).includes(ONE))!.id;

		await n8n.kill();
		await sandbox.endSubscription(ended);
		await n8n.restart();
		await until('Two subscriptions', async () => (await idsAndSinks()).size === 2, A_MINUTE);
		const after = await idsAndSinks();
		expect([...after.keys()].filter((id) => before.has(id))).toHaveLength(1);
		expect(after.has(ended)).toBe(false);
		await expectRun(ONE, 'FR');
	});

	test('an event that came while it was down starts the workflow later, once', async () => {
		const before = await n8n.api.executionCount(workflow);
		await n8n.kill();
		await sandbox.move(TWO, { country: 'FR' });
		await n8n.restart();
		expect(await itemsOfRuns(n8n, workflow, before + 1, A_MINUTE)).toHaveLength(before + 1);

		// The same event once more, before and after a restart.
		const { subscriptionId } = (await sandbox.deliveries()).at(-1)!;
		await sandbox.redeliver(subscriptionId);
		await n8n.restart();
		await sandbox.redeliver(subscriptionId);
		await until('All events are delivered', async () =>
			(await sandbox.deliveries()).every(({ outcome }) => outcome === 'delivered'),
		);
		// n8n 1 answers before it starts a run: a further event shows that there is none to come.
		await expectRun(TWO, 'DE');
		expect(await n8n.api.executionCount(workflow)).toBe(before + 2);
	});

	test('with another WEBHOOK_URL, each subscription is replaced by one at the new address', async () => {
		const moved = n8n.url.replace('127.0.0.1', 'localhost');
		await n8n.restart({ WEBHOOK_URL: `${moved}/` });
		await until(
			'Two subscriptions at the new address',
			async () => {
				const sinks = [...(await idsAndSinks()).values()];
				return sinks.length === 2 && sinks.every((sink) => sink.startsWith(moved));
			},
			A_MINUTE,
		);
		await expectRun(ONE, 'BE');
	});

	test('with another key of the application, each is replaced, and events in between arrive', async () => {
		const before = await idsAndSinks();
		await expectRun(ONE, 'FR');
		await saveCredential('ec');
		await expectRun(ONE, 'DE');
		await until(
			'Two other subscriptions',
			async () => {
				const after = [...(await idsAndSinks()).keys()];
				return after.length === 2 && !after.some((id) => before.has(id));
			},
			A_MINUTE,
		);
		await expectRun(TWO, 'FR');
	});

	test('with another name, the node has as many subscriptions, and goes on', async () => {
		await save('Renamed');
		await n8n.api.activate(workflow);
		await expectRun(TWO, 'BE');
		expect((await idsAndSinks()).size).toBe(2);
		await n8n.restart();
		await expectRun(TWO, 'DE');
		expect((await idsAndSinks()).size).toBe(2);
	});

	test('once it is not published any more, no subscription is left', async () => {
		await n8n.api.deactivate(workflow);
		await until('None is left', async () => (await idsAndSinks()).size === 0);
	});
});
