import { N8N_1_VERSION, N8N_VERSION } from '../../localN8n/runtime';
import schema from '../../nodes/OpenGateway/__schema__/v2.0.0.json';
import { n8nForSuite } from '../support/realN8n';
import {
	activeSubscriptions,
	itemsOfRuns,
	saveCamaraCredential,
	saveTriggerWorkflow,
	until,
} from '../support/roamingTrigger';
import { sandboxForSuite } from '../support/suite';

jest.setTimeout(180_000);

const VARIANTS: Array<[string, string, Record<string, string>]> = [
	[`n8n ${N8N_VERSION}`, N8N_VERSION, {}],
	[
		`n8n ${N8N_VERSION} without its publication service`,
		N8N_VERSION,
		{ N8N_USE_WORKFLOW_PUBLICATION_SERVICE: 'false' },
	],
	[`n8n ${N8N_1_VERSION}`, N8N_1_VERSION, {}],
];

const sandbox = sandboxForSuite();

/** What a device of its own, from Germany, is watched for, and what the workflow sees of its journey. */
const JOURNEYS: Array<{ device: string; event: string[]; seen: object[] }> = [
	{
		device: '+4915112345601',
		event: ['started'],
		// This event carries no country: the operator was asked.
		seen: [{ event: 'started', roaming: true, country: 'FR', countryCode: 208 }],
	},
	{
		device: '+4915112345602',
		event: ['stopped'],
		seen: [{ event: 'stopped', roaming: false, country: null, countryCode: null }],
	},
	{
		device: '+4915112345603',
		event: ['status'],
		seen: [
			{ event: 'status', roaming: true, country: 'FR', countryCode: 208 },
			{ event: 'status', roaming: false, country: null, countryCode: null },
		],
	},
	{
		device: '+4915112345604',
		event: ['countryChanged'],
		seen: [{ event: 'countryChanged', roaming: true, country: 'BE', countryCode: 206 }],
	},
	{
		device: '+4915112345605',
		event: ['started', 'stopped', 'countryChanged'],
		seen: [
			{ event: 'started', roaming: true, country: 'FR', countryCode: 208 },
			{ event: 'countryChanged', roaming: true, country: 'BE', countryCode: 206 },
			{ event: 'stopped', roaming: false, country: null, countryCode: null },
		],
	},
];

describe.each(VARIANTS)('in %s', (_, version, env) => {
	afterAll(async () => await sandbox.forgetSubscriptions());
	const n8n = n8nForSuite({ start: async () => env, stop: async () => {} }, version);

	test('each change that was chosen starts the workflow once, and no other does', async () => {
		const credential = await saveCamaraCredential(n8n.api, sandbox);
		const workflows: string[] = [];
		for (const { device, event } of JOURNEYS) {
			await sandbox.move(device, { country: 'DE' });
			// n8n logs the name, in which no number belongs.
			const name = `Watch ${event.join(', ')}`;
			const devices = [device];
			workflows.push(
				await saveTriggerWorkflow(n8n.api, { name, devices, event, openGatewayApi: credential }),
			);
			await n8n.api.activate(workflows.at(-1)!);
		}
		const subscriptions = await activeSubscriptions(sandbox);
		expect(subscriptions).toHaveLength(6);
		for (const { sink } of subscriptions) {
			expect(sink).toMatch(
				new RegExp(`^${n8n.url}/webhook/[\\da-f-]{36}/roaming\\?k=[\\w-]{100,}$`),
			);
		}

		for (const country of ['FR', 'BE', 'DE']) {
			for (const { device } of JOURNEYS) await sandbox.move(device, { country });
			await until('All events are delivered', async () =>
				(await sandbox.deliveries()).every(({ outcome }) => outcome === 'delivered'),
			);
		}

		for (const [at, { device, seen }] of JOURNEYS.entries()) {
			const items = await itemsOfRuns(n8n, workflows[at]!, seen.length);
			expect(items).toEqual(
				seen.map((expected) => ({
					device: { phoneNumber: device },
					countryName: expect.any(Array) as string[],
					previous: null,
					time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/) as string,
					subscriptionId: expect.stringMatching(/^[\da-f-]{36}$/) as string,
					eventId: expect.stringMatching(/^[\da-f-]{36}$/) as string,
					...expected,
				})),
			);
		}

		const [item] = await itemsOfRuns(n8n, workflows[0]!, 1);
		expect(Object.keys(item!)).toEqual(Object.keys(schema.properties));

		for (const workflow of workflows) await n8n.api.deactivate(workflow);
		await until(
			'All subscriptions are gone',
			async () => (await activeSubscriptions(sandbox)).length === 0,
		);
	});

	test('the editor hears a test event, and its subscription ends with it', async () => {
		const device = '+4915112345612';
		await sandbox.move(device, { country: 'DE' });
		const workflow = await saveTriggerWorkflow(n8n.api, {
			...{ name: 'Test', devices: [device], event: ['started'] },
			openGatewayApi: await saveCamaraCredential(n8n.api, sandbox),
		});
		await n8n.api.run(workflow, 'Trigger');
		const [subscription] = await activeSubscriptions(sandbox);
		expect(subscription?.sink).toContain('/webhook-test/');

		await sandbox.move(device, { country: 'FR' });
		const [item] = await itemsOfRuns(n8n, workflow, 1);
		expect(item).toMatchObject({ event: 'started', country: 'FR' });
		await until(
			'The subscription is gone',
			async () => (await activeSubscriptions(sandbox)).length === 0,
		);
	});
});
