import {
	NodeConnectionTypes,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
} from 'n8n-workflow';
import * as authorization from './actions/authorization';
import * as device from './actions/device';
import { router } from './actions/router';
import * as subscription from './actions/subscription';
import { openGatewayApiTest } from './methods/credentialTest';

export class OpenGatewayDeviceStatus implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Open Gateway Device Status',
		name: 'openGatewayDeviceStatus',
		icon: { light: 'file:openGateway.svg', dark: 'file:openGateway.dark.svg' },
		group: ['transform'],
		version: 1,
		subtitle:
			'={{ ({ checkRoaming: "Check Roaming", createUrl: "Create Authorization URL", create: "Create Subscription", delete: "Delete Subscription", get: "Get Subscription", getAll: "Get Many Subscriptions" })[$parameter["operation"]] }}',
		description:
			'Ask mobile operators through GSMA Open Gateway (CAMARA) whether a device is roaming, and in which country',
		defaults: { name: 'Open Gateway Device Status' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [
			{
				name: 'openGatewayApi',
				required: true,
				testedBy: 'openGatewayApiTest',
				displayOptions: { show: { authentication: ['application'] } },
			},
			{
				name: 'openGatewayOAuth2Api',
				required: true,
				displayOptions: { show: { authentication: ['oAuth2'] } },
			},
		],
		properties: [
			{
				displayName: 'Authentication',
				name: 'authentication',
				type: 'options',
				options: [
					{
						name: 'Application (Any Device)',
						value: 'application',
						description: 'The application that you registered with the operator',
					},
					{
						name: 'Sign-In (One Device, OAuth2)',
						value: 'oAuth2',
						description: 'The phone whose owner connected the credential',
					},
				],
				default: 'application',
			},
			{
				displayName: 'Resource',
				name: 'resource',
				type: 'options',
				noDataExpression: true,
				options: [
					{ name: 'Authorization', value: 'authorization' },
					{ name: 'Device', value: 'device' },
					{ name: 'Subscription', value: 'subscription' },
				],
				default: 'device',
			},
			...authorization.description,
			...device.description,
			...subscription.description,
		],
	};

	methods = { credentialTest: { openGatewayApiTest } };

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await router.call(this);
	}
}
