import { odditiesSent, type Oddities } from './oddities';
import { type SubscriptionSettings, subscriptionSettingsSent } from './subscriptions/settings';

/** Settings that tests and users may change while the sandbox runs. */
export interface Settings {
	/** Delay of every response. */
	latencyMs: number;
	polling: Polling;
	/** Lifetime of access tokens. */
	accessTokenS: number;
	/** Limit for all operators together; Infinity if there is none. */
	requestsPerSecond: number;
	oddities: Oddities;
	subscriptions: SubscriptionSettings;
}

/** How authentication requests are polled (CIBA Core 1.0). */
export interface Polling {
	/** Announced as `interval` (section 7.3). */
	intervalS: number;
	/** Number of polls that get `authorization_pending` before the phone's owner is asked. */
	pending: number;
	/** Number of polls after those that get `slow_down` (section 11). */
	slowDown: number;
}

/** The interval is short, because no person has to answer. */
const polling: Polling = { intervalS: 1, slowDown: 0, pending: 0 };
const ACCESS_TOKEN_S = 3600;

export const defaultSettings: Omit<Settings, 'subscriptions'> = {
	latencyMs: 0,
	polling,
	accessTokenS: ACCESS_TOKEN_S,
	requestsPerSecond: Infinity,
	oddities: {},
};

/**
 * Reads settings from JSON, by the last part of their path, e.g. `PUT /sandbox/latency`. A missing
 * value takes its default.
 *
 * @returns undefined if a name is unknown or a value out of range
 */
export const settingsSent: Record<string, (sent: unknown) => Partial<Settings> | undefined> = {
	latency(sent) {
		const read = numbers(sent, { ms: NaN }, (ms) => ms >= 0 && ms <= 60_000);
		return read && { latencyMs: read.ms };
	},
	polling(sent) {
		const read = numbers(sent, polling, (value) => whole(value, 0, 100));
		return read && { polling: read };
	},
	lifetimes(sent) {
		return numbers(sent, { accessTokenS: ACCESS_TOKEN_S }, (value) => whole(value, 1, 24 * 3600));
	},
	oddities(sent) {
		const oddities = odditiesSent(sent);
		return oddities && { oddities };
	},
	subscriptions(sent) {
		const subscriptions = subscriptionSettingsSent(sent);
		return subscriptions && { subscriptions };
	},
	rate(sent) {
		const { requestsPerSecond } = defaultSettings;
		return numbers(
			sent,
			{ requestsPerSecond },
			(value) => value === requestsPerSecond || whole(value, 1, 10_000),
		);
	},
};

function whole(value: number, least: number, most: number): boolean {
	return Number.isInteger(value) && value >= least && value <= most;
}

/** `sent`, completed by `defaults`; undefined if a name is unknown or a value does not fit. */
function numbers<Named extends { [Name in keyof Named]: number }>(
	sent: unknown,
	defaults: Named,
	fits: (value: number) => boolean,
): Named | undefined {
	if (typeof sent !== 'object' || sent === null || Array.isArray(sent)) return undefined;
	if (!Object.keys(sent).every((name) => name in defaults)) return undefined;
	const read = { ...defaults, ...sent };
	const valid = (value: unknown) => typeof value === 'number' && fits(value);
	return Object.values(read).every(valid) ? read : undefined;
}
