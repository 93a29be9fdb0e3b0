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
import { OpenGatewayError } from './errors';
import { backendGrant, withAccess } from './gateway';
import {
	isSuccess,
	jsonRequest,
	type HttpRequest,
	type HttpResponse,
	type Transport,
} from './http';
import { requireIdentifiableDevice } from './operators/camara';
import { subscriptionErrors } from './operators/sharedErrors';
import type { SubscriptionsDialect } from './operators';
import { refusalError } from './refusal';

/** Pages of a list that are read, at most. */
const MAX_PAGES = 1000;
/** Subscriptions on a page: the most that v0.9 allows. */
const PER_PAGE = 100;

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
 * Reads all pages of the list.
 * @throws {OpenGatewayError}
 */
export async function listSubscriptions(
	subscriber: Subscriber,
	transport: Transport,
): Promise<Subscription[]> {
	const found: Subscription[] = [];
	for (let page = 1; ; page++) {
		// Until v0.8 a list has one page, and no parameters.
		const path = page === 1 ? '' : `?page=${page}&perPage=${PER_PAGE}`;
		const response = await send(
			subscriber,
			subscriptionPermissions.read(),
			{ method: 'GET', path },
			transport,
		);
		const { subscriptions, pages } = readSubscriptions(response);
		found.push(...subscriptions);
		if (page >= Math.min(pages, MAX_PAGES) || subscriptions.length === 0) return found;
	}
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
		const texts =
			response.status === 401 ? operator.errors : { ...operator.errors, ...subscriptionErrors };
		throw refusalError(response, texts, device ? maskedDevice(device) : 'the devices');
	};
	const needed = { scope: dialect.scope(permission) };
	return await withAccess(application, device, needed, transport, exchange);
}
