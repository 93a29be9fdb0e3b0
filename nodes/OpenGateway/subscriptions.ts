import {
	readSubscription,
	readSubscriptions,
	subscriptionPermissions,
	subscriptionRequest,
	type NewSubscription,
	type Subscription,
} from './apis/roamingSubscription';
import type { Access } from './authorization';
import type { Application } from './credential/application';
import { maskedDevice, type Device } from './device';
import { OpenGatewayError, type ErrorTexts } from './errors';
import { backendGrant, withAccess } from './gateway';
import {
	isSuccess,
	jsonRequest,
	type HttpRequest,
	type HttpResponse,
	type Transport,
} from './http';
import { requireIdentifiableDevice } from './operators/camara';
import { noSuchSubscription, subscriptionErrors } from './operators/sharedErrors';
import type { SubscriptionsDialect } from './operators';
import { refusalError } from './refusal';
import { allSent } from './sent';

/** Pages of a list that are read, at most. */
const MAX_PAGES = 1000;

/**
 * Whose subscriptions are meant. A subscriber's access token stands for its device alone; with
 * another one, no device has to be named except to create a subscription.
 */
export interface Subscriber {
	readonly application: Application;
	readonly device: Device | undefined;
	/** In place of the operator's texts, for the form that has to be corrected. */
	readonly errors?: ErrorTexts;
}

/** @throws {OpenGatewayError} */
export async function createSubscription(
	subscriber: Subscriber,
	subscription: NewSubscription,
	transport: Transport,
): Promise<Subscription> {
	const { application, device } = subscriber;
	const isOfToken = backendGrant(application).subject === 'subscriber';
	const named = isOfToken ? undefined : requireIdentifiableDevice(device);
	const response = await send(
		subscriber,
		subscriptionPermissions.create(subscription.type),
		{ method: 'POST', json: subscriptionRequest(subscription, named), idempotent: false },
		transport,
	);
	return readSubscription(response);
}

/**
 * Reads the list, page by page, until a page holds nothing new.
 * @param limit of what is returned
 * @throws {OpenGatewayError}
 */
export async function listSubscriptions(
	subscriber: Subscriber,
	transport: Transport,
	limit = Infinity,
): Promise<Subscription[]> {
	// Subscriptions that begin or end meanwhile move others to a page that is read later.
	const found = new Map<string, Subscription>();
	let query: string | undefined = '';
	for (let page = 1; query !== undefined && page <= MAX_PAGES && found.size < limit; page++) {
		const response = await send(
			subscriber,
			subscriptionPermissions.read(),
			{ method: 'GET', query },
			transport,
		);
		const { subscriptions, next } = readSubscriptions(response, page);
		const known = found.size;
		for (const subscription of subscriptions) found.set(subscription.id, subscription);
		query = found.size > known ? next : undefined;
	}
	return [...found.values()].slice(0, limit);
}

/** @throws {OpenGatewayError} */
export async function getSubscription(
	subscriber: Subscriber,
	id: string,
	transport: Transport,
): Promise<Subscription> {
	const request: SubscriptionRequest = { method: 'GET', id };
	return readSubscription(
		await send(subscriber, subscriptionPermissions.read(), request, transport),
	);
}

/** @throws {OpenGatewayError} */
export async function deleteSubscription(
	subscriber: Subscriber,
	id: string,
	transport: Transport,
): Promise<void> {
	const request: SubscriptionRequest = { method: 'DELETE', id };
	await send(subscriber, subscriptionPermissions.delete(), request, transport);
}

/** @throws {OpenGatewayError} `UNSUPPORTED_API` if the operator does not tell of changes */
export function subscriptionsDialect({ operator }: Application): SubscriptionsDialect {
	if (operator.subscriptions) return operator.subscriptions;
	throw new OpenGatewayError(`${operator.displayName} does not offer subscriptions.`, {
		remedy:
			"Ask at intervals instead: use Open Gateway Roaming Trigger, and select Asking in its 'Find Out By'.",
		code: 'UNSUPPORTED_API',
	});
}

interface SubscriptionRequest extends Pick<HttpRequest, 'method' | 'idempotent'> {
	/** Of one subscription; absent if the request is to the collection. */
	readonly id?: string;
	readonly query?: string;
	readonly json?: object;
}

async function send(
	{ application, device, errors }: Subscriber,
	permission: string,
	{ method, id, query = '', json, idempotent }: SubscriptionRequest,
	transport: Transport,
): Promise<HttpResponse> {
	const { baseUrl, operator } = application;
	const dialect = subscriptionsDialect(application);
	const path = id === undefined ? '' : `/${encodeURIComponent(id)}`;
	const url = baseUrl + dialect.path + path + query;
	const exchange = async (access: Access, correlator: string) => {
		const headers = { ...dialect.headers, ...access.headers };
		const request = jsonRequest({ method, url, json }, headers, correlator);
		const response = await transport.send(() => ({ ...request, idempotent }));
		if (isSuccess(response)) return response;
		// With HTTP 401, a code is about the access token, not about that of the sink.
		const texts = {
			...operator.errors,
			...(response.status !== 401 && { ...subscriptionErrors, ...errors }),
			...(id !== undefined && { NOT_FOUND: noSuchSubscription, GONE: noSuchSubscription }),
		};
		const sent = allSent(access.sent, response.sent);
		throw refusalError({ ...response, sent }, texts, device ? maskedDevice(device) : 'the devices');
	};
	const needed = { scope: dialect.scope(permission) };
	return await withAccess(application, device, needed, transport, exchange);
}
