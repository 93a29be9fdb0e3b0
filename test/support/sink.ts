import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RunningSandbox } from '../../sandbox/client';
import type { Delivery } from '../../sandbox/subscriptions/deliveries';

/** An event as it arrived. */
export interface Received {
	headers: IncomingHttpHeaders;
	event: {
		id: string;
		source: string;
		type: string;
		time: string;
		data: Record<string, unknown>;
	};
}

/** A receiver of events for the tests of one file; before each test it is empty and answers 204. */
export function sinkForSuite() {
	const statuses: number[] = [];
	const received: Received[] = [];
	const server = createServer((request, response) => {
		void text(request).then((body) => {
			received.push({ headers: request.headers, event: JSON.parse(body) as Received['event'] });
			response.writeHead(statuses.shift() ?? 204).end();
		});
	});
	let url = '';

	beforeAll(async () => {
		server.listen(0, '127.0.0.1');
		await once(server, 'listening');
		url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/events`;
	});
	afterAll(() => {
		server.close();
		server.closeAllConnections();
	});
	beforeEach(() => {
		statuses.length = 0;
		received.length = 0;
	});

	return {
		get url() {
			return url;
		},
		received,
		/** Answers the coming events with these statuses. */
		answer: (...coming: number[]) => void statuses.push(...coming),
		/** The ends of the types of all events that arrived. */
		types: () => received.map(({ event }) => event.type.split('.').at(-1)),
	};
}

/** Waits until no event is on its way; returns the deliveries. */
export async function delivered(sandbox: RunningSandbox): Promise<Delivery[]> {
	for (;;) {
		const deliveries = await sandbox.deliveries();
		if (deliveries.every(({ outcome }) => outcome !== 'pending')) return deliveries;
		await sleep(50);
	}
}
