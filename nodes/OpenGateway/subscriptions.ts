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
import { deviceInWords, type Device } from './device';
import { OpenGatewayError } from './errors';
import { backendGrant, withAccess } from './gateway';
import { isSuccess, jsonRequest, type HttpRequest, type HttpResponse, type Transport } from './http';
import { requireIdentifiableDevice } from './operators/camara';
import type { SubscriptionsDialect } from './operators';
import { refusalError } from './refusal';

/** Pages of a list that are read, at most. */
const MAX_PAGES = 1000;

/**
 * Whose subscriptions are meant. A subscriber's access token stands for its device alone; with
 * another one, no device has to be named except to create a subscription.
 */
export interface Subscriber {
	readonly application: Application;
	readonly device: Device | undefined;
}

/** @throws {OpenGatewayError} */
export async function createSubscription(
	{ application, device }: Subscriber,
	subscription: NewSubscription,
	transport: Transport,
): Promise<Subscription> {
	const isOfToken = backendGrant(application).subject === 'subscriber';
	const named = isOfToken ? undefined : requireIdentifiableDevice(device);
	const response = await send(
		{ application, device },
		subscriptionPermissions.create(subscription.type),
		{ method: 'POST', json: subscriptionRequest(subscription, named), idempotent: false },
		transport,
	);
	return readSubscription(response);
}

/**
 * Reads the list, page by page.
 * @param limit of what is returned
 * @throws {OpenGatewayError}
 */
export async function listSubscriptions(
	subscriber: Subscriber,
	transport: Transport,
	limit = Infinity,
): Promise<Subscription[]> {
	const found: Subscription[] = [];
	let path: string | undefined = '';
	for (let page = 1; path !== undefined && page <= MAX_PAGES && found.length < limit; page++) {
		const response = await send(
			subscriber,
			subscriptionPermissions.read(),
			{ method: 'GET', path },
			transport,
		);
		const { subscriptions, next } = readSubscriptions(response, page);
		found.push(...subscriptions);
		path = next;
	}
	return found.slice(0, limit);
}

/** @throws {OpenGatewayError} */
export async function getSubscription(
	subscriber: Subscriber,
	id: string,
	transport: Transport,
): Promise<Subscription> {
	const path = `/${encodeURIComponent(id)}`;
	return readSubscription(
		await send(subscriber, subscriptionPermissions.read(), { method: 'GET', path }, transport),
	);
}

/** @throws {OpenGatewayError} */
export async function deleteSubscription(
	subscriber: Subscriber,
	id: string,
	transport: Transport,
): Promise<void> {
	const path = `/${encodeURIComponent(id)}`;
	await send(subscriber, subscriptionPermissions.delete(), { method: 'DELETE', path }, transport);
}

/** @throws {OpenGatewayError} `UNSUPPORTED_API` if the operator does not tell of changes */
export function subscriptionsDialect({ operator }: Application): SubscriptionsDialect {
	if (operator.subscriptions) return operator.subscriptions;
	throw new OpenGatewayError(`${operator.displayName} does not offer subscriptions.`, {
		remedy: "Ask at intervals instead: select Asking in 'Find Out By' of the trigger.",
		code: 'UNSUPPORTED_API',
	});
}

interface SubscriptionRequest extends Pick<HttpRequest, 'method' | 'idempotent'> {
	/** Below that of the collection. */
	readonly path?: string;
	readonly json?: object;
}

async function send(
	{ application, device }: Subscriber,
	permission: string,
	{ method, path = '', json, idempotent }: SubscriptionRequest,
	transport: Transport,
): Promise<HttpResponse> {
	const { baseUrl, operator } = application;
	const dialect = subscriptionsDialect(application);
	const url = baseUrl + dialect.path + path;
	const exchange = async (access: Access, correlator: string) => {
		const headers = { ...dialect.headers, ...access.headers };
		const request = jsonRequest({ method, url, json }, headers, correlator);
		const response = await transport.send(() => ({ ...request, idempotent }));
		if (isSuccess(response)) return response;
		throw refusalError(response, operator.errors, deviceInWords(device));
	};
	const needed = { scope: dialect.scope(permission) };
	return await withAccess(application, device, needed, transport, exchange);
}
