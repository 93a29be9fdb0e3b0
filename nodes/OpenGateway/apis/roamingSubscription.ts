/** CAMARA Device Roaming Status Subscriptions, v0.7 and v0.8; and the list of v0.9. */
import type { Device } from '../device';
import { unexpectedResponse } from '../errors';
import type { HttpResponse } from '../http';
import { asObject } from '../json';

/** What a subscription tells of, and its operator's word for it. */
export const SUBSCRIPTION_TYPES = [
	'roaming-status',
	'roaming-on',
	'roaming-off',
	'roaming-change-country',
] as const;

export type SubscriptionType = (typeof SUBSCRIPTION_TYPES)[number];

const PREFIX = 'org.camaraproject.device-roaming-status-subscriptions.v0.';

/** @returns the type as requests and events have it */
export function qualifiedType(type: string): string {
	return PREFIX + type;
}

/** @returns the last part of a type of this API; `undefined` for any other */
export function unqualifiedType(written: unknown): string | undefined {
	const isOurs = typeof written === 'string' && written.startsWith(PREFIX);
	return isOurs ? written.slice(PREFIX.length) : undefined;
}

/** The scope of an operation ("Authorization and authentication"). */
export const subscriptionPermissions = {
	create: (type: SubscriptionType) => `${API}:${qualifiedType(type)}:create`,
	read: () => `${API}:read`,
	delete: () => `${API}:delete`,
} as const;

const API = 'device-roaming-status-subscriptions';

export interface NewSubscription {
	readonly type: SubscriptionType;
	/** The address to which events are delivered. */
	readonly sink: string;
	/** Absent if events are delivered without authentication. */
	readonly sinkToken?: string;
	/** ms since the epoch; the sink's token ends with it. Absent: the operator decides. */
	readonly expiresAt?: number;
	/** Absent: no limit. */
	readonly maxEvents?: number;
	/** Whether the present status is delivered at once. */
	readonly initialEvent?: boolean;
}

/** A sink's token without a subscription's end is good for this long (ms). */
const SINK_TOKEN_LIFETIME = 365 * 24 * 3_600_000;

/**
 * `SubscriptionRequest`.
 * @param device `undefined` if the access token is that of a subscriber
 */
export function subscriptionRequest(
	{ type, sink, sinkToken, expiresAt, maxEvents, initialEvent }: NewSubscription,
	device: Device | undefined,
): object {
	const tokenEndsAt = expiresAt ?? Date.now() + SINK_TOKEN_LIFETIME;
	return {
		protocol: 'HTTP',
		sink,
		...(sinkToken !== undefined && {
			sinkCredential: {
				credentialType: 'ACCESSTOKEN',
				accessToken: sinkToken,
				accessTokenExpiresUtc: new Date(tokenEndsAt).toISOString(),
				accessTokenType: 'bearer',
			},
		}),
		types: [qualifiedType(type)],
		config: {
			subscriptionDetail: { ...(device && { device }) },
			...(expiresAt !== undefined && {
				subscriptionExpireTime: new Date(expiresAt).toISOString(),
			}),
			...(maxEvents !== undefined && { subscriptionMaxEvents: maxEvents }),
			...(initialEvent !== undefined && { initialEvent }),
		},
	};
}

/** A subscription as the operator has it; what it does not tell is `null`. */
export interface Subscription {
	id: string;
	/** Last part of its type. */
	type: string | null;
	sink: string | null;
	/** `ACTIVATION_REQUESTED`, `ACTIVE`, `INACTIVE`, `EXPIRED` or `DELETED`. */
	status: string | null;
	/** RFC 3339. */
	startsAt: string | null;
	/** RFC 3339. */
	expiresAt: string | null;
	/** In the shape of CAMARA's `Device`. */
	device: object | null;
}

/**
 * Reads `Subscription`, or `SubscriptionAsync`, which holds the id alone.
 * @throws {OpenGatewayError} `UNEXPECTED_ANSWER`
 */
export function readSubscription(response: HttpResponse): Subscription {
	const subscription = subscriptionIn(response.json);
	if (subscription) return subscription;
	throw unexpectedResponse(response, 'it holds no subscription with an id');
}

/**
 * Reads a page of the list: the whole of it as an array until v0.8, `{subscriptions, pagination}` from
 * v0.9, whose totals are optional.
 * @param page its number, from 1
 * @returns `next`: the query of the next page; `undefined` if there is none
 * @throws {OpenGatewayError} `UNEXPECTED_ANSWER`
 */
export function readSubscriptions(
	response: HttpResponse,
	page: number,
): { subscriptions: Subscription[]; next: string | undefined } {
	const { subscriptions: list = response.json, pagination } = asObject(response.json);
	if (!Array.isArray(list)) throw unexpectedResponse(response, 'it is not a list');
	const subscriptions = list.map(subscriptionIn).filter((read) => read !== undefined);
	const { totalPages, totalCount, perPage } = asObject(pagination);
	const isLast =
		list.length === 0 ||
		!isCount(perPage) ||
		(isCount(totalPages) && page >= totalPages) ||
		(isCount(totalCount) && page * perPage >= totalCount) ||
		list.length < perPage;
	return { subscriptions, next: isLast ? undefined : `?page=${page + 1}&perPage=${perPage}` };
}

function isCount(value: unknown): value is number {
	return Number.isInteger(value) && Number(value) > 0;
}

function subscriptionIn(value: unknown): Subscription | undefined {
	const { id, types, sink, status, startsAt, expiresAt, config } = asObject(value);
	if (typeof id !== 'string' || id === '') return undefined;
	const { device } = asObject(asObject(config).subscriptionDetail);
	return {
		id,
		type: (Array.isArray(types) && unqualifiedType(types[0])) || null,
		sink: textOrNull(sink),
		status: textOrNull(status),
		startsAt: textOrNull(startsAt),
		expiresAt: textOrNull(expiresAt),
		device: typeof device === 'object' ? device : null,
	};
}

function textOrNull(value: unknown): string | null {
	return typeof value === 'string' && value !== '' ? value : null;
}
