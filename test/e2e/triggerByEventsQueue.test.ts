import { readFile } from 'node:fs/promises';
import type { N8n } from '../../localN8n/n8n';
import { freePort } from '../../localN8n/process/ports';
import { describeWithQueueServers, queueServers } from '../support/queueServers';
import { n8nForSuite } from '../support/realN8n';
import {
	activeSubscriptions,
	itemsOfRuns,
	saveCamaraCredential,
	saveTriggerWorkflow,
	until,
} from '../support/roamingTrigger';
import { sandboxForSuite } from '../support/suite';

jest.setTimeout(300_000);

const DEVICES = Array.from({ length: 20 }, (_, at) => `+49151123${String(at + 700)}12`);

describeWithQueueServers('in n8n’s queue mode, with a process for webhooks and two workers', () => {
	const sandbox = sandboxForSuite();
	const servers = queueServers();
	let port: number;
	const n8n = n8nForSuite({
		async start() {
			port = await freePort(0);
			return { ...(await servers.start()), WEBHOOK_URL: `http://127.0.0.1:${port}/` };
		},
		stop: () => servers.stop(),
	});

	test('each event starts the workflow once, on one of the workers', async () => {
		const workers = [await n8n.startWorker(5), await n8n.startWorker(5)];
		await n8n.startWebhookProcess(port);
		for (const device of DEVICES) await sandbox.move(device, { country: 'DE' });
		const workflow = await saveTriggerWorkflow(n8n.api, {
			...{ name: 'Watch', devices: DEVICES, event: ['started', 'stopped'] },
			openGatewayApi: await saveCamaraCredential(n8n.api, sandbox),
		});
		await n8n.api.activate(workflow);
		const subscriptions = await activeSubscriptions(sandbox);
		expect(subscriptions).toHaveLength(DEVICES.length);
		for (const { sink } of subscriptions) expect(sink).toContain(`http://127.0.0.1:${port}/`);

		for (const country of ['FR', 'DE']) {
			await Promise.all(DEVICES.map((device) => sandbox.move(device, { country })));
		}
		await until(
			'All events are delivered',
			async () => (await sandbox.deliveries()).every(({ outcome }) => outcome === 'delivered'),
			120_000,
		);
		for (const { id } of subscriptions) await sandbox.redeliver(id);
		const items = await itemsOfRuns(n8n, workflow, 2 * DEVICES.length, 120_000);
		const seen = items.map(({ device, event }) => `${JSON.stringify(device)} ${String(event)}`);
		expect(seen.sort()).toEqual(
			DEVICES.flatMap((phoneNumber) =>
				['started', 'stopped'].map((event) => `${JSON.stringify({ phoneNumber })} ${event}`),
			).sort(),
		);
		const started = await Promise.all(workers.map(startedBy));
		expect(Math.min(...started)).toBeGreaterThan(0);

		await n8n.api.deactivate(workflow);
		await until('None is left', async () => (await activeSubscriptions(sandbox)).length === 0);
	});
});

/** The number of executions that a worker has started. */
async function startedBy({ logFile }: N8n): Promise<number> {
	return [...(await readFile(logFile, 'utf8')).matchAll(/Worker started execution/g)].length;
}
