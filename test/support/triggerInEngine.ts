import { randomUUID } from 'node:crypto';
import { HookContext, TriggerContext } from 'n8n-core';
import {
	LoggerProxy,
	NodeHelpers,
	Workflow,
	type ICredentialDataDecryptedObject,
	type INode,
	type INodeParameters,
	type INodeType,
	type INodeTypes,
	type IWebhookData,
	type IWorkflowExecuteAdditionalData,
	type WorkflowActivateMode,
} from 'n8n-workflow';
import { OpenGatewayRoamingTrigger } from '../../nodes/OpenGateway/OpenGatewayRoamingTrigger.node';
import { keeper } from '../../nodes/OpenGateway/triggers/byEvents/lifecycle';
import { StoredCredential } from './engine';

/** The trigger in the contexts that n8n's core gives it when a workflow is published. */
export interface TriggerInEngine {
	/** Of its webhook. */
	readonly address: string;
	/** Calls `checkExists` and `create` as n8n does. */
	publish(mode?: WorkflowActivateMode): Promise<void>;
	/** Calls `delete`. */
	unpublish(): Promise<void>;
	/** The clock of a trigger that n8n starts in this mode. */
	clock(mode?: WorkflowActivateMode): ReturnType<typeof keeper>;
	/** What it has logged. */
	readonly logged: unknown[][];
	/** The same workflow in another process that knows nothing yet, such as after a restart. */
	credential: ICredentialDataDecryptedObject;
	parameters: INodeParameters;
	webhookBaseUrl: string;
}

/** Nothing listens there. */
const WEBHOOKS = 'http://127.0.0.1:9/webhook';

export function triggerInEngine(
	credential: ICredentialDataDecryptedObject,
	parameters: INodeParameters,
): TriggerInEngine {
	const logged: unknown[][] = [];
	const log = (...words: unknown[]) => void logged.push(words);
	const type = new OpenGatewayRoamingTrigger();
	const ids = { workflow: randomUUID(), node: randomUUID(), webhook: randomUUID() };
	const staticData = {};

	/** A workflow of its own for each call, as n8n loads it. */
	function load() {
		LoggerProxy.init({ error: log, warn: log, info: log, debug: log });
		const node: INode = {
			...{ id: ids.node, webhookId: ids.webhook, name: 'Trigger', typeVersion: 2 },
			...{ type: 'openGatewayRoamingTrigger', position: [0, 0] as [number, number] },
			parameters: engine.parameters,
			credentials: { openGatewayApi: { id: 'credential', name: 'Operator' } },
		};
		const nodeTypes = {
			getByName: () => type,
			getByNameAndVersion: () => NodeHelpers.getVersionedNodeType(type as INodeType),
			getKnownTypes: () => ({}),
		} as unknown as INodeTypes;
		const workflow = new Workflow({
			...{ id: ids.workflow, nodes: [node], connections: {}, active: true, nodeTypes, staticData },
		});
		const data = {
			credentialsHelper: new StoredCredential(engine.credential),
			variables: {},
			webhookBaseUrl: engine.webhookBaseUrl,
			webhookTestBaseUrl: engine.webhookBaseUrl.replace('/webhook', '/webhook-test'),
		} as unknown as IWorkflowExecuteAdditionalData;
		return { workflow, node: workflow.getNode('Trigger')!, data };
	}

	function hooks(mode: WorkflowActivateMode): HookContext {
		const { workflow, node, data } = load();
		const isTest = mode === 'manual';
		const webhook = { isTest, webhookDescription: type.description.webhooks![0] };
		return new HookContext(
			workflow,
			node,
			data,
			isTest ? 'manual' : 'trigger',
			mode,
			webhook as IWebhookData,
		);
	}

	const engine: TriggerInEngine = {
		get address() {
			return `${engine.webhookBaseUrl}/${ids.webhook}/roaming`;
		},
		async publish(mode = 'activate') {
			const { checkExists, create } = type.webhookMethods.default;
			if (!(await checkExists.call(hooks(mode)))) await create.call(hooks(mode));
		},
		async unpublish() {
			await type.webhookMethods.default.delete.call(hooks('update'));
		},
		clock(mode = 'init') {
			const { workflow, node, data } = load();
			return keeper(new TriggerContext(workflow, node, data, 'trigger', mode));
		},
		logged,
		credential,
		parameters,
		webhookBaseUrl: WEBHOOKS,
	};
	return engine;
}
