/** The subscribers of every operator: a fixed table, so that a run can be repeated. */

/** The roaming status as Telefónica's Device Status v0.4 writes it. */
export interface RoamingStatus {
	readonly roaming: boolean;
	/** Mobile country code (MCC), ITU-T E.212. */
	readonly countryCode?: number;
	/** ISO 3166-1 alpha-2 codes of every territory under that MCC. */
	readonly countryName?: readonly string[];
}

export interface Subscriber {
	/** The last character of all identifiers of such a subscriber. */
	readonly ending: string;
	readonly description: string;
	/** The answer of the phone's owner, and its delay; absent if no operator knows the subscriber. */
	readonly consent?: { readonly given: boolean; readonly afterMs: number };
	/** Absent if the network is unavailable. */
	readonly status?: RoamingStatus;
}

const given = { given: true, afterMs: 0 };

export const subscribers: readonly Subscriber[] = [
	{
		ending: '1',
		description: 'roams in Germany',
		consent: given,
		status: { roaming: true, countryCode: 262, countryName: ['DE'] },
	},
	{ ending: '2', description: 'is at home', consent: given, status: { roaming: false } },
	{
		ending: '3',
		description: 'roams in the French Antilles: five territories share MCC 340',
		consent: given,
		status: { roaming: true, countryCode: 340, countryName: ['BL', 'GF', 'GP', 'MF', 'MQ'] },
	},
	{
		ending: '4',
		description: 'roams at sea or in the air: MCC 901 has no territory',
		consent: given,
		status: { roaming: true, countryCode: 901, countryName: [] },
	},
	{
		ending: '5',
		description: 'roams, and the operator withholds the country',
		consent: given,
		status: { roaming: true },
	},
	{
		ending: '6',
		description: 'roams in its own country, on another network',
		consent: given,
		status: { roaming: true, countryCode: 214, countryName: ['ES'] },
	},
	{
		ending: '7',
		description: 'its owner refuses consent',
		consent: { given: false, afterMs: 0 },
	},
	{
		ending: '8',
		description: 'roams in France, and its owner takes 1.5 s to consent',
		consent: { given: true, afterMs: 1500 },
		status: { roaming: true, countryCode: 208, countryName: ['FR'] },
	},
	{ ending: '9', description: 'is unknown to the operator' },
	{ ending: '0', description: 'cannot be reached: the network is unavailable', consent: given },
];

const atHome = subscribers[1]!;

/** Spanish geographic numbers, which no mobile network serves. */
export const landline = { beginning: '+349', description: 'is a landline, which cannot roam' };

/**
 * The identity of a subscriber, which a token and a request are compared by.
 *
 * @param identifier E.164 number, external id, or IPv4 or IPv6 address
 * @param port of an address; behind network address translation it is part of the identity
 */
export function identityOf(identifier: string, port?: number): string {
	return port === undefined ? identifier : `${identifier} ${port}`;
}

/**
 * The subscriber with an identity, by the last character of its identifier. One that does not end in
 * a digit is at home.
 */
export function subscriberOf(identity: string): Subscriber {
	return subscribers.find(({ ending }) => ending === endingOf(identity)) ?? atHome;
}

/** The last character of an identity's identifier. */
export function endingOf(identity: string): string {
	return identity.split(' ', 1)[0]!.slice(-1);
}

export function isLandline(identity: string): boolean {
	return identity.startsWith(landline.beginning);
}

/** The canonical form of an IPv6 address (RFC 5952). */
export function canonicalIPv6(address: string): string {
	return new URL(`http://[${address}]`).hostname.slice(1, -1);
}
