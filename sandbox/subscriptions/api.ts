/** The operations of CAMARA Device Roaming Status Subscriptions. */
import type { Context } from 'koa';
import { refuseUnserved, v1 } from '../operators/camara';
import { type Access, Invalid, jsonBody, type Operation, Refusal } from '../operators/operation';
import { type Owner, hasNotEnded, type Subscription, type Subscriptions } from './subscriptions';
import { subscriptionRequest } from './request';
import type { SubscriptionSettings } from './settings';
import {
	createScope,
	DELETE_SCOPE,
	eventNames,
	READ_SCOPE,
	type SubscriptionsApi,
	TYPE_PREFIX,
} from './version';

/** As in Device Roaming Status 1.1, but no identifier is told to be unknown. */
const rules = {
	...v1,
	refusals: { ...v1.refusals, unknown: v1.refusals.notApplicable },
};

/** The codes of refusals that are set: see `SubscriptionSettings.refuseAfter`. */
const REFUSALS = {
	403: 'PERMISSION_DENIED',
	429: 'TOO_MANY_REQUESTS',
	503: 'UNAVAILABLE',
} as const;

const DEFAULT_PER_PAGE = 20;
const MOST_PER_PAGE = 100;

/**
 * The operations, by their method and their path below that of the API.
 *
 * @param at the API's path with that of its operator
 * @param settings the present ones
 */
export function subscriptionOperations(
	{ version }: SubscriptionsApi,
	at: string,
	subscriptions: Subscriptions,
	settings: () => SubscriptionSettings,
): { method: 'post' | 'get' | 'delete'; path: string; operation: Operation }[] {
	const ownerOf = ({ clientId, subscriber }: Access): Owner => ({ api: at, clientId, subscriber });

	function create(ctx: Context, access: Access): object {
		const request = subscriptionRequest(jsonBody(ctx), access, rules);
		const { event, identity, credential } = request;
		if (!access.allows(createScope(event))) {
			throw new Refusal(
				403,
				'SUBSCRIPTION_MISMATCH',
				'The access token is not for this event type',
			);
		}
		refuseUnserved(access.subscriberOf(identity), identity, rules.refusals);
		const { asynchronous, maxLifetimeS, refuseWith } = settings();
		const expiresAt = Math.min(request.expiresAt ?? Infinity, Date.now() + maxLifetimeS * 1000);
		if (credential && request.expiresAt !== undefined && credential.expiresAt < expiresAt) {
			throw new Refusal(400, 'INVALID_TOKEN', 'The token of the sink ends before the subscription');
		}
		if (settings().refuseAfter <= 0) {
			throw new Refusal(refuseWith, REFUSALS[refuseWith], 'No more subscriptions, as set');
		}
		settings().refuseAfter--;
		const subscription = subscriptions.create(
			{ ...request, expiresAt: expiresAt === Infinity ? undefined : expiresAt },
			ownerOf(access),
			version,
		);
		ctx.status = asynchronous ? 202 : 201;
		return asynchronous ? { id: subscription.id } : written(subscription);
	}

	function list(ctx: Context, access: Access): object {
		const all = subscriptions.of(ownerOf(access)).map(written);
		if (settings().list === 'v0.8') return all;
		const page = counted(ctx, 'page', 1, Number.MAX_SAFE_INTEGER);
		const wanted = counted(ctx, 'perPage', DEFAULT_PER_PAGE, MOST_PER_PAGE);
		const perPage = Math.min(wanted, settings().perPage);
		const totalPages = Math.ceil(all.length / perPage);
		return {
			subscriptions: all.slice((page - 1) * perPage, page * perPage),
			pagination: { page, perPage, totalCount: all.length, totalPages },
		};
	}

	function found(ctx: Context, access: Access): Subscription {
		const { id } = ctx.params as { id: string };
		const subscription = subscriptions.find(id, ownerOf(access));
		if (!subscription) throw new Refusal(404, 'NOT_FOUND', 'There is no such subscription');
		return subscription;
	}

	function remove(ctx: Context, access: Access): object | undefined {
		const subscription = found(ctx, access);
		if (!hasNotEnded(subscription)) {
			throw new Refusal(404, 'NOT_FOUND', 'The subscription has ended');
		}
		subscriptions.delete(subscription);
		ctx.status = settings().asynchronous ? 202 : 204;
		return settings().asynchronous ? { id: subscription.id } : undefined;
	}

	const read = { scopes: [READ_SCOPE] };
	return [
		{
			method: 'post',
			path: '',
			operation: { scopes: eventNames.map(createScope), answer: create },
		},
		{ method: 'get', path: '', operation: { ...read, answer: list } },
		{
			method: 'get',
			path: '/:id',
			operation: { ...read, answer: (ctx, access) => written(found(ctx, access)) },
		},
		{ method: 'delete', path: '/:id', operation: { scopes: [DELETE_SCOPE], answer: remove } },
	];
}

/** A subscription as the API tells of it; the credential of its sink is never told. */
function written({ id, sink, event, config, startsAt, expiresAt, status }: Subscription): object {
	return {
		id,
		protocol: 'HTTP',
		sink,
		types: [TYPE_PREFIX + event],
		config,
		startsAt: new Date(startsAt).toISOString(),
		...(expiresAt !== undefined && { expiresAt: new Date(expiresAt).toISOString() }),
		status,
	};
}

function counted(ctx: Context, name: string, otherwise: number, most: number): number {
	const sent = ctx.query[name];
	if (sent === undefined) return otherwise;
	const value = typeof sent === 'string' && /^\d{1,9}$/.test(sent) ? Number(sent) : NaN;
	if (!(value >= 1 && value <= most)) throw new Invalid(`${name} is out of range`);
	return value;
}
