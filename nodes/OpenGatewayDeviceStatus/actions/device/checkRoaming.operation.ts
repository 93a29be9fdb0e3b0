import {
	updateDisplayOptions,
	type IDataObject,
	type IExecuteFunctions,
	type INodeProperties,
} from 'n8n-workflow';
import { parseApplication } from '../../gateway/application';
import { checkRoaming } from '../../gateway/gateway';
import { n8nHost } from '../../gateway/host';
import * as identifier from './identifier';

export const description: INodeProperties[] = updateDisplayOptions(
	{ show: { resource: ['device'], operation: ['checkRoaming'] } },
	[
		...identifier.description,
		{
			displayName: 'Options',
			name: 'options',
			type: 'collection',
			placeholder: 'Add option',
			default: {},
			options: identifier.options,
		},
	],
);

/** The device and its roaming status; every field is always there. */
export async function execute(this: IExecuteFunctions, itemIndex: number): Promise<IDataObject> {
	const device = identifier.readDevice(this, itemIndex);
	const credential = await this.getCredentials('openGatewayApi', itemIndex);
	const status = await checkRoaming(
		parseApplication(credential),
		device,
		n8nHost(this, credential),
	);
	return { device, ...status };
}
