import { deleteSubscription } from '../../subscriptions';
import {
	descriptionFor,
	prepareFor,
	readSubscriptionId,
	subscriptionId,
} from './subscriptionOperation';

export const description = descriptionFor('delete', [subscriptionId]);

export const prepare = prepareFor(async (subscriber, field, transport) => {
	await deleteSubscription(subscriber, readSubscriptionId(field), transport);
	return { deleted: true };
});
