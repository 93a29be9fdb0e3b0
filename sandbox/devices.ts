import { isIPv6 } from 'node:net';
import { subscriberHinted } from './authorization/loginHint';
import { homeOf, statusIn } from './countries';
import { canonicalIPv6, type RoamingStatus, type Subscriber, subscriberOf } from './subscribers';

/** A device that has been moved. */
export interface Move {
	readonly identity: string;
	/** When, RFC 3339. */
	readonly at: string;
	/** Both are absent while the network is unavailable. */
	readonly before?: RoamingStatus;
	readonly after?: RoamingStatus;
}

/** A device, as the control API tells about it. */
export interface DeviceState {
	/** As in a login hint: `+34600000001`, `84.125.93.1:59765`, `[2001:db8::1]:80`; or an external id. */
	identifier: string;
	/** The country of its operator, ISO 3166-1 alpha-2. */
	home: string;
	/** `null` if no operator tells it. */
	status: RoamingStatus | null;
	/** Whether it is elsewhere than its last character says. */
	moved: boolean;
	/** Number of subscriptions to its events that have not ended. */
	subscriptions: number;
}

/** Number of devices that are listed because somebody asked about them. */
const KEPT = 20;

/** Where devices are: at first where their last character says, until they are moved. */
export class Devices {
	readonly #moved = new Map<string, RoamingStatus>();
	/** Identities of the devices asked about, the latest last. */
	readonly #asked = new Set<string>();

	/** A subscriber with its present status. */
	subscriberOf(identity: string): Subscriber {
		const subscriber = subscriberOf(identity);
		const status = this.#moved.get(identity);
		return status ? { ...subscriber, status } : subscriber;
	}

	/** Notes that an API was asked about a device. */
	asked(identity: string): void {
		this.#asked.delete(identity);
		this.#asked.add(identity);
		if (this.#asked.size > KEPT) this.#asked.delete(this.#asked.values().next().value!);
	}

	/** @param status `undefined` moves the device back to where its last character says */
	move(identity: string, status: RoamingStatus | undefined): Move {
		const before = this.subscriberOf(identity).status;
		if (status) this.#moved.set(identity, status);
		else this.#moved.delete(identity);
		this.asked(identity);
		const after = this.subscriberOf(identity).status;
		return { identity, at: new Date().toISOString(), before, after };
	}

	/** Puts all devices back. No event tells of it. */
	forget(): void {
		this.#moved.clear();
		this.#asked.clear();
	}

	/**
	 * The devices that were moved, are subscribed to, or were asked about lately, by their identifiers.
	 *
	 * @param subscribed number of subscriptions, by identity
	 */
	list(subscribed: ReadonlyMap<string, number>): DeviceState[] {
		const identities = new Set([...this.#moved.keys(), ...subscribed.keys(), ...this.#asked]);
		return [...identities].sort().map((identity) => ({
			identifier: identifierOf(identity),
			home: homeOf(identity),
			status: this.subscriberOf(identity).status ?? null,
			moved: this.#moved.has(identity),
			subscriptions: subscribed.get(identity) ?? 0,
		}));
	}
}

/**
 * The identity that an identifier in the path of the control API means.
 *
 * @returns `undefined` if it is a malformed number or address
 */
export function identityOfIdentifier(identifier: string): string | undefined {
	if (identifier.startsWith('+')) return subscriberHinted(`tel:${identifier}`);
	if (isIPv6(identifier)) return canonicalIPv6(identifier);
	if (/^[\d.:[]/.test(identifier)) return subscriberHinted(`ipport:${identifier}`);
	return identifier === '' ? undefined : identifier;
}

/** The inverse of `identityOfIdentifier`. */
export function identifierOf(identity: string): string {
	const [identifier = '', port] = identity.split(' ');
	if (port === undefined) return identifier;
	return isIPv6(identifier) ? `[${identifier}]:${port}` : `${identifier}:${port}`;
}

/**
 * Reads where a device goes to: `{"country"}`, a status as the APIs answer it, or `{}` for where its
 * last character says.
 *
 * @returns `null` if it is none of them
 */
export function destinationSent(sent: unknown, identity: string): RoamingStatus | undefined | null {
	if (typeof sent !== 'object' || sent === null || Array.isArray(sent)) return null;
	const { country, roaming, countryCode, countryName, ...others } = sent as Record<string, unknown>;
	if (Object.keys(others).length > 0) return null;
	if (country !== undefined) {
		if (typeof country !== 'string' || Object.keys(sent).length > 1) return null;
		return statusIn(country, identity) ?? null;
	}
	if (roaming === undefined) return Object.keys(sent).length === 0 ? undefined : null;
	if (typeof roaming !== 'boolean') return null;
	const isCode = Number.isInteger(countryCode) && /^[1-9]\d\d$/.test(String(countryCode));
	const areNames = Array.isArray(countryName) && countryName.every(isCountry);
	if (countryCode !== undefined && !isCode) return null;
	if (countryName !== undefined && !areNames) return null;
	if (!roaming && Object.keys(sent).length > 1) return null;
	return sent as RoamingStatus;
}

const isCountry = (name: unknown) => typeof name === 'string' && /^[A-Z]{2}$/.test(name);
