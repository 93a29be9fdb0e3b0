import type { SubscriptionType } from '../../apis/roamingSubscription';
import type { RoamingChange } from '../roamingEvent';

/** The types of the subscriptions that tell of the chosen changes, each change by one of them. */
export function typesFor(changes: ReadonlySet<RoamingChange>): SubscriptionType[] {
	const started = changes.has('started');
	const stopped = changes.has('stopped');
	const types: SubscriptionType[] = [];
	if (changes.has('status') || (started && stopped)) types.push('roaming-status');
	else if (started) types.push('roaming-on');
	else if (stopped) types.push('roaming-off');
	if (changes.has('countryChanged')) types.push('roaming-change-country');
	return types;
}

/**
 * The change as the workflow sees it.
 * @param type of the event that tells of it
 * @returns `undefined` if nobody chose it
 */
export function changeIn(
	type: SubscriptionType,
	roaming: boolean,
	changes: ReadonlySet<RoamingChange>,
): RoamingChange | undefined {
	const possible: RoamingChange[] =
		type === 'roaming-change-country'
			? ['countryChanged']
			: [roaming ? 'started' : 'stopped', 'status'];
	return possible.find((change) => changes.has(change));
}
