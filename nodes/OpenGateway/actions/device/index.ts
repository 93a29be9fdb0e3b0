import type { INodeProperties } from 'n8n-workflow';
import * as checkRoaming from './checkRoaming.operation';

export const operations = { checkRoaming };

export const description: INodeProperties[] = [
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: ['device'] } },
		options: [
			{
				name: 'Check Roaming',
				value: 'checkRoaming',
				action: 'Check device roaming',
				description: 'Ask the operator whether a device is roaming, and in which country',
			},
		],
		default: 'checkRoaming',
	},
	...checkRoaming.description,
];
