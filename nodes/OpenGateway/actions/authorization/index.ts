import type { INodeProperties } from 'n8n-workflow';
import * as createUrl from './createUrl.operation';

export const operations = { createUrl };

export const description: INodeProperties[] = [
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: ['authorization'] } },
		options: [
			{
				name: 'Create Authorization URL',
				value: 'createUrl',
				action: 'Create an authorization URL',
				description: 'Where to send a phone, so that its operator recognises the line',
			},
		],
		default: 'createUrl',
	},
	...createUrl.description,
];
