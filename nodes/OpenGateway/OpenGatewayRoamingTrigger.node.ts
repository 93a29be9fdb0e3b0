import {
	NodeConnectionTypes,
	type IExecuteFunctions,
	type IHookFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
	type ITriggerFunctions,
	type ITriggerResponse,
	type IWebhookFunctions,
	type IWebhookResponseData,
} from 'n8n-workflow';
import { openGatewayApiTest } from './methods/credentialTest';
import { receive } from './triggers/byEvents/notification';
import { hasSubscriptions, subscribe, unsubscribe } from './triggers/byEvents/lifecycle';
import { watch } from './triggers/clock';
import { description } from './triggers/description';

export class OpenGatewayRoamingTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Open Gateway Roaming Trigger',
		name: 'openGatewayRoamingTrigger',
		icon: { light: 'file:openGateway.svg', dark: 'file:openGateway.dark.svg' },
		group: ['trigger'],
		// Of a trigger of version 1, n8n reads the body before the sender is authenticated.
		version: 2,
		subtitle: '={{ $parameter["event"].join(", ") }}',
		description:
			'Start a workflow when a device starts or stops roaming, or changes the country, as its mobile operator tells through GSMA Open Gateway (CAMARA)',
		defaults: { name: 'Open Gateway Roaming Trigger' },
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'openGatewayApi', required: true, testedBy: 'openGatewayApiTest' }],
		webhooks: [
			{
				name: 'default',
				httpMethod: 'POST',
				path: 'roaming',
				responseMode: 'onReceived',
				responseCode: '={{ 204 }}',
				// So that n8n reads the `webhookResponse` of what `webhook` returned.
				responseData: '',
			},
		],
		properties: description,
	};

	methods = { credentialTest: { openGatewayApiTest } };

	webhookMethods = {
		default: {
			checkExists: async function (this: IHookFunctions): Promise<boolean> {
				return await hasSubscriptions.call(this);
			},
			create: async function (this: IHookFunctions): Promise<boolean> {
				return await subscribe.call(this);
			},
			delete: async function (this: IHookFunctions): Promise<boolean> {
				return await unsubscribe.call(this);
			},
		},
	};

	/** An operator's event has come in. */
	async webhook(this: IWebhookFunctions): Promise<IWebhookResponseData> {
		return await receive.call(this);
	}

	/** Looks after the subscriptions, or asks at intervals. */
	async trigger(this: ITriggerFunctions): Promise<ITriggerResponse> {
		return await watch.call(this);
	}

	/** Passes on what a test event brought in. */
	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return [this.getInputData()];
	}
}
