/** CAMARA Device Roaming Status Subscriptions, as far as its versions differ. */

/** Begins the type of every event, and the scopes to create. */
export const TYPE_PREFIX = 'org.camaraproject.device-roaming-status-subscriptions.v0.';

/** What a subscription is for: the ends of the types. */
export const eventNames = [
	'roaming-status',
	'roaming-on',
	'roaming-off',
	'roaming-change-country',
] as const;

export type EventName = (typeof eventNames)[number];

/** The events about a subscription itself: the ends of their types; absent if none is sent. */
export interface Version {
	readonly started?: string;
	readonly updated?: string;
	readonly ended: string;
}

export const v07: Version = { ended: 'subscription-ends' };

export const v08: Version = {
	started: 'subscription-started',
	updated: 'subscription-updated',
	ended: 'subscription-ended',
};

const API = 'device-roaming-status-subscriptions';

export const createScope = (event: EventName) => `${API}:${TYPE_PREFIX}${event}:create`;
export const READ_SCOPE = `${API}:read`;
export const DELETE_SCOPE = `${API}:delete`;

/** Where an operator offers subscriptions. */
export interface SubscriptionsApi {
	/** Below the operator's path. */
	readonly path: string;
	readonly version: Version;
	/** The applications are registered for all of them. */
	readonly scopes: readonly string[];
}

/** @param prefix of the path, e.g. `/device-status` */
export function subscriptionsAt(segment: string, version: Version, prefix = ''): SubscriptionsApi {
	return {
		path: `${prefix}/${API}/${segment}/subscriptions`,
		version,
		scopes: [...eventNames.map(createScope), READ_SCOPE, DELETE_SCOPE],
	};
}
