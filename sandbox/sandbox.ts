/** An operator on the loopback: Telefónica's authorization and Device Status under one base URL. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

import { loadAuthorization } from './authorization';
import { roamingStatus } from './deviceStatus';
import { type Exchange, Exchanges } from './exchanges';

export interface Sandbox {
	/** What a credential takes as the operator's base URL, e.g. `http://127.0.0.1:8480/apigateway`. */
	readonly baseUrl: string;
	close(): Promise<void>;
}

type Handler = (request: IncomingMessage, body: Buffer, response: ServerResponse) => unknown;
type Handlers = Partial<Record<string, Partial<Record<string, Handler>>>>;

const gateway = '/apigateway';
const roamingPath = `${gateway}/device-status/v0/roaming`;
const correlatorForm = /^[a-zA-Z0-9-_:;./<>{}]{0,256}$/;
const longestBody = 1_000_000;

/**
 * Starts the operator on 127.0.0.1.
 *
 * @param port TCP port; 0 takes a free one
 * @param latencyMs how much later than it could the operator answers
 * @throws the listening error, e.g. with the code EADDRINUSE
 */
export async function startSandbox({
	port,
	latencyMs,
}: {
	port: number;
	latencyMs: number;
}): Promise<Sandbox> {
	const exchanges = new Exchanges();
	const authorizationAt = await loadAuthorization();

	const server = createServer();
	// A client that polls every few seconds keeps its connection.
	server.keepAliveTimeout = 60_000;
	server.listen({ host: '127.0.0.1', port, backlog: 4096 });
	await once(server, 'listening');
	const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
	const authorization = authorizationAt(origin + gateway);

	const handlers: Handlers = {
		[`${gateway}/authorize`]: { GET: authorization.answer },
		[`${gateway}/bc-authorize`]: { POST: authorization.answer },
		[`${gateway}/token`]: { POST: authorization.answer },
		[roamingPath]: {
			POST: async (request, body, response) => {
				const { authorizedBy } = authorization;
				const answer = await roamingStatus(request.headers, body.toString(), authorizedBy);
				send(response, answer.status, answer.body, answer.headers);
			},
		},
		'/sandbox/exchanges': {
			GET: (_request, _body, response) => send(response, 200, exchanges),
			DELETE: (_request, _body, response) => {
				exchanges.forget();
				response.writeHead(204).end();
			},
		},
		'/sandbox/latency': {
			PUT: (_request, body, response) => {
				const ms = milliseconds(body.toString());
				if (ms === undefined) return refuse(response, 400, 'INVALID_INPUT', 'Send {"ms": 50}');
				latencyMs = ms;
				response.writeHead(204).end();
			},
		},
	};

	server.on('request', (request, response) => {
		answer(request, response).catch((error: unknown) => {
			console.error(error);
			if (response.headersSent) response.destroy();
			else refuse(response, 500, 'INTERNAL_SERVER_ERROR', 'The sandbox failed: see its output');
		});
	});

	async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
		const path = request.url!.split('?', 1)[0]!;
		const at = new Date().toISOString();
		const body = await bodyOf(request);
		if (!body) return;
		if (path.startsWith(gateway)) {
			recordWhenAnswered(request, body, response, at);
			if (latencyMs > 0) await sleep(latencyMs);
		}

		const correlator = request.headers['x-correlator'];
		if (typeof correlator === 'string') {
			if (correlatorForm.test(correlator)) response.setHeader('x-correlator', correlator);
			else if (path === roamingPath) {
				return refuse(response, 400, 'INVALID_INPUT', 'x-correlator has the wrong form');
			}
		}

		const methods = handlers[path];
		if (!methods) return refuse(response, 404, 'NOT_FOUND', 'There is nothing at this path');
		const handler = methods[request.method!];
		if (!handler) {
			response.setHeader('allow', Object.keys(methods).join(', '));
			return refuse(response, 405, 'METHOD_NOT_ALLOWED', 'Not with this method');
		}
		await handler(request, body, response);
	}

	function recordWhenAnswered(
		request: IncomingMessage,
		body: Buffer,
		response: ServerResponse,
		at: string,
	): void {
		const end = response.end;
		// Recorded before the answer leaves, so that whoever has the answer finds the exchange.
		response.end = ((...args: Parameters<typeof end>) => {
			const [chunk] = args as unknown[];
			const exchange: Exchange = {
				at,
				method: request.method!,
				path: request.url!,
				headers: request.headers,
				body: body.toString(),
				status: response.statusCode,
				answerHeaders: { ...response.getHeaders() },
				answer: typeof chunk === 'string' || chunk instanceof Buffer ? chunk.toString() : '',
			};
			exchanges.add(exchange);
			return end.apply(response, args);
		}) as typeof end;
	}

	return {
		baseUrl: origin + gateway,
		async close() {
			const closed = once(server, 'close');
			server.close();
			server.closeAllConnections();
			await closed;
		},
	};
}

/** The request's body; undefined where it is too long or the client went away, and all is over. */
async function bodyOf(request: IncomingMessage): Promise<Buffer | undefined> {
	const chunks: Buffer[] = [];
	let length = 0;
	try {
		for await (const chunk of request as AsyncIterable<Buffer>) {
			length += chunk.length;
			if (length > longestBody) return void request.destroy();
			chunks.push(chunk);
		}
	} catch {
		return undefined;
	}
	return Buffer.concat(chunks);
}

function send(
	response: ServerResponse,
	status: number,
	body: object,
	headers: Record<string, string> = {},
): void {
	response.statusCode = status;
	response.setHeader('content-type', 'application/json; charset=utf-8');
	for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
	response.end(JSON.stringify(body));
}

function refuse(response: ServerResponse, status: number, code: string, message: string): void {
	send(response, status, { code, message });
}

function milliseconds(body: string): number | undefined {
	try {
		const { ms } = JSON.parse(body) as { ms?: unknown };
		return typeof ms === 'number' && ms >= 0 && ms <= 60_000 ? ms : undefined;
	} catch {
		return undefined;
	}
}
