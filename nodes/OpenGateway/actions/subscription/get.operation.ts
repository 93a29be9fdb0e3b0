import { getSubscription } from '../../subscriptions';
import {
	descriptionFor,
	prepareForOwner,
	readSubscriptionId,
	subscriptionId,
} from './subscriptionOperation';

export const description = descriptionFor('get', [subscriptionId]);

/** The subscription as the operator has it; every field is always there. */
export const prepare = prepareForOwner(async (subscriber, field, transport) => ({
	...(await getSubscription(subscriber, readSubscriptionId(field), transport)),
}));
