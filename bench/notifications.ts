/** Events that come in at this package's trigger, beside the same calls of n8n's own Webhook node. */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import axios from 'axios';
import type { N8nApi, WorkflowNode } from '../localN8n/n8nApi';
import { applications } from '../sandbox/applications';
import type { RunningSandbox } from '../sandbox/client';

export interface Notified {
	readonly variant: string;
	/** From the first call to the end of the last execution, of each round (ms). */
	readonly ms: readonly number[];
	/** Calls that were answered as they should be, and executions, in the worst round. */
	readonly answered: number;
	readonly executions: number;
}

const DEVICE = '+4915112345600';
/** Calls at the same time. */
export const EVENTS_AT_ONCE = 50;
/** Of the Webhook node, which authenticates its callers, too. */
const TOKEN = 'made-up-token-of-the-benchmark';

interface Receiver {
	readonly variant: string;
	readonly workflowId: string;
	readonly url: string;
	readonly token: string;
}

/** Runs both in turn, in one n8n. */
export async function notifications(
	{ url, api }: { readonly url: string; readonly api: N8nApi },
	operator: RunningSandbox,
	count: number,
	rounds: number,
): Promise<Notified[]> {
	const receivers = [await webhookNode(url, api), await trigger(api, operator)];
	const results = receivers.map((receiver) => ({ receiver, runs: [] as Round[] }));
	for (const receiver of receivers) await round(api, receiver, 200);
	for (let at = 0; at < rounds; at++) {
		for (const { receiver, runs } of results) runs.push(await round(api, receiver, count));
	}
	await api.deactivate(receivers[1]!.workflowId);
	return results.map(({ receiver: { variant }, runs }) => ({
		variant,
		ms: runs.map(({ ms }) => ms),
		answered: Math.min(...runs.map(({ answered }) => answered)),
		executions: Math.min(...runs.map(({ executions }) => executions)),
	}));
}

interface Round {
	readonly ms: number;
	readonly answered: number;
	readonly executions: number;
}

async function round(api: N8nApi, receiver: Receiver, count: number): Promise<Round> {
	const { workflowId, url, token } = receiver;
	const before = await api.executionCount(workflowId);
	const headers = {
		authorization: `Bearer ${token}`,
		'content-type': 'application/cloudevents+json',
	};
	const bodies = Array.from({ length: count }, event);
	let answered = 0;
	const waiting = bodies.values();
	const caller = async () => {
		for (const body of waiting) {
			const { status } = await axios.post(url, body, {
				headers,
				proxy: false,
				validateStatus: () => true,
			});
			if (status === 204) answered++;
		}
	};
	const started = performance.now();
	await Promise.all(Array.from({ length: EVENTS_AT_ONCE }, caller));
	const unfinished = async () => await api.executions(workflowId, ['new', 'running']);
	while ((await unfinished()).length > 0) await sleep(20);
	const ms = performance.now() - started;
	return { ms, answered, executions: (await api.executionCount(workflowId)) - before };
}

/** An event that no other repeats, by its id. */
function event(): string {
	return JSON.stringify({
		...{ id: randomUUID(), source: 'https://operator.example.com', specversion: '1.0' },
		time: '2026-01-01T00:00:00Z',
		type: 'org.camaraproject.device-roaming-status-subscriptions.v0.roaming-status',
		data: { subscriptionId: 'a', roaming: true, countryCode: 208, countryName: ['FR'] },
	});
}

async function webhookNode(url: string, api: N8nApi): Promise<Receiver> {
	const variant = 'Webhook node';
	const httpHeaderAuth = await api.saveCredential({
		name: variant,
		type: 'httpHeaderAuth',
		data: { name: 'Authorization', value: `Bearer ${TOKEN}` },
	});
	const workflowId = await saved(api, {
		name: variant,
		type: 'n8n-nodes-base.webhook',
		typeVersion: 2,
		webhookId: 'notifications',
		parameters: {
			httpMethod: 'POST',
			path: 'notifications',
			authentication: 'headerAuth',
			responseMode: 'onReceived',
			options: { responseCode: { values: { responseCode: 204 } }, noResponseBody: true },
		},
		credentials: { httpHeaderAuth },
	});
	return { variant, workflowId, url: `${url}/webhook/notifications`, token: TOKEN };
}

async function trigger(api: N8nApi, operator: RunningSandbox): Promise<Receiver> {
	const variant = 'This trigger';
	const baseUrl = operator.baseUrls.camara;
	const openGatewayApi = await api.saveCredential({
		name: variant,
		type: 'openGatewayApi',
		data: {
			...{ operator: 'camara', apiVersion: 'v1', baseUrl, ...applications.roaming },
			authorizationGrant: 'clientCredentials',
			camaraClientAuthentication: 'clientSecretBasic',
			tokenUrl: `${baseUrl}/token`,
			purpose: 'FraudPreventionAndDetection',
		},
	});
	const workflowId = await saved(api, {
		name: variant,
		type: 'n8n-nodes-open-gateway.openGatewayRoamingTrigger',
		typeVersion: 2,
		webhookId: randomUUID(),
		parameters: { event: ['started', 'stopped'], devices: DEVICE },
		credentials: { openGatewayApi },
	});
	let delivery;
	while (!delivery) {
		await sleep(100);
		delivery = (await operator.deliveries()).find(({ outcome }) => outcome === 'delivered');
	}
	const token = delivery.headers.authorization!.replace('Bearer ', '');
	return { variant, workflowId, url: delivery.url, token };
}

async function saved(api: N8nApi, node: WorkflowNode): Promise<string> {
	const after = { name: 'After', type: 'n8n-nodes-base.noOp', typeVersion: 1, parameters: {} };
	const id = await api.saveWorkflow({
		name: node.name,
		nodes: [node, after].map((one, at) => ({
			...one,
			id: `notifications-${at}`,
			position: [at * 220, 0],
		})),
		connections: { [node.name]: { main: [[{ node: 'After', type: 'main', index: 0 }]] } },
		settings: { executionOrder: 'v1', saveDataSuccessExecution: 'all' },
	});
	await api.activate(id);
	return id;
}
