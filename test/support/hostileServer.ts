import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pipeline, Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';

/** Answers a request in whatever way it likes. */
export type Behaviour = (request: IncomingMessage, response: ServerResponse) => void;

export interface HostileServer {
	/** Without a trailing slash. */
	readonly baseUrl: string;
	/** Requests since the start. */
	readonly received: number;
	/** Bytes that all its connections have sent. */
	readonly sent: number;
	/** Connections that are open. */
	readonly open: number;
	close(): Promise<void>;
}

/** A server on the loopback that keeps to no rule. */
export async function startHostileServer(behaviour: Behaviour): Promise<HostileServer> {
	let received = 0;
	let sentByClosed = 0;
	const sockets = new Set<IncomingMessage['socket']>();
	const server = createServer((request, response) => {
		received++;
		// The client hangs up in the middle of a response.
		response.on('error', () => undefined);
		request.resume();
		behaviour(request, response);
	});
	server.on('connection', (socket) => {
		sockets.add(socket);
		socket.on('error', () => undefined);
		socket.on('close', () => {
			sockets.delete(socket);
			sentByClosed += socket.bytesWritten;
		});
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	return {
		baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
		get received() {
			return received;
		},
		get sent() {
			return [...sockets].reduce((sum, socket) => sum + socket.bytesWritten, sentByClosed);
		},
		get open() {
			return sockets.size;
		},
		async close() {
			const closed = once(server, 'close');
			server.close();
			server.closeAllConnections();
			await closed;
		},
	};
}

export const answering =
	(body: unknown, status = 200, headers: Record<string, string> = {}): Behaviour =>
	(_request, response) => {
		response.writeHead(status, {
			'content-type': 'application/json',
			connection: 'close',
			...headers,
		});
		response.end(typeof body === 'string' ? body : JSON.stringify(body));
	};

const MEGABYTE = 1_000_000;
const GIGABYTE = 1000 * MEGABYTE;

/** Ten megabytes of spaces as a member of a gzip file, of which any number may follow each other. */
const gzipped = gzipSync(Buffer.alloc(10 * MEGABYTE, ' '), { level: 9 });

/** 1 GB of spaces, packed into 1 MB. */
export const gzipBomb =
	(status = 200): Behaviour =>
	(_request, response) => {
		response.writeHead(status, {
			'content-type': 'application/json',
			'content-encoding': 'gzip',
			connection: 'close',
		});
		for (let unpacked = 0; unpacked < GIGABYTE; unpacked += 10 * MEGABYTE) response.write(gzipped);
		response.end();
	};

/** 1 GB of spaces as they are. */
export const flood =
	(status = 200, length?: number): Behaviour =>
	(_request, response) => {
		response.writeHead(status, {
			'content-type': 'application/json',
			connection: 'close',
			...(length !== undefined && { 'content-length': String(length) }),
		});
		const megabyte = Buffer.alloc(MEGABYTE, ' ');
		const body = Readable.from(
			(function* () {
				for (let sent = 0; sent < GIGABYTE; sent += MEGABYTE) yield megabyte;
			})(),
		);
		pipeline(body, response, () => undefined);
	};

/** A byte of the body every 300 ms, for ever. */
export const drip: Behaviour = (_request, response) => {
	response.writeHead(200, { 'content-type': 'application/json' });
	repeat(response, () => response.write(' '));
};

/** A byte of the headers every 300 ms, for ever. */
export const dripHeaders: Behaviour = (_request, response) => {
	const { socket } = response;
	socket?.write('HTTP/1.1 200 OK\r\nx-slow: ');
	repeat(response, () => socket?.write('a'));
};

function repeat(response: ServerResponse, write: () => void): void {
	const timer = setInterval(write, 300);
	response.socket?.on('close', () => clearInterval(timer));
}

export const silence: Behaviour = () => undefined;

export const manyHeaders: Behaviour = (_request, { socket }) => {
	const headers = Array.from({ length: 10_000 }, (_, at) => `x-${at}: ${at}`);
	socket?.end(['HTTP/1.1 200 OK', ...headers, 'content-length: 2', '', '{}'].join('\r\n'));
};

/** To the same address, again and again. */
export const redirectLoop: Behaviour = (request, response) => {
	response.writeHead(302, { location: request.url ?? '/', connection: 'close' });
	response.end();
};

/** JSON of so many levels. */
export const deep = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);
