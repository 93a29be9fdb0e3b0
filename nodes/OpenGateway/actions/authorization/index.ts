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
				action: 'Create authorization URL',
				description: 'Create the URL that a phone opens to be recognised by its operator',
			},
		],
		default: 'createUrl',
	},
	...createUrl.description,
];
