/** The part of the control API about devices and subscriptions. */
import type Router from '@koa/router';
import type { Context } from 'koa';
import { destinationSent, type Devices, identifierOf, identityOfIdentifier } from './devices';
import { fromJson, received } from './exchanges';
import { isLandline } from './subscribers';
import type { Deliveries } from './subscriptions/deliveries';
import {
	type Subscription,
	type Subscriptions,
	type TerminationReason,
	terminationReasons,
} from './subscriptions/subscriptions';

/** A subscription, as the control API tells about it. */
export interface SubscriptionState {
	id: string;
	/** The path of the API that it was created at. */
	api: string;
	clientId: string;
	/** As in `DeviceState`. */
	device: string;
	/** E.g. `roaming-on`. */
	event: string;
	sink: string;
	status: Subscription['status'];
	/** RFC 3339. */
	startsAt: string;
	expiresAt: string | null;
	/** Events that count towards the maximum, and the maximum if there is one. */
	eventsSent: number;
	maxEvents: number | null;
}

/** Adds the routes to a router. */
export function controlRoutes(
	router: Router,
	devices: Devices,
	subscriptions: Subscriptions,
	deliveries: Deliveries,
): void {
	router.get('/sandbox/devices', (ctx) => {
		ctx.body = devices.list(subscriptions.counts());
	});
	router.delete('/sandbox/devices', (ctx) => {
		devices.forget();
		ctx.status = 204;
	});
	router.put('/sandbox/devices/:identifier', (ctx) => {
		const identity = identityOfIdentifier(String(ctx.params.identifier));
		if (identity === undefined) {
			return refuse(ctx, 'This is neither a phone number, an address nor an external ID');
		}
		if (!devices.subscriberOf(identity).consent || isLandline(identity)) {
			return refuse(ctx, 'No operator here knows such a mobile device, so that it cannot be moved');
		}
		const destination = destinationSent(fromJson(received(ctx)), identity);
		if (destination === null) {
			return refuse(
				ctx,
				'Send {"country": "FR"}, {"roaming": true, "countryCode": 208, "countryName": ["FR"]}, or {}',
			);
		}
		subscriptions.moved(devices.move(identity, destination));
		ctx.status = 204;
	});

	router.get('/sandbox/subscriptions', (ctx) => {
		ctx.body = subscriptions.list().map(stateOf);
	});
	router.delete('/sandbox/subscriptions', (ctx) => {
		subscriptions.forget();
		ctx.status = 204;
	});
	router.post('/sandbox/subscriptions/:id/redeliver', (ctx) => {
		const subscription = subscriptions.find(String(ctx.params.id));
		ctx.status = subscription && subscriptions.redeliver(subscription) ? 204 : 404;
	});
	router.post('/sandbox/subscriptions/:id/end', (ctx) => {
		const subscription = subscriptions.find(String(ctx.params.id));
		if (!subscription) return;
		const { terminationReason } = (fromJson(received(ctx) || '{}') ?? {}) as Record<
			string,
			unknown
		>;
		const reason = terminationReason as TerminationReason | undefined;
		if (reason !== undefined && !terminationReasons.includes(reason)) {
			return refuse(ctx, `terminationReason is one of ${terminationReasons.join(', ')}`);
		}
		subscriptions.end(subscription, reason);
		ctx.status = 204;
	});

	router.get('/sandbox/deliveries', (ctx) => {
		const { latest } = ctx.query;
		ctx.body = deliveries.list(/^\d{1,4}$/.test(String(latest)) ? Number(latest) : undefined);
	});
	router.delete('/sandbox/deliveries', (ctx) => {
		deliveries.forget();
		ctx.status = 204;
	});
}

function refuse(ctx: Pick<Context, 'status' | 'body'>, message: string): void {
	ctx.status = 400;
	ctx.body = { code: 'INVALID_INPUT', message };
}

function stateOf(subscription: Subscription): SubscriptionState {
	const { id, api, clientId, identity, event, sink, status, eventsSent } = subscription;
	const { startsAt, expiresAt, maxEvents } = subscription;
	return {
		...{ id, api, clientId, device: identifierOf(identity), event, sink, status, eventsSent },
		startsAt: new Date(startsAt).toISOString(),
		expiresAt: expiresAt === undefined ? null : new Date(expiresAt).toISOString(),
		maxEvents: maxEvents === Infinity ? null : maxEvents,
	};
}
