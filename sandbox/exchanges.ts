import type { IncomingMessage } from 'node:http';
import type { Context, Middleware } from 'koa';

/** A request and its response, as they went over the wire. */
export interface Exchange {
	/** When the request arrived, RFC 3339. */
	at: string;
	method: string;
	/** Includes the query. */
	path: string;
	headers: Record<string, string | string[] | undefined>;
	body: string;
	status: number;
	answerHeaders: Record<string, number | string | string[] | undefined>;
	answer: string;
}

const KEPT = 10_000;

/**
 * The latest exchanges, for tests and for users who want to see what a workflow really sent. They
 * include secrets and tokens, which are made up and never leave the loopback.
 */
export class Exchanges {
	#latest: Exchange[] = [];

	add(exchange: Exchange): void {
		this.#latest.push(exchange);
		if (this.#latest.length > KEPT) this.#latest.shift();
	}

	forget(): void {
		this.#latest = [];
	}

	toJSON(): readonly Exchange[] {
		return this.#latest;
	}
}

const MAX_BODY_LENGTH = 1_000_000;

/** Reads the body of every request, for `received`. A body that is too long breaks the connection. */
export const bodyRead: Middleware = async (ctx, next) => {
	const body = await bodyOf(ctx.req);
	if (body === undefined) {
		ctx.respond = false;
		return;
	}
	ctx.state.body = body;
	await next();
};

/** The body of a request. */
export function received(ctx: Pick<Context, 'state'>): string {
	return String(ctx.state.body);
}

/** The body; undefined if it is too long or the client has gone. */
async function bodyOf(request: IncomingMessage): Promise<string | undefined> {
	const chunks: Buffer[] = [];
	let length = 0;
	try {
		for await (const chunk of request as AsyncIterable<Buffer>) {
			length += chunk.length;
			if (length > MAX_BODY_LENGTH) return void request.destroy();
			chunks.push(chunk);
		}
	} catch {
		return undefined;
	}
	return Buffer.concat(chunks).toString();
}

/** Adds each exchange under one of the paths before its response is sent, so that clients find it. */
export function recorded(exchanges: Exchanges, paths: readonly string[]): Middleware {
	return async (ctx, next) => {
		if (!paths.some((path) => ctx.path.startsWith(path))) return await next();
		const at = new Date().toISOString();
		const { method, url: path, headers } = ctx.req;
		await next();
		exchanges.add({
			at,
			method: method!,
			path: path!,
			headers,
			body: received(ctx),
			status: ctx.status,
			answerHeaders: { ...ctx.response.headers },
			answer: textOf(ctx.body),
		});
	};
}

/** A body as Koa sends it: a string unchanged, everything else as JSON. */
function textOf(body: unknown): string {
	if (body === undefined || body === null) return '';
	return typeof body === 'string' ? body : JSON.stringify(body);
}

/** The value that a text in JSON has; `undefined` if it is not JSON. */
export function fromJson(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}
