import { randomUUID } from 'node:crypto';
import { HookContext, TriggerContext } from 'n8n-core';
import type {
	ICredentialDataDecryptedObject,
	INodeParameters,
	IWebhookData,
	WorkflowActivateMode,
} from 'n8n-workflow';
import { keeper } from '../../nodes/OpenGateway/triggers/byEvents/lifecycle';
import { loadedTrigger, triggerType } from './loadedTrigger';

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
	/** What the workflow has from now on. */
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
	const ids = { workflowId: randomUUID(), webhookId: randomUUID() };
	const staticData = {};

	/** A workflow of its own for each call, as n8n loads it. */
	function load() {
		const { parameters, credential, webhookBaseUrl } = engine;
		return loadedTrigger({ parameters, credential, webhookBaseUrl, staticData, ...ids });
	}

	function hooks(mode: WorkflowActivateMode): HookContext {
		const { workflow, node, data } = load();
		const isTest = mode === 'manual';
		const webhook = { isTest, webhookDescription: triggerType.description.webhooks![0] };
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
			return `${engine.webhookBaseUrl}/${ids.webhookId}/roaming`;
		},
		async publish(mode = 'activate') {
			const { checkExists, create } = triggerType.webhookMethods.default;
			if (!(await checkExists.call(hooks(mode)))) await create.call(hooks(mode));
		},
		async unpublish() {
			await triggerType.webhookMethods.default.delete.call(hooks('update'));
		},
		clock(mode = 'init') {
			const { workflow, node, data } = load();
			const context = new TriggerContext(workflow, node, data, 'trigger', mode);
			jest.spyOn(context.logger, 'warn').mockImplementation(log);
			return keeper(context);
		},
		logged,
		credential,
		parameters,
		webhookBaseUrl: WEBHOOKS,
	};
	return engine;
}
