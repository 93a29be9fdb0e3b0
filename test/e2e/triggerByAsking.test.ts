import { setTimeout as sleep } from 'node:timers/promises';
import type { Workflow } from '../../localN8n/n8nApi';
import { applications } from '../../sandbox/applications';
import { N8N_1_VERSION, N8N_VERSION } from '../../localN8n/runtime';
import type { RoamingChange, RoamingEvent } from '../../nodes/OpenGateway/triggers/roamingEvent';
import { n8nForSuite, type RealN8n } from '../support/realN8n';
import { sandboxForSuite } from '../support/suite';

/** The shortest interval is a minute, so all n8n's and all workflows wait for theirs together. */
jest.setTimeout(15 * 60_000);

const sandbox = sandboxForSuite();

const withoutPublicationService = {
	start: async () => ({ N8N_USE_WORKFLOW_PUBLICATION_SERVICE: 'false' }),
	stop: async () => {},
};

/** Each has a device of its own, from Germany. */
const instances: ReadonlyArray<{ name: string; n8n: RealN8n; number: string }> = [
	{ name: N8N_VERSION, n8n: n8nForSuite(), number: '+4915100000012' },
	{
		name: `${N8N_VERSION} without its publication service`,
		n8n: n8nForSuite(withoutPublicationService, N8N_VERSION, 'without-publication-service'),
		number: '+4915100000022',
	},
	{ name: N8N_1_VERSION, n8n: n8nForSuite(undefined, N8N_1_VERSION), number: '+4915100000032' },
];

const TRIGGER = 'Roaming';
const changes: RoamingChange[] = ['started', 'stopped', 'countryChanged', 'status'];

/** A workflow for each change, by the name of the instance. */
const workflows = new Map<string, Record<RoamingChange, string>>();

function workflowOf(event: RoamingChange, number: string, reference: object): Workflow {
	// n8n evaluates expressions when a workflow is published, but not when its clock ticks.
	const devices = event === 'status' ? `={{ ['${number}'] }}` : number;
	return {
		name: event,
		nodes: [
			{
				...{ id: event, name: TRIGGER, type: 'n8n-nodes-open-gateway.openGatewayRoamingTrigger' },
				...{ typeVersion: 2, webhookId: `webhook-${event}`, position: [0, 0] },
				parameters: { event: [event], devices, detectBy: 'asking', interval: 1 },
				credentials: { openGatewayApi: reference },
			},
			{
				...{ id: 'end', name: 'End', type: 'n8n-nodes-base.noOp', typeVersion: 1 },
				...{ position: [200, 0], parameters: {} },
			},
		],
		connections: { [TRIGGER]: { main: [[{ node: 'End', type: 'main', index: 0 }]] } },
		settings: { executionOrder: 'v1', saveDataSuccessExecution: 'all' },
	} as unknown as Workflow;
}

/** How many times the operator was asked about the device. */
async function asksAbout(number: string): Promise<number> {
	return (await sandbox.exchanges()).filter(
		({ path, body }) => path.endsWith('/roaming') && body.includes(number.slice(1)),
	).length;
}

/** Waits until each instance has asked about its device as often again, and n8n has stored what it started. */
async function everyOneAsked(times: number): Promise<void> {
	await Promise.all(
		instances.map(async ({ number }) => {
			const before = await asksAbout(number);
			while ((await asksAbout(number)) < before + times) await sleep(500);
		}),
	);
	await sleep(3000);
}

/** The items of all executions of a workflow, the oldest first. */
async function itemsOf(n8n: RealN8n, workflowId: string): Promise<RoamingEvent[]> {
	const executions = await n8n.api.executions(workflowId);
	const finished = await Promise.all(
		executions.toReversed().map(async ({ id }) => await n8n.api.finishedExecution(id)),
	);
	for (const { mode, status } of finished) {
		expect({ mode, status }).toEqual({ mode: 'trigger', status: 'success' });
	}
	// One item in each.
	return finished.map((execution) => {
		const items = execution.itemsOf('End');
		expect(items).toHaveLength(1);
		return items[0] as unknown as RoamingEvent;
	});
}

const known = {
	roaming: true,
	time: expect.any(String) as string,
	subscriptionId: null,
	eventId: null,
};
const home = { ...known, roaming: false, country: null, countryCode: null, countryName: [] };
const inFrance = { ...known, country: 'FR', countryCode: 208, countryName: ['FR'] };
const inBelgium = { ...known, country: 'BE', countryCode: 206, countryName: ['BE'] };
const wasHome = { previous: { roaming: false, country: null } };
const wasIn = (country: string) => ({ previous: { roaming: true, country } });

const expected: Readonly<Record<RoamingChange, readonly object[]>> = {
	started: [{ event: 'started', ...inFrance, ...wasHome }],
	stopped: [{ event: 'stopped', ...home, ...wasIn('BE') }],
	countryChanged: [{ event: 'countryChanged', ...inBelgium, ...wasIn('FR') }],
	status: [
		{ event: 'status', ...inFrance, ...wasHome },
		{ event: 'status', ...home, ...wasIn('BE') },
	],
};

async function found(event: RoamingChange): Promise<Record<string, RoamingEvent[]>> {
	const entries = instances.map(async ({ name, n8n }) => [
		name,
		await itemsOf(n8n, workflows.get(name)![event]),
	]);
	return Object.fromEntries(await Promise.all(entries)) as Record<string, RoamingEvent[]>;
}

const inEach = (items: (number: string) => readonly object[]) =>
	Object.fromEntries(instances.map(({ name, number }) => [name, items(number)]));

const of = (number: string) => ({ device: { phoneNumber: number } });

describe('from Germany to France, to Belgium, and home again', () => {
	beforeAll(async () => {
		for (const { name, n8n, number } of instances) {
			await sandbox.move(number, { country: 'DE' });
			const reference = await n8n.api.saveCredential({
				...{ name: 'Operator', type: 'openGatewayApi' },
				data: { baseUrl: sandbox.baseUrls.telefonica },
			});
			const ids = await Promise.all(
				changes.map(async (event) => {
					const id = await n8n.api.saveWorkflow(workflowOf(event, number, reference));
					await n8n.api.activate(id);
					return [event, id];
				}),
			);
			workflows.set(name, Object.fromEntries(ids) as Record<RoamingChange, string>);
			// The first ask is over when the workflow is published.
			expect(await asksAbout(number)).toBe(changes.length);
		}
		for (const country of ['FR', 'BE', 'DE']) {
			await Promise.all(instances.map(({ number }) => sandbox.move(number, { country })));
			await everyOneAsked(changes.length);
		}
	});

	test.each(changes)('the workflow for %s starts exactly so', async (event) => {
		expect(await found(event)).toEqual(
			inEach((number) => expected[event].map((item) => ({ ...item, ...of(number) }))),
		);
	});
});

test('after a power cut, no item comes again, and one that was missed meanwhile comes once', async () => {
	await Promise.all(
		instances.map(async ({ name, n8n, number }) => {
			for (const event of changes) {
				if (event !== 'status') await n8n.api.deactivate(workflows.get(name)![event]);
			}
			await n8n.kill();
			await sandbox.move(number, { country: 'FR' });
		}),
	);
	for (const { n8n } of instances) await n8n.restart();
	// The unpublished workflows ask no more: these are of one workflow, which takes a minute for each.
	const since = Date.now();
	await everyOneAsked(2);
	expect(Date.now() - since).toBeGreaterThan(55_000);

	expect(await found('status')).toEqual(
		inEach((number) =>
			[...expected.status, { event: 'status', ...inFrance, ...wasHome }].map((item) => ({
				...item,
				...of(number),
			})),
		),
	);
	for (const event of ['started', 'stopped', 'countryChanged'] as const) {
		expect(await found(event)).toEqual(
			inEach((number) => expected[event].map((item) => ({ ...item, ...of(number) }))),
		);
	}
});

test('an application that the operator refuses is told to the person who publishes', async () => {
	for (const { n8n, number } of instances) {
		const reference = await n8n.api.saveCredential({
			...{ name: 'Refused', type: 'openGatewayApi' },
			data: {
				baseUrl: sandbox.baseUrls.telefonica,
				clientId: applications.roaming.clientId,
				clientSecret: 'wrong-secret',
			},
		});
		const id = await n8n.api.saveWorkflow({
			...workflowOf('started', number, reference),
			name: 'Refused',
		});
		await expect(n8n.api.activate(id)).rejects.toThrow(/secret/i);
	}
});
