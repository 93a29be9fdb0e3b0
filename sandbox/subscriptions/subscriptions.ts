import { randomUUID } from 'node:crypto';
import type { Devices, Move } from '../devices';
import type { RoamingStatus } from '../subscribers';
import type { Deliveries } from './deliveries';
import type { SubscriptionRequest } from './request';
import type { SubscriptionSettings } from './settings';
import { type EventName, TYPE_PREFIX, type Version } from './version';

/** Why a subscription ended. */
export const terminationReasons = [
	...(['MAX_EVENTS_REACHED', 'NETWORK_TERMINATED', 'SUBSCRIPTION_EXPIRED'] as const),
	...(['ACCESS_TOKEN_EXPIRED', 'SUBSCRIPTION_DELETED'] as const),
];

export type TerminationReason = (typeof terminationReasons)[number];

/** Those to whom a subscription belongs. */
export interface Owner {
	/** The path of the API. */
	readonly api: string;
	readonly clientId: string;
	/** The subscriber of a 3-legged token; absent if the application may see all of its subscriptions. */
	readonly subscriber?: string;
}

export interface Subscription extends SubscriptionRequest {
	readonly id: string;
	readonly api: string;
	readonly clientId: string;
	readonly version: Version;
	/** Times in milliseconds since 1970. */
	readonly startsAt: number;
	readonly expiresAt?: number;
	status: 'ACTIVATION_REQUESTED' | 'ACTIVE' | 'EXPIRED' | 'DELETED';
	/** Events that count towards the maximum. */
	eventsSent: number;
	/** The latest event of any kind. */
	lastEvent?: object;
}

/** Ended subscriptions remain readable for so long. */
const KEPT_MS = 10 * 60_000;

/** An asynchronous creation or deletion takes so long. */
const PROCESSING_MS = 300;

/** The token of a sink has to be good still for the event about its expiry. */
const NOTICE_MS = 1000;

/** The longest delay that a timer takes. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** The subscriptions at all operators. */
export class Subscriptions {
	readonly #all = new Map<string, Subscription>();
	readonly #timers = new Map<string, Set<NodeJS.Timeout>>();

	/**
	 * @param settings the present ones
	 * @param origin e.g. `http://127.0.0.1:8480`
	 */
	constructor(
		private readonly devices: Devices,
		private readonly deliveries: Deliveries,
		private readonly settings: () => SubscriptionSettings,
		private readonly origin: string,
	) {}

	/** Starts a subscription, at once or a little later. */
	create(request: SubscriptionRequest, { api, clientId }: Owner, version: Version): Subscription {
		const { asynchronous } = this.settings();
		const subscription: Subscription = {
			...request,
			id: randomUUID(),
			api,
			clientId,
			version,
			startsAt: Date.now(),
			status: 'ACTIVATION_REQUESTED',
			eventsSent: 0,
		};
		this.#all.set(subscription.id, subscription);
		this.#endAt(subscription, subscription.expiresAt, 'SUBSCRIPTION_EXPIRED');
		const { credential } = subscription;
		this.#endAt(
			subscription,
			credential && credential.expiresAt - NOTICE_MS,
			'ACCESS_TOKEN_EXPIRED',
		);
		if (asynchronous) {
			this.#at(subscription, Date.now() + PROCESSING_MS, () => this.#activate(subscription, true));
		} else this.#activate(subscription, false);
		return subscription;
	}

	/** Those of an owner that have not ended. */
	of(owner: Owner): Subscription[] {
		return this.list().filter((one) => belongsTo(one, owner) && hasNotEnded(one));
	}

	find(id: string, owner?: Owner): Subscription | undefined {
		const found = this.#all.get(id);
		return found && (!owner || belongsTo(found, owner)) ? found : undefined;
	}

	list(): Subscription[] {
		return [...this.#all.values()];
	}

	/** Number of subscriptions that have not ended, by the identity of their device. */
	counts(): Map<string, number> {
		const counts = new Map<string, number>();
		for (const { identity } of this.list().filter(hasNotEnded)) {
			counts.set(identity, (counts.get(identity) ?? 0) + 1);
		}
		return counts;
	}

	/** Ends a subscription as its application asks for. */
	delete(subscription: Subscription): void {
		const end = () => this.end(subscription, 'SUBSCRIPTION_DELETED');
		if (this.settings().asynchronous) this.#at(subscription, Date.now() + PROCESSING_MS, end);
		else end();
	}

	/** @param reason is told in an event; without a reason, no event tells that it has ended */
	end(subscription: Subscription, reason?: TerminationReason): void {
		if (!hasNotEnded(subscription)) return;
		this.#clear(subscription.id);
		const deleted = ['NETWORK_TERMINATED', 'SUBSCRIPTION_DELETED', undefined].includes(reason);
		subscription.status = deleted ? 'DELETED' : 'EXPIRED';
		if (reason) {
			const { ended } = subscription.version;
			this.#send(subscription, ended, { terminationReason: reason }, new Date().toISOString());
		}
		this.#at(subscription, Date.now() + KEPT_MS, () => this.#all.delete(subscription.id));
	}

	/** Sends the events of a move. */
	moved({ identity, before, after, at }: Move): void {
		if (!before || !after) return;
		for (const subscription of this.list()) {
			if (subscription.identity !== identity || subscription.status !== 'ACTIVE') continue;
			if (firesFor[subscription.event](before, after)) this.#report(subscription, after, at);
		}
	}

	/** Sends the latest event once more. */
	redeliver(subscription: Subscription): boolean {
		if (!subscription.lastEvent) return false;
		this.#deliver(subscription, subscription.lastEvent);
		return true;
	}

	/** Forgets all subscriptions, and what is on its way to their sinks. No event tells of it. */
	forget(): void {
		for (const id of this.#timers.keys()) this.#clear(id);
		this.#all.clear();
		this.deliveries.abandon();
	}

	#activate(subscription: Subscription, later: boolean): void {
		const { version, initialEvent, event, identity } = subscription;
		subscription.status = 'ACTIVE';
		const at = new Date().toISOString();
		const created = { initiationReason: 'SUBSCRIPTION_CREATED' };
		if (version.started) this.#send(subscription, version.started, created, at);
		const active = { updateReason: 'SUBSCRIPTION_ACTIVE' };
		if (version.updated && later) this.#send(subscription, version.updated, active, at);
		const { status } = this.devices.subscriberOf(identity);
		if (initialEvent && status && firesAtFirst[event](status)) {
			this.#report(subscription, status, at);
		}
	}

	/** Sends an event that counts towards the maximum. */
	#report(subscription: Subscription, status: RoamingStatus, at: string): void {
		const told = toldBy[subscription.event](status, this.settings().carriesCountry);
		this.#send(subscription, subscription.event, told, at);
		subscription.eventsSent++;
		if (subscription.eventsSent >= subscription.maxEvents) {
			this.end(subscription, 'MAX_EVENTS_REACHED');
		}
	}

	#send(subscription: Subscription, name: string, told: object, time: string): void {
		const { id, api, device } = subscription;
		const event = {
			id: randomUUID(),
			source: this.origin + api,
			specversion: '1.0',
			type: TYPE_PREFIX + name,
			datacontenttype: 'application/json',
			time,
			data: { subscriptionId: id, ...(device && { device }), ...told },
		};
		subscription.lastEvent = event;
		this.#deliver(subscription, event);
	}

	#deliver(subscription: Subscription, event: object): void {
		const { id: subscriptionId, api, sink: url, credential } = subscription;
		const sink = { api, subscriptionId, url, accessToken: credential?.accessToken };
		this.deliveries.send(sink, event, () => this.end(subscription));
	}

	#endAt(subscription: Subscription, time: number | undefined, reason: TerminationReason): void {
		if (time !== undefined) this.#at(subscription, time, () => this.end(subscription, reason));
	}

	#at(subscription: Subscription, time: number, call: () => void): void {
		const { id } = subscription;
		const timers = this.#timers.get(id) ?? new Set<NodeJS.Timeout>();
		this.#timers.set(id, timers);
		const timer = setTimeout(
			() => {
				timers.delete(timer);
				if (Date.now() < time) this.#at(subscription, time, call);
				else call();
			},
			Math.min(Math.max(0, time - Date.now()), LONGEST_TIMER_MS),
		);
		timers.add(timer);
	}

	#clear(id: string): void {
		for (const timer of this.#timers.get(id) ?? []) clearTimeout(timer);
		this.#timers.delete(id);
	}
}

function belongsTo(subscription: Subscription, { api, clientId, subscriber }: Owner): boolean {
	return (
		subscription.api === api &&
		subscription.clientId === clientId &&
		(subscriber === undefined || subscription.identity === subscriber)
	);
}

export function hasNotEnded({ status }: Subscription): boolean {
	return status === 'ACTIVE' || status === 'ACTIVATION_REQUESTED';
}

/** Whether a move triggers an event. */
const firesFor: Record<EventName, (before: RoamingStatus, after: RoamingStatus) => boolean> = {
	'roaming-status': (before, after) => before.roaming !== after.roaming,
	'roaming-on': (before, after) => !before.roaming && after.roaming,
	'roaming-off': (before, after) => before.roaming && !after.roaming,
	'roaming-change-country': (before, after) =>
		before.roaming &&
		after.roaming &&
		after.countryCode !== undefined &&
		after.countryCode !== before.countryCode,
};

/** Whether `initialEvent` triggers an event. */
const firesAtFirst: Record<EventName, (now: RoamingStatus) => boolean> = {
	'roaming-status': () => true,
	'roaming-on': ({ roaming }) => roaming,
	'roaming-off': ({ roaming }) => !roaming,
	'roaming-change-country': () => false,
};

/** The status that an event tells. */
const toldBy: Record<EventName, (status: RoamingStatus, carriesCountry: boolean) => object> = {
	'roaming-status': ({ roaming, ...country }, carriesCountry) =>
		carriesCountry ? { roaming, ...country } : { roaming },
	'roaming-on': () => ({}),
	'roaming-off': () => ({}),
	'roaming-change-country': ({ countryCode, countryName = [] }) => ({ countryCode, countryName }),
};
