/** What a test, or whoever tries something, may set while the sandbox runs. */
export interface Settings {
	/** How much later than it could an operator answers. */
	latencyMs: number;
	polling: Polling;
	/** How long the access tokens issued from now on are good for. */
	accessTokenS: number;
	/** How many requests are answered in any one second, all operators together; else Infinity. */
	requestsPerSecond: number;
}

/** How the next authorization requests of the backend flow are polled (CIBA core 1.0). */
export interface Polling {
	/** Told as `interval` (section 7.3). */
	intervalS: number;
	/** How many polls are answered `authorization_pending` before the phone's owner is asked. */
	pending: number;
	/** How many polls after those are answered `slow_down` (section 11). */
	slowDown: number;
}

/** The interval is short: nobody waits for a person here. */
const polling: Polling = { intervalS: 1, slowDown: 0, pending: 0 };
const ACCESS_TOKEN_S = 3600;

export const defaultSettings: Settings = {
	latencyMs: 0,
	polling,
	accessTokenS: ACCESS_TOKEN_S,
	requestsPerSecond: Infinity,
};

/**
 * Settings that were sent as JSON, by the last part of the path they are sent to, e.g.
 * `PUT /sandbox/latency`; what is left out takes its default.
 *
 * @returns undefined where a name is unknown, or a value out of range
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

/** `sent` with `defaults` for what it lacks; undefined unless every value is a number that fits. */
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
