import type { Subscription, SubscriptionType } from '../../apis/roamingSubscription';
import type { Device } from '../../device';
import type { SealedSubscription } from './sink';

/** A device and what it is watched for. */
export interface Pair {
	readonly device: Device;
	readonly type: SubscriptionType;
}

/** A subscription of this node, as the operator lists it. */
export interface Found {
	readonly subscription: Subscription;
	/** For whom it is; `undefined` if its sink was sealed with another key. */
	readonly sealed: SealedSubscription | undefined;
	/** Whether its events are delivered to the webhook's present address. */
	readonly isHere: boolean;
	/** The subscriber whose access lists it; `undefined` with access of the application. */
	readonly listedFor: Device | undefined;
}

export interface Plan {
	/** Each stands for its pair. */
	readonly keep: readonly Found[];
	/** Pairs without a good subscription. */
	readonly create: readonly Pair[];
	/** To be deleted once those to be created are there. */
	readonly remove: readonly Found[];
}

const TEN_MINUTES = 600_000;

/** Statuses of a subscription that has ended. */
const ENDED: ReadonlyArray<string | null> = ['EXPIRED', 'DELETED'];

/**
 * Compares the subscriptions that are wanted with those that are there.
 * @param wanted each once
 * @param found of this node
 * @param now ms since the epoch
 * @param known what this process knows better than the list
 */
export function planFor(
	wanted: readonly Pair[],
	found: readonly Found[],
	now: number,
	known: {
		/** Ids of subscriptions that have ended. */
		readonly ended: ReadonlySet<string>;
		/** Whether a subscription was created that the list may not show yet. */
		isInTheMaking(pair: Pair): boolean;
	},
): Plan {
	const missing = new Map(wanted.map((pair) => [pairKey(pair), pair]));
	const keep: Found[] = [];
	const remove: Found[] = [];
	// Of several for one pair, the one that lasts longest is kept.
	for (const one of [...found].sort((a, b) => endOf(b) - endOf(a))) {
		if (ENDED.includes(one.subscription.status)) continue;
		const key = one.sealed && pairKey(one.sealed);
		const isGood =
			one.isHere && !known.ended.has(one.subscription.id) && endOf(one) - marginOf(one) > now;
		if (isGood && key !== undefined && missing.delete(key)) keep.push(one);
		else remove.push(one);
	}
	const create = [...missing.values()].filter((pair) => !known.isInTheMaking(pair));
	return { keep, create, remove };
}

export function pairKey({ device, type }: Pair): string {
	return JSON.stringify([device, type]);
}

/** When a subscription ends, or its token does (ms since the epoch). */
export function endOf({ subscription, sealed }: Found): number {
	if (!sealed) return -Infinity;
	const told = Date.parse(subscription.expiresAt ?? '');
	return Math.min(sealed.expiresAt, Number.isNaN(told) ? Infinity : told);
}

/** How long before its end a subscription is made anew (ms). */
export function marginOf(found: Found): number {
	const lifetime = endOf(found) - (found.sealed?.createdAt ?? 0);
	return Math.min(Math.max(lifetime / 10, TEN_MINUTES), lifetime / 2);
}
