import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CredentialReference, N8nApi } from '../../localN8n/n8nApi';
import type { RunningSandbox } from '../../sandbox/client';
import { openGatewayApi } from './credential';
import type { RealN8n } from './realN8n';

/** Saves a credential for CAMARA's operator, whose token is that of the application unless changed. */
export async function saveCamaraCredential(
	api: N8nApi,
	sandbox: RunningSandbox,
	changes: Readonly<Record<string, string>> = {},
): Promise<CredentialReference> {
	const baseUrl = sandbox.baseUrls.camara;
	return await api.saveCredential({
		name: changes.name ?? 'CAMARA operator',
		type: 'openGatewayApi',
		data: openGatewayApi({
			operator: 'camara',
			baseUrl,
			authorizationGrant: 'clientCredentials',
			discoveryUrl: `${baseUrl}/.well-known/openid-configuration`,
			...changes,
		}),
	});
}

export interface TriggerWorkflow {
	readonly name: string;
	readonly devices: readonly string[];
	readonly event: readonly string[];
	readonly openGatewayApi: CredentialReference;
	/** Of the trigger. Default: Trigger. */
	readonly nodeName?: string;
	/** Further fields. */
	readonly parameters?: Readonly<Record<string, unknown>>;
	/** Of the trigger's webhook, and its id in the workflow. */
	readonly webhookId?: string;
}

/**
 * Saves a workflow that begins with the trigger, and replaces one of the same name.
 *
 * @returns its id
 */
export async function saveTriggerWorkflow(
	api: N8nApi,
	{
		name,
		devices,
		event,
		openGatewayApi: credential,
		nodeName = 'Trigger',
		parameters = {},
		webhookId = randomUUID(),
	}: TriggerWorkflow,
): Promise<string> {
	return await api.saveWorkflow({
		name,
		nodes: [
			{
				id: webhookId,
				name: nodeName,
				type: 'n8n-nodes-open-gateway.openGatewayRoamingTrigger',
				typeVersion: 2,
				position: [0, 0],
				webhookId,
				parameters: { event, devices: devices.join('\n'), ...parameters },
				credentials: { openGatewayApi: credential },
			},
			{
				id: 'after',
				name: 'After',
				type: 'n8n-nodes-base.noOp',
				typeVersion: 1,
				position: [200, 0],
				parameters: {},
			},
		],
		connections: { [nodeName]: { main: [[{ node: 'After', type: 'main', index: 0 }]] } },
		settings: { executionOrder: 'v1' },
	});
}

/** Waits for this many executions of a workflow, and returns the items of each, the oldest first. */
export async function itemsOfRuns(
	{ api }: RealN8n,
	workflowId: string,
	count: number,
	timeoutMs = 30_000,
): Promise<ReadonlyArray<Readonly<Record<string, unknown>>>> {
	const deadline = Date.now() + timeoutMs;
	let found = await api.executions(workflowId);
	while (found.length < count && Date.now() < deadline) {
		await sleep(100);
		found = await api.executions(workflowId);
	}
	const ids = found.map(({ id }) => id).sort((a, b) => Number(a) - Number(b));
	const runs = [];
	for (const id of ids) runs.push(await api.finishedExecution(id));
	return runs.flatMap((run) => run.itemsOf('After'));
}

/** Waits until `condition` holds. */
export async function until(
	what: string,
	condition: () => Promise<boolean>,
	timeoutMs = 30_000,
): Promise<void> {
	const deadline = Date.now() + timeoutMs;
	while (!(await condition())) {
		if (Date.now() > deadline) throw new Error(`${what}: not after ${timeoutMs / 1000} s`);
		await sleep(100);
	}
}

/** The subscriptions that have not ended. */
export async function activeSubscriptions(sandbox: RunningSandbox) {
	const all = await sandbox.subscriptions();
	return all.filter(({ status }) => status === 'ACTIVE' || status === 'ACTIVATION_REQUESTED');
}
