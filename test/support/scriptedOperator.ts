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
	/** HTTP status; 200 where it is left out. */
	status?: number;
	/** Sent as JSON, unless it is text already. */
	body?: unknown;
	headers?: Record<string, string>;
}

export interface ScriptedOperator {
	/** Without a trailing slash, e.g. `http://127.0.0.1:40001`. */
	readonly baseUrl: string;
	/** What came in since the start, in its order. */
	readonly received: ReceivedRequest[];
	close(): Promise<void>;
}

/**
 * An operator on the loopback that answers as it is told: for answers that the sandbox, which
 * keeps to the specifications, never gives.
 */
export async function startScriptedOperator(
	answers: (request: ReceivedRequest) => ScriptedAnswer | 'silence',
): Promise<ScriptedOperator> {
	const received: ReceivedRequest[] = [];
	const server = createServer((incoming, response) => {
		void text(incoming).then((body) => {
			const { method = '', url: path = '', headers } = incoming;
			const request = { method, path, headers, body };
			received.push(request);
			const answer = answers(request);
			if (answer === 'silence') return;
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
