import type { SubscriptionType } from '../../apis/roamingSubscription';
import { asObject } from '../../json';
import { createSubscription } from '../../subscriptions';
import { namedDescription } from '../identifier';
import { descriptionFor, invalidField, prepareFor } from './subscriptionOperation';
import { parseSink, parseSinkToken } from './sink';

const HOUR = 3_600_000;

const events: ReadonlyArray<{ name: string; value: SubscriptionType; description: string }> = [
	{
		name: 'Country Changed',
		value: 'roaming-change-country',
		description: 'The device went from one foreign country to another',
	},
	{
		name: 'Roaming Started',
		value: 'roaming-on',
		description: 'The device left the network of its operator. The event names no country.',
	},
	{
		name: 'Roaming Stopped',
		value: 'roaming-off',
		description: 'The device returned to the network of its operator',
	},
	{
		name: 'Status Changed',
		value: 'roaming-status',
		description: 'Roaming started or stopped. The event may name the country.',
	},
];

export const description = descriptionFor(
	'create',
	[
		{
			displayName: 'Event',
			name: 'type',
			type: 'options',
			options: [...events],
			default: 'roaming-status',
		},
		{
			displayName: 'Sink',
			name: 'sink',
			type: 'string',
			required: true,
			default: '',
			placeholder: 'e.g. https://your-n8n/webhook/roaming-events',
			description: 'Address to which the operator sends the events: the URL of your webhook',
		},
	],
	namedDescription,
	[
		{
			displayName: 'Expires After (Hours)',
			name: 'expiresAfter',
			type: 'number',
			typeOptions: { minValue: 1, maxValue: 8760 },
			default: 168,
			description: 'When the subscription ends by itself. Without it, the operator decides.',
		},
		{
			displayName: 'Initial Event',
			name: 'initialEvent',
			type: 'boolean',
			default: false,
			description: 'Whether the present status is sent at once',
		},
		{
			displayName: 'Max Events',
			name: 'maxEvents',
			type: 'number',
			typeOptions: { minValue: 1 },
			default: 1,
			description: 'How many events the operator sends before the subscription ends',
		},
		{
			displayName: 'Sink Token',
			name: 'sinkToken',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			description:
				'Bearer token that the operator sends with each event, so that your webhook knows who calls it',
		},
	],
);

/** The subscription as the operator has it; every field is always there. */
export const prepare = prepareFor(async (subscriber, field, transport) => {
	const { expiresAfter, initialEvent, maxEvents, sinkToken } = asObject(field('options'));
	const known = events.find(({ value }) => value === field('type'));
	if (!known) throw invalidField("'Event' has no valid value.", 'Select it again.');
	const subscription = {
		type: known.value,
		sink: parseSink(field('sink')),
		sinkToken: parseSinkToken(sinkToken),
		...(expiresAfter !== undefined && { expiresAt: Date.now() + hours(expiresAfter) }),
		...(maxEvents !== undefined && { maxEvents: count(maxEvents) }),
		...(initialEvent === true && { initialEvent }),
	};
	return { ...(await createSubscription(subscriber, subscription, transport)) };
});

function hours(value: unknown): number {
	const read = Number(value);
	if (read > 0 && read <= 8760) return read * HOUR;
	throw invalidField("'Expires After (Hours)' is not a number up to 8760.");
}

function count(value: unknown): number {
	const read = Number(value);
	if (Number.isInteger(read) && read > 0) return read;
	throw invalidField("'Max Events' is not a whole number from 1.");
}
