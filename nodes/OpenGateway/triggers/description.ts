import type { INodeProperties } from 'n8n-workflow';
import * as identifier from '../actions/identifier';
import { optionsWith } from '../actions/options';
import type { RoamingChange } from './roamingEvent';

/** How the trigger finds out, by the values of 'Find Out By'. */
export type Detection = 'automatic' | 'events' | 'asking';

const changes: ReadonlyArray<{ name: string; value: RoamingChange; description: string }> = [
	{
		name: 'Any Status Event',
		value: 'status',
		description: 'Roaming started or stopped: one event for both, whose field roaming tells which',
	},
	{
		name: 'Country Changed',
		value: 'countryChanged',
		description: 'A device went from one foreign country to another',
	},
	{
		name: 'Roaming Started',
		value: 'started',
		description: 'A device left the network of its operator',
	},
	{
		name: 'Roaming Stopped',
		value: 'stopped',
		description: 'A device returned to the network of its operator',
	},
];

/** The fields of the trigger. */
export const description: INodeProperties[] = [
	{
		displayName: 'Trigger On',
		name: 'event',
		type: 'multiOptions',
		required: true,
		noDataExpression: true,
		options: [...changes],
		default: ['started'],
	},
	{
		displayName: 'Identify Devices By',
		name: 'identifierType',
		type: 'options',
		noDataExpression: true,
		options: identifier.kinds,
		default: 'phoneNumber',
		description: 'How the operator is told which devices are meant',
	},
	{
		displayName: 'Devices',
		name: 'devices',
		type: 'string',
		typeOptions: { rows: 4 },
		required: true,
		default: '',
		placeholder: 'e.g. +34600123456, +34600123457',
		description:
			'One on each line, or with commas between them; or an expression for a list. A port follows an IPv4 address after a colon: 80.90.34.2:16790.',
	},
	{
		displayName: 'Find Out By',
		name: 'detectBy',
		type: 'options',
		noDataExpression: true,
		options: [
			{
				name: 'Asking',
				value: 'asking',
				description: 'The node asks at intervals, and compares. Every operator supports it.',
			},
			{
				name: 'Automatic',
				value: 'automatic',
				description: 'By events if the operator sends them, else by asking',
			},
			{
				name: 'Events',
				value: 'events',
				description: 'The operator calls n8n, which must be reachable for it over HTTPS',
			},
		],
		default: 'automatic',
	},
	{
		displayName: 'Ask Every (Minutes)',
		name: 'interval',
		type: 'number',
		typeOptions: { minValue: 1, maxValue: 1440 },
		displayOptions: { hide: { detectBy: ['events'] } },
		default: 15,
		description: 'How long to wait before all devices are asked about again',
	},
	{
		displayName:
			"By asking, nothing arrives while the editor listens for a test event: publish the workflow, or see the devices' present status with Check Roaming.",
		name: 'askingNotice',
		type: 'notice',
		displayOptions: { hide: { detectBy: ['events'] } },
		default: '',
	},
	optionsWith(
		{
			displayName: 'Initial Status',
			name: 'initialStatus',
			type: 'boolean',
			default: false,
			description:
				'Whether to start the workflow with the present status of each device, too, when it is published',
		},
		{
			displayName: 'Subscription Events',
			name: 'lifecycleEvents',
			type: 'boolean',
			displayOptions: { hide: { '/detectBy': ['asking'] } },
			default: false,
			description:
				'Whether to start the workflow when the operator starts, updates or ends a subscription, too',
		},
		{
			displayName: 'Subscription Lifetime (Hours)',
			name: 'subscriptionLifetime',
			type: 'number',
			typeOptions: { minValue: 1, maxValue: 8760 },
			displayOptions: { hide: { '/detectBy': ['asking'] } },
			default: 168,
			description:
				'When a subscription ends by itself, if n8n is no longer there to renew or to delete it',
		},
	),
];
