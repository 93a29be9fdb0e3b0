import {
	NodeConnectionTypes,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
} from 'n8n-workflow';
import * as device from './actions/device';
import { router } from './actions/router';
import { openGatewayApiTest } from './gateway/credentialTest';

export class OpenGatewayDeviceStatus implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Open Gateway Device Status',
		name: 'openGatewayDeviceStatus',
		icon: { light: 'file:openGateway.svg', dark: 'file:openGateway.dark.svg' },
		group: ['transform'],
		version: 1,
		subtitle: '={{ $parameter["operation"] + ": " + $parameter["identifierType"] }}',
		description:
			'Ask mobile operators through GSMA Open Gateway (CAMARA) whether a device is roaming, and in which country',
		defaults: { name: 'Open Gateway Device Status' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'openGatewayApi', required: true, testedBy: 'openGatewayApiTest' }],
		properties: [
			{
				displayName: 'Resource',
				name: 'resource',
				type: 'options',
				noDataExpression: true,
				options: [{ name: 'Device', value: 'device' }],
				default: 'device',
			},
			...device.description,
		],
	};

	methods = { credentialTest: { openGatewayApiTest } };

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await router.call(this);
	}
}
