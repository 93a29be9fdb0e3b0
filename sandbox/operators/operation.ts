/** What the operations of all operators' APIs have in common. */
import type { Context, Middleware } from 'koa';

import { received } from '../exchanges';

/** A request that is answered with an error. */
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

/** A request that the API's document does not allow. Each dialect has a code of its own for it. */
export class Invalid extends Error {}

/** What all operators have, whatever lets their clients in. */
export interface Operator {
	/** Where it lies, e.g. `/camara`. */
	readonly path: string;
	/** How it writes an error. */
	readonly errorBody: (refusal: Refusal) => object;
}

const correlatorForm = /^[a-zA-Z0-9-_:;./<>{}]{0,256}$/;

/** Echoes a correlator that has the form it must have. */
export const correlated: Middleware = async (ctx, next) => {
	const correlator = ctx.get('x-correlator');
	if (correlator && correlatorForm.test(correlator)) ctx.set('x-correlator', correlator);
	await next();
};

/**
 * One operation of an API.
 *
 * @param invalidCode the operator's code for an invalid request
 * @param answer the body of the answer; throws `Refusal` and `Invalid`
 */
export function operation(
	invalidCode: string,
	{ errorBody }: Operator,
	answer: (ctx: Context) => Promise<object>,
): Middleware {
	return async (ctx) => {
		try {
			if (!correlatorForm.test(ctx.get('x-correlator'))) {
				throw new Invalid('x-correlator has the wrong form');
			}
			ctx.body = await answer(ctx);
		} catch (error) {
			const refusal =
				error instanceof Invalid ? new Refusal(400, invalidCode, error.message) : error;
			if (!(refusal instanceof Refusal)) throw error;
			ctx.status = refusal.status;
			ctx.body = errorBody(refusal);
		}
	};
}

/** The access token of a request; empty where there is none (RFC 6750, section 2.1). */
export function bearerToken(ctx: Context): string {
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

/** The members of an object that has no others than those allowed. */
export function members(value: unknown, name: string, allowed: string[]): Record<string, unknown> {
	if (typeof value !== 'object' || value === null || Array.isArray(value)) {
		throw new Invalid(`${name} must be an object`);
	}
	const unknown = Object.keys(value).find((key) => !allowed.includes(key));
	if (unknown !== undefined) throw new Invalid(`${name} has an unknown property`);
	return { ...value };
}

/** `value`, where it is a port or absent. */
export function port(value: unknown, name: string): number | undefined {
	if (value === undefined) return undefined;
	if (!Number.isInteger(value) || Number(value) < 0 || Number(value) > 65535) {
		throw new Invalid(`${name} must be an integer from 0 to 65535`);
	}
	return Number(value);
}
