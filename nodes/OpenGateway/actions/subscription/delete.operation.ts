import { deleteSubscription } from '../../subscriptions';
import {
	descriptionFor,
	prepareForOwner,
	readSubscriptionId,
	subscriptionId,
} from './subscriptionOperation';

export const description = descriptionFor('delete', [subscriptionId]);

export const prepare = prepareForOwner(async (subscriber, field, transport) => {
	await deleteSubscription(subscriber, readSubscriptionId(field), transport);
	return { deleted: true };
});
