import type { INodeProperties } from 'n8n-workflow';
import * as create from './create.operation';
import * as remove from './delete.operation';
import * as get from './get.operation';
import * as getAll from './getAll.operation';

export const operations = { create, delete: remove, get, getAll };

export const description: INodeProperties[] = [
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: ['subscription'] } },
		options: [
			{
				name: 'Create',
				value: 'create',
				action: 'Create a subscription',
				description: 'Have the operator tell your webhook of changes of a device’s roaming status',
			},
			{
				name: 'Delete',
				value: 'delete',
				action: 'Delete a subscription',
				description: 'Have the operator send nothing more',
			},
			{
				name: 'Get',
				value: 'get',
				action: 'Get a subscription',
				description: 'Read a subscription and its state',
			},
			{
				name: 'Get Many',
				value: 'getAll',
				action: 'Get many subscriptions',
				description: 'List the subscriptions of the application, or of one device',
			},
		],
		default: 'getAll',
	},
	...create.description,
	...remove.description,
	...get.description,
	...getAll.description,
];
