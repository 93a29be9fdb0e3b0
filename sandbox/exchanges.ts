import type { IncomingMessage } from 'node:http';
import type { Context, Middleware } from 'koa';

/** One request and its answer, as they went over the wire. */
export interface Exchange {
	/** When the request arrived, RFC 3339. */
	at: string;
	method: string;
	/** With its query. */
	path: string;
	headers: Record<string, string | string[] | undefined>;
	body: string;
	status: number;
	answerHeaders: Record<string, number | string | string[] | undefined>;
	answer: string;
}

const KEPT = 10_000;

/**
 * The latest exchanges of this run, for tests and for whoever wants to see what a workflow really
 * sent. Secrets and tokens stay in: they are made up, and never leave the developer's own loopback.
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

/** Reads the body of every request, for `received`; ends the connection where it is too long. */
export const bodyRead: Middleware = async (ctx, next) => {
	const body = await bodyOf(ctx.req);
	if (body === undefined) {
		ctx.respond = false;
		return;
	}
	ctx.state.body = body;
	await next();
};

/** The body of a request, as it came. */
export function received(ctx: Pick<Context, 'state'>): string {
	return String(ctx.state.body);
}

/** The request's body; undefined where it is too long or the client went away, and all is over. */
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

/**
 * Adds every exchange under one of the paths, before its answer leaves: whoever has the answer
 * finds the exchange.
 */
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

/** A body as Koa sends it: text as it is, anything else as JSON. */
function textOf(body: unknown): string {
	if (body === undefined || body === null) return '';
	return typeof body === 'string' ? body : JSON.stringify(body);
}
