import { once } from 'node:events';
import {
	Agent,
	createServer,
	request as startRequest,
	type IncomingMessage,
	type OutgoingHttpHeaders,
	type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { decodeJwt } from 'jose';
import { planned, type Fault, type Plan, type PlannedFault } from './faultPlan';

/** An unreliable proxy between the node and the sandbox. */
export interface FaultProxy {
	/** Replaces the sandbox's origin in all addresses, e.g. `http://127.0.0.1:40001`. */
	readonly origin: string;
	/** Counts of all requests, and of each fault. */
	met(): { requests: number; faults: Partial<Record<Fault, number>> };
	close(): Promise<void>;
}

interface Answer {
	readonly status: number;
	readonly headers?: OutgoingHttpHeaders;
	readonly body: string;
}

/** In ms; less than all timeouts of the node. */
const LONGEST_DELAY = 300;

/** Valid JSON that no operator's document allows. */
const OTHER_TYPES: unknown[] = [
	null,
	true,
	[],
	'roaming',
	[{ roaming: true }],
	{ roaming: 'false' },
	{ roaming: 1, countryCode: 262 },
	{ roaming: true, countryCode: '262' },
	{ access_token: { token: 'x' }, token_type: 'Bearer' },
	{ access_token: 'x', token_type: 'mac' },
	{ auth_req_id: 7 },
];

/** Statuses of a server that has no time for a request; 529 is not registered, but in use. */
const REJECTIONS = [425, 503, 529];

/** Statuses that leave open whether the request was processed; 520 to 524 are Cloudflare's. */
const FAILURES = [408, 500, 502, 504, 520, 521, 522, 523, 524];

/** Starts a proxy on a free port of 127.0.0.1, in front of the origin `target`. */
export async function startFaultProxy(target: string, plan: Plan): Promise<FaultProxy> {
	const agent = new Agent({ keepAlive: true });
	let requests = 0;
	const counts = new Map<Fault, number>();
	const attempts = new Map<string, number>();
	/** The devices that authentication requests and tokens were issued for. */
	const deviceOf = new Map<string, string>();

	async function forwarded(incoming: IncomingMessage, body: string): Promise<Answer> {
		const { method, url, headers } = incoming;
		const outgoing = startRequest(target + url, { method, headers, agent });
		outgoing.end(body);
		const [answer] = (await once(outgoing, 'response')) as [IncomingMessage];
		// `send` sends the body in one piece and adds its length.
		const headersSent = { ...answer.headers };
		delete headersSent['transfer-encoding'];
		return { status: answer.statusCode ?? 0, headers: headersSent, body: await text(answer) };
	}

	async function serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
		const body = await text(incoming);
		const path = incoming.url ?? '';
		const device = deviceMeant(incoming, body, deviceOf);
		const key = `${path} ${device}`;
		const attempt = attempts.get(key) ?? 0;
		attempts.set(key, attempt + 1);
		requests++;

		const met = planned(plan, path, device, attempt);
		if (met) counts.set(met.fault, (counts.get(met.fault) ?? 0) + 1);
		await meet(met, response, async () => {
			const answer = await forwarded(incoming, body);
			for (const given of givenIn(answer.body)) deviceOf.set(given, device);
			return answer;
		});
	}

	const server = createServer((incoming, response) => {
		// The client may have gone away.
		serve(incoming, response).catch(() => response.destroy());
	});
	server.listen({ host: '127.0.0.1', port: 0, backlog: 4096 });
	await once(server, 'listening');
	return {
		origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
		met: () => ({ requests, faults: Object.fromEntries(counts) }),
		async close() {
			const closed = once(server, 'close');
			server.close();
			server.closeAllConnections();
			agent.destroy();
			await closed;
		},
	};
}

/** Responds with the fault; `operator` forwards the request to the operator. */
async function meet(
	met: PlannedFault | undefined,
	response: ServerResponse,
	operator: () => Promise<Answer>,
): Promise<void> {
	const variation = met?.variation ?? 0;
	switch (met?.fault) {
		case undefined:
			return send(response, await operator());
		case 'delayed':
			await sleep(variation * LONGEST_DELAY);
			return send(response, await operator());
		case 'reset before it was forwarded':
			return void response.socket?.resetAndDestroy();
		case 'reset after it was forwarded':
			await operator();
			return void response.socket?.resetAndDestroy();
		case 'closed in the middle of the body': {
			const { status, headers, body } = await operator();
			response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) + 1 });
			response.write(body.slice(0, variation * body.length), () => response.destroy());
			return;
		}
		case 'body cut off': {
			const { body, ...answer } = await operator();
			return send(response, { ...answer, body: body.slice(0, variation * body.length) });
		}
		case '429 with Retry-After in seconds':
			return send(response, busy({ 'retry-after': '1' }));
		case '429 with Retry-After as a date':
			return send(response, busy({ 'retry-after': new Date(Date.now() + 1000).toUTCString() }));
		case '429 without Retry-After':
			return send(response, busy({}));
		case 'rejected without a word':
			return send(response, { status: oneOf(REJECTIONS, variation), body: '' });
		case 'failed before it was processed':
			return send(response, { status: oneOf(FAILURES, variation), body: '' });
		case 'failed after it was processed':
			await operator();
			return send(response, { status: oneOf(FAILURES, variation), body: '' });
		case 'a page in place of JSON':
			return send(response, {
				status: variation < 0.5 ? 200 : 502,
				headers: { 'content-type': 'text/html' },
				body: '<html><h1>Please sign in</h1></html>',
			});
		case 'JSON cut off': {
			const { body, ...answer } = await operator();
			return send(response, { ...answer, status: 200, body: body.slice(0, -1) });
		}
		case 'JSON of another type':
			return send(response, { status: 200, body: JSON.stringify(oneOf(OTHER_TYPES, variation)) });
		case 'never answered':
	}
}

/** @param variation 0 to 1, which it does not reach */
function oneOf<Choice>(choices: readonly Choice[], variation: number): Choice {
	return choices[Math.floor(variation * choices.length)] as Choice;
}

function busy(headers: OutgoingHttpHeaders): Answer {
	const body = { status: 429, code: 'TOO_MANY_REQUESTS', message: 'Rate limit reached' };
	return { status: 429, headers, body: JSON.stringify(body) };
}

function send(response: ServerResponse, { status, headers, body }: Answer): void {
	response.writeHead(status, {
		'content-type': 'application/json',
		...headers,
		'content-length': Buffer.byteLength(body),
	});
	response.end(body);
}

/** The device of a request, by its body, or by the token or request id that it holds. */
function deviceMeant(
	{ headers }: IncomingMessage,
	body: string,
	deviceOf: ReadonlyMap<string, string>,
): string {
	const form = new URLSearchParams(body);
	const assertion = form.get('assertion');
	const [, token = ''] = (headers.authorization ?? '').split(' ');
	return (
		form.get('login_hint') ??
		(assertion && decodeJwt(assertion).sub) ??
		deviceOf.get(form.get('auth_req_id') ?? '') ??
		(deviceOf.get(token) || (headers['content-type'] === 'application/json' ? body : ''))
	);
}

/** The request ids and tokens in a response. */
function givenIn(answer: string): string[] {
	return [...answer.matchAll(/"(?:auth_req_id|access_token)":"([^"]+)"/g)].map(
		([, given = '']) => given,
	);
}
