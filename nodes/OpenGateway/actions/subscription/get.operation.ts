import { getSubscription } from '../../subscriptions';
import {
	descriptionFor,
	prepareFor,
	readSubscriptionId,
	subscriptionId,
} from './subscriptionOperation';

export const description = descriptionFor('get', [subscriptionId]);

/** The subscription as the operator has it; every field is always there. */
export const prepare = prepareFor(async (subscriber, field, transport) => ({
	...(await getSubscription(subscriber, readSubscriptionId(field), transport)),
}));
