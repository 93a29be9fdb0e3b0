/** What the operations of all operators' APIs have in common. */
import type { Context, Middleware } from 'koa';
import type { Authorized, AuthorizedBy, Authorization } from '../authorization/dialect';
import type { Devices } from '../devices';
import { received } from '../exchanges';
import { answeredOddly } from '../oddities';
import type { Settings } from '../settings';
import type { Counters } from '../statistics';
import { endingOf, type Subscriber } from '../subscribers';
import type { SubscriptionsApi } from '../subscriptions/version';

/** An error response. */
export class Refusal extends Error {
	constructor(
		/** HTTP status. */
		readonly status: number,
		readonly code: string,
		message: string,
	) {
		super(message);
	}
}

/** A request that the API's document does not allow; each operator has its own code for it. */
export class Invalid extends Error {}

/** An operator of the sandbox. */
export interface Operator {
	/** The prefix of all its paths, e.g. `/camara`. */
	readonly path: string;
	/** Its authorization server; absent if clients need no access token. */
	readonly authorization?: Authorization;
	/** The prefix of the paths of its authorization server, if it is another one. */
	readonly authorizationPath?: string;
	/** Comes before its APIs, e.g. to check an API key. */
	readonly front?: Middleware;
	/** Further fields of a credential, by their names in the form. */
	readonly credential?: Readonly<Record<string, string>>;
	/** Its codes for errors that all of its APIs share. */
	readonly codes: {
		readonly invalid: string;
		readonly unauthenticated: string;
		readonly forbidden: string;
	};
	/** Its response to a path that it does not serve. Absent if it is HTTP 404 in the form of its errors. */
	readonly unknownPath?: (path: string) => { readonly status: number; readonly body: object };
	/** Writes an error. */
	readonly errorBody: (refusal: Refusal) => object;
	/** The APIs that it answers, by their names in `nodes/OpenGateway/apis`, with further versions of them. */
	readonly apis: Readonly<Record<string, Api>>;
	/** The versions of subscriptions that it offers. */
	readonly subscriptions?: readonly SubscriptionsApi[];
}

/** One API of an operator, called with POST. */
export interface Api extends Operation {
	/** Below the operator's path, e.g. `/device-status/v0/roaming`. */
	readonly path: string;
}

/** A request that an operator answers. */
export interface Operation {
	/** A token needs one of these; the applications are registered for all of them. */
	readonly scopes: readonly string[];
	/**
	 * Sets the status of the response if it is not HTTP 200.
	 *
	 * @returns the body of the response, `undefined` for HTTP 204; throws `Refusal` and `Invalid`
	 */
	readonly answer: (ctx: Context, access: Access) => object | undefined;
}

/** Who a request is about and from, as far as its access token tells. */
export interface Access {
	/** The subscriber of a 3-legged token, as `identityOf` writes it. */
	readonly subscriber?: string;
	/** The application; empty if the operator has no access tokens. */
	readonly clientId: string;
	/** Whether the token has a scope, or the operator has no tokens. */
	allows(scope: string): boolean;
	/** Notes which subscribers the body names, for the statistics. */
	asked(identities: readonly string[]): void;
	/** A subscriber with its present status. */
	subscriberOf(identity: string): Subscriber;
}

/** What the operations of all operators share. */
export interface Shared {
	readonly counters: Counters;
	readonly settings: Settings;
	readonly devices: Devices;
}

const CORRELATOR = /^[a-zA-Z0-9-_:;./<>{}]{0,256}$/;

/** Echoes a valid correlator. */
export const correlated: Middleware = async (ctx, next) => {
	const correlator = ctx.get('x-correlator');
	if (correlator && CORRELATOR.test(correlator)) ctx.set('x-correlator', correlator);
	await next();
};

/** @param authorizedBy absent if the operator has no authorization server */
export function operation(
	operator: Operator,
	{ scopes, answer }: Operation,
	authorizedBy: AuthorizedBy | undefined,
	{ counters, settings, devices }: Shared,
): Middleware {
	return async (ctx) => {
		const { oddities } = settings;
		if (answeredOddly(ctx, oddities, '*')) return;
		let asked: string | undefined;
		try {
			if (!CORRELATOR.test(ctx.get('x-correlator'))) {
				throw new Invalid('x-correlator has the wrong form');
			}
			const authorized = authorizedBy && (await authorizedBy(bearerToken(ctx)));
			if (authorizedBy) requireScope(authorized, scopes, operator, ctx);
			const subscriber = authorized?.subscriber;
			ctx.body = answer(ctx, {
				subscriber,
				clientId: authorized?.clientId ?? '',
				allows: (scope) => !authorized || authorized.scopes.has(scope),
				asked(identities) {
					counters.asked(subscriber, identities);
					asked = subscriber ?? identities[0];
					if (asked !== undefined) devices.asked(asked);
				},
				subscriberOf: (identity) => devices.subscriberOf(identity),
			});
			// A subscription that has been created is not hidden.
			if (ctx.status !== 200) return;
			answeredOddly(ctx, oddities, asked === undefined ? '' : endingOf(asked));
		} catch (error) {
			const refusal =
				error instanceof Invalid ? new Refusal(400, operator.codes.invalid, error.message) : error;
			if (!(refusal instanceof Refusal)) throw error;
			ctx.status = refusal.status;
			ctx.body = operator.errorBody(refusal);
		}
	};
}

function requireScope(
	authorized: Authorized | undefined,
	scopes: readonly string[],
	{ codes }: Operator,
	ctx: Context,
): void {
	if (!authorized) {
		ctx.set('www-authenticate', 'Bearer');
		const message = 'The access token is missing, unknown or expired';
		throw new Refusal(401, codes.unauthenticated, message);
	}
	if (!scopes.some((scope) => authorized.scopes.has(scope))) {
		throw new Refusal(403, codes.forbidden, 'The access token is not for this API');
	}
}

/** The access token of a request; empty if there is none (RFC 6750, 2.1). */
function bearerToken(ctx: Context): string {
	return /^Bearer +(\S+)$/i.exec(ctx.get('authorization'))?.[1] ?? '';
}

/** The request's body, which must be JSON. */
export function jsonBody(ctx: Context): unknown {
	if (!ctx.is('application/json')) throw new Invalid('The content type must be application/json');
	try {
		return JSON.parse(received(ctx));
	} catch {
		throw new Invalid('The body must be JSON');
	}
}

/** The properties of an object, which must all be allowed. */
export function members(value: unknown, name: string, allowed: string[]): Record<string, unknown> {
	if (typeof value !== 'object' || value === null || Array.isArray(value)) {
		throw new Invalid(`${name} must be an object`);
	}
	const unknown = Object.keys(value).find((key) => !allowed.includes(key));
	if (unknown !== undefined) throw new Invalid(`${name} has an unknown property`);
	return { ...value };
}

/** A port, if there is one. */
export function port(value: unknown, name: string): number | undefined {
	if (value === undefined) return undefined;
	if (!Number.isInteger(value) || Number(value) < 0 || Number(value) > 65535) {
		throw new Invalid(`${name} must be an integer from 0 to 65535`);
	}
	return Number(value);
}
