import { listSubscriptions } from '../../subscriptions';
import { descriptionFor, invalidField, prepareForOwner } from './subscriptionOperation';

export const description = descriptionFor('getAll', [
	{
		displayName: 'Return All',
		name: 'returnAll',
		type: 'boolean',
		default: false,
		description: 'Whether to return all results or only up to a given limit',
	},
	{
		displayName: 'Limit',
		name: 'limit',
		type: 'number',
		typeOptions: { minValue: 1 },
		displayOptions: { show: { returnAll: [false] } },
		default: 50,
		description: 'Max number of results to return',
	},
]);

/** One item for each subscription; every field is always there. */
export const prepare = prepareForOwner(async (subscriber, field, transport) => {
	const limit = field('returnAll') === true ? Infinity : Number(field('limit'));
	if (!(limit >= 1)) throw invalidField("'Limit' is not a number from 1.");
	const subscriptions = await listSubscriptions(subscriber, transport, limit);
	return subscriptions.map((subscription) => ({ ...subscription }));
});
