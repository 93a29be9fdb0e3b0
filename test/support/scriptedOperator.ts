import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export interface ReceivedRequest {
	method: string;
	path: string;
	headers: IncomingHttpHeaders;
	body: string;
}

export interface ScriptedAnswer {
	/** HTTP status; 200 by default. */
	status?: number;
	/** Sent as JSON, unless it is text already. */
	body?: unknown;
	headers?: Record<string, string>;
}

export interface ScriptedOperator {
	/** Without a trailing slash, e.g. `http://127.0.0.1:40001`. */
	readonly baseUrl: string;
	/** The requests since the start, in their order. */
	readonly received: ReceivedRequest[];
	close(): Promise<void>;
}

/** `drip`: a body that never ends. `reset`: the connection is broken off. */
export type Misbehaviour = 'silence' | 'drip' | 'reset';

/**
 * An operator on the loopback with responses of the test's choice, which the sandbox, as it keeps
 * to the specifications, never sends.
 */
export async function startScriptedOperator(
	answers: (
		request: ReceivedRequest,
	) => ScriptedAnswer | Misbehaviour | Promise<ScriptedAnswer | Misbehaviour>,
): Promise<ScriptedOperator> {
	const received: ReceivedRequest[] = [];
	const server = createServer((incoming, response) => {
		void text(incoming).then(async (body) => {
			const { method = '', url: path = '', headers } = incoming;
			const request = { method, path, headers, body };
			received.push(request);
			const answer = await answers(request);
			if (answer === 'silence') return;
			if (answer === 'reset') return void incoming.socket.resetAndDestroy();
			if (answer === 'drip') {
				const drip = setInterval(() => response.write(' '), 50);
				return void response.on('close', () => clearInterval(drip));
			}
			response.writeHead(answer.status ?? 200, {
				'content-type': 'application/json',
				connection: 'close',
				...answer.headers,
			});
			response.end(
				typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body ?? null),
			);
		});
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	return {
		baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
		received,
		async close() {
			const closed = once(server, 'close');
			server.close();
			server.closeAllConnections();
			await closed;
		},
	};
}
