import type { RoamingStatus } from '../apis/roamingStatus';
import type { Device } from '../device';

/** The changes that a workflow can start from, by the values of 'Trigger On'. */
export type RoamingChange = 'started' | 'stopped' | 'countryChanged' | 'status';

/** The events in the life of a subscription, which an option adds to the output. */
export type LifecycleEvent = 'subscriptionStarted' | 'subscriptionUpdated' | 'subscriptionEnded';

/** The output of the trigger, by whichever way it found out; every field is always there. */
export interface RoamingEvent extends Omit<RoamingStatus, 'roaming' | 'lastStatusTime'> {
	event: RoamingChange | LifecycleEvent;
	/** `null` if only the operator knows it. */
	device: Device | null;
	/** `null` in the life of a subscription. */
	roaming: boolean | null;
	/** What was known before; `null` if nothing was, as always with events. */
	previous: KnownStatus | null;
	/** When it happened, as far as the operator tells, or else was found out (RFC 3339). */
	time: string;
	/** `null` by asking. */
	subscriptionId: string | null;
	/** `id` of the CloudEvent; `null` by asking. */
	eventId: string | null;
}

/** A status as it is remembered. */
export interface KnownStatus {
	roaming: boolean;
	/** ISO 3166-1 alpha-2; `null` if the operator does not tell. */
	country: string | null;
}
