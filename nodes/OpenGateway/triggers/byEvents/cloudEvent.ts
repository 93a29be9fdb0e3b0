/** CloudEvents 1.0 in structured mode, with the data of CAMARA Device Roaming Status Subscriptions. */
import {
	SUBSCRIPTION_TYPES,
	unqualifiedType,
	type SubscriptionType,
} from '../../apis/roamingSubscription';
import { roamingStatus, type RoamingStatus } from '../../apis/roamingStatus';
import { asObject, parseJson } from '../../json';
import type { LifecycleEvent } from '../roamingEvent';

/** An event as the operator tells of it. */
export interface CloudEvent {
	readonly id: string;
	readonly source: string;
	/** RFC 3339. */
	readonly time: string;
	readonly subscriptionId: string | null;
	readonly told: RoamingTold | LifecycleTold;
}

export interface RoamingTold extends Omit<RoamingStatus, 'lastStatusTime'> {
	readonly type: SubscriptionType;
}

export interface LifecycleTold {
	readonly lifecycle: LifecycleEvent;
	/** E.g. `SUBSCRIPTION_EXPIRED`. */
	readonly reason: string | null;
}

/** The events of a subscription's life; `subscription-ends` is that of v0.7. */
const LIFECYCLE: Readonly<Record<string, LifecycleEvent>> = {
	'subscription-started': 'subscriptionStarted',
	'subscription-updated': 'subscriptionUpdated',
	'subscription-ended': 'subscriptionEnded',
	'subscription-ends': 'subscriptionEnded',
};

/** RFC 3339 section 5.6. */
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/i;
/** Characters of an `id`, a `source` or another text, at most. */
const MAX_LENGTH = 2048;

/**
 * @param body of the request
 * @returns `undefined` for anything but an event of this API
 */
export function readCloudEvent(body: string): CloudEvent | undefined {
	const { specversion, id, source, type, time, data } = asObject(parseJson(body));
	if (specversion !== '1.0' || !isText(id) || !isText(source) || !isText(time)) return undefined;
	if (!TIME.test(time) || Number.isNaN(Date.parse(time))) return undefined;
	const details = asObject(data);
	const told = readTold(unqualifiedType(type) ?? '', details);
	if (!told) return undefined;
	return { id, source, time, subscriptionId: textOrNull(details.subscriptionId), told };
}

function readTold(type: string, data: Record<string, unknown>): CloudEvent['told'] | undefined {
	if (Object.hasOwn(LIFECYCLE, type)) {
		const { terminationReason, updateReason, initiationReason } = data;
		const reason = textOrNull(terminationReason ?? updateReason ?? initiationReason);
		return { lifecycle: LIFECYCLE[type]!, reason };
	}
	const known = SUBSCRIPTION_TYPES.find((name) => name === type);
	if (!known) return undefined;
	const roaming = known === 'roaming-status' ? data.roaming : known !== 'roaming-off';
	if (typeof roaming !== 'boolean') return undefined;
	const { country, countryCode, countryName } = readCountry({ ...data, roaming });
	return { type: known, roaming, country, countryCode, countryName };
}

/** Reads the country as in an answer to Device Roaming Status, whose fields an event shares. */
function readCountry(data: object): RoamingStatus {
	const answer = { status: 200, url: '', json: data, correlator: '' };
	return roamingStatus.read(answer, () => undefined);
}

function isText(value: unknown): value is string {
	return typeof value === 'string' && value !== '' && value.length <= MAX_LENGTH;
}

function textOrNull(value: unknown): string | null {
	return isText(value) ? value : null;
}
