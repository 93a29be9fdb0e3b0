/** How operators treat subscriptions. */
export interface SubscriptionSettings {
	/** The list's form: an array, or with pagination as from v0.9. */
	list: 'v0.8' | 'v0.9';
	/** Most subscriptions on a page of a list with pagination. */
	perPage: number;
	/** Whether creations and deletions are accepted first (HTTP 202) and carried out later. */
	asynchronous: boolean;
	/** Longest lifetime that is granted (s); Infinity if there is no limit. */
	maxLifetimeS: number;
	/** Number of creations that are still granted; all that follow are refused. */
	refuseAfter: number;
	/** The status of these refusals. */
	refuseWith: 403 | 429 | 503;
	/** Whether `roaming-status` events tell the country. */
	carriesCountry: boolean;
	/** Number of coming attempts to deliver that find no connection. */
	failDeliveries: number;
}

const defaults: SubscriptionSettings = {
	list: 'v0.8',
	perPage: 100,
	asynchronous: false,
	maxLifetimeS: Infinity,
	refuseAfter: Infinity,
	refuseWith: 503,
	carriesCountry: true,
	failDeliveries: 0,
};

/** A copy, because two of the settings count down. */
export const defaultSubscriptionSettings = (): SubscriptionSettings => ({ ...defaults });

const whole =
	(least: number, most = Number.MAX_SAFE_INTEGER) =>
	(value: unknown) =>
		Number.isInteger(value) && Number(value) >= least && Number(value) <= most;
const oneOf =
	(...values: unknown[]) =>
	(value: unknown) =>
		values.includes(value);

const allowed: Record<keyof SubscriptionSettings, (value: unknown) => boolean> = {
	list: oneOf('v0.8', 'v0.9'),
	perPage: whole(1, 100),
	asynchronous: oneOf(true, false),
	maxLifetimeS: whole(1),
	refuseAfter: whole(0),
	refuseWith: oneOf(403, 429, 503),
	carriesCountry: oneOf(true, false),
	failDeliveries: whole(0),
};

/** @returns the settings, completed by their defaults; `undefined` if a name or a value is not allowed */
export function subscriptionSettingsSent(sent: unknown): SubscriptionSettings | undefined {
	if (typeof sent !== 'object' || sent === null || Array.isArray(sent)) return undefined;
	const isAllowed = ([name, value]: [string, unknown]) =>
		Object.hasOwn(allowed, name) && allowed[name as keyof SubscriptionSettings](value);
	return Object.entries(sent).every(isAllowed) ? { ...defaults, ...sent } : undefined;
}
