import type { IDataObject, IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';
import { roamingStatus } from '../../apis/roamingStatus';
import type { Device } from '../../device';
import { ask } from '../../gateway';
import { Run } from '../../transport/run';
import { nodeKey } from '../nodeKey';
import type { Prepared } from '../prepare';
import type { KnownStatus, RoamingEvent } from '../roamingEvent';
import { inWords } from '../triggerError';
import { unsealed } from './authentication';
import { changeIn } from './changes';
import { readCloudEvent, type CloudEvent, type RoamingTold } from './cloudEvent';
import { Duplicates, type EventNames } from './duplicates';
import { pairKey } from './plan';
import { isSinkToken, sealedInQuery, type SealedSubscription } from './sink';
import { watchedNode } from './watchedNode';

/** Bytes: an event has less than one thousand. */
const MAX_BODY = 65_536;
/** How long the operator may take to tell the country (ms). */
const COUNTRY_TIMEOUT = 10_000;

const duplicates = new Duplicates();

/**
 * Receives an event that an operator delivers. A sender without the token of the sink learns nothing,
 * and causes no execution and no request.
 * @returns what n8n starts the workflow with, or nothing if the answer was sent
 */
export async function receive(this: IWebhookFunctions): Promise<IWebhookResponseData> {
	const response = this.getResponseObject();
	const answer = (status: number): IWebhookResponseData => {
		// The rest of a body that was not read is not to be taken for another request.
		if (status === 413) response.setHeader('connection', 'close');
		response.status(status).end();
		return { noWebhookResponse: true };
	};
	try {
		const outcome = await receiveEvent(this);
		if (typeof outcome === 'number') return answer(outcome);
		return {
			workflowData: [[outcome.item]],
			// n8n reads it when the workflow runs, just before it saves static data. What changed
			// earlier, n8n 2.41 takes for unchanged once it has begun the run.
			get webhookResponse() {
				outcome.store();
				return undefined;
			},
		};
	} catch (error) {
		warnOnce(this, error);
		return answer(503);
	}
}

const warnedOf = new WeakSet<object>();

/** Any number of requests may meet the same fault. */
function warnOnce(context: IWebhookFunctions, error: unknown): void {
	if (typeof error !== 'object' || error === null || warnedOf.has(error)) return;
	warnedOf.add(error);
	const { name } = context.getNode();
	context.logger.warn(
		`"${name}" cannot take an event, which the operator may send again: ${inWords(error)}`,
	);
}

/** What starts the workflow. */
interface Received {
	readonly item: { readonly json: IDataObject };
	/** Notes in static data that the event was received. */
	store(): void;
}

/** @returns the HTTP status of the answer if there is no item */
async function receiveEvent(context: IWebhookFunctions): Promise<Received | number> {
	const request = context.getRequestObject();
	const { authorization = '', 'content-length': length } = context.getHeaderData();
	if (Number(length) > MAX_BODY) return 413;
	const [, token] = /^Bearer +([\w-]{20,200})$/i.exec(String(authorization)) ?? [];
	if (token === undefined) return 401;
	const written = sealedInQuery(context.getQueryData() as Record<string, unknown>);
	if (written === undefined || written.length > MAX_BODY) return 404;
	const opened = await unsealed(context, written);
	if (!opened) return 404;
	const { sealed, key, prepared, wanted } = opened;
	if (!isSinkToken(token, written, key)) return 401;
	if (!wanted.has(pairKey(sealed))) return 410;

	const body = await readBody(request);
	if (body === undefined) return 413;
	const event = readCloudEvent(body);
	if (!event || ('type' in event.told && event.told.type !== sealed.type)) return 400;

	const data = context.getWorkflowStaticData('node');
	const stored = Array.isArray(data.events) ? (data.events as string[]) : [];
	const noted = duplicates.note(nodeKey(context), namesOf(event, sealed, written), stored);
	if (!noted) return 204;
	if ('lifecycle' in event.told && event.told.lifecycle === 'subscriptionEnded') {
		const node = watchedNode(context);
		if (event.subscriptionId !== null) node.onEnded(event.subscriptionId);
		if (node.address !== undefined) node.onSettled(node.address, sealed);
	}
	const item = await itemOf(context, event, sealed.device, prepared);
	if (!item) return 204;
	const response = context.getResponseObject();
	// If n8n cannot start the workflow, the operator delivers the event again.
	response.once('close', () => {
		if (response.statusCode >= 300) noted.forget();
	});
	return { item: { json: { ...item } }, store: () => void (data.events = noted.stored()) };
}

/**
 * @returns `undefined` if the body is too large
 * @throws if the sender breaks off
 */
async function readBody(
	request: ReturnType<IWebhookFunctions['getRequestObject']>,
): Promise<string | undefined> {
	// n8n has read the body if it knows its media type.
	const rawBody = request.rawBody as Buffer | undefined;
	if (rawBody) return rawBody.length > MAX_BODY ? undefined : rawBody.toString();
	if (request.readableEnded) return '';
	return await new Promise((resolve, reject) => {
		const chunks: Buffer[] = [];
		let size = 0;
		const onData = (chunk: Buffer) => {
			chunks.push(chunk);
			size += chunk.length;
			if (size <= MAX_BODY) return;
			request.off('data', onData).pause();
			resolve(undefined);
		};
		request.on('data', onData);
		request.once('end', () => resolve(Buffer.concat(chunks).toString()));
		request.once('close', () => reject(new Error('The sender broke off.')));
	});
}

function namesOf(
	{ id, source, time, told }: CloudEvent,
	sealed: SealedSubscription,
	written: string,
): EventNames {
	const happening =
		'type' in told
			? [pairKey(sealed), Date.parse(time), told.roaming, told.countryCode]
			: undefined;
	return { id: [source, id], happening, subscription: written };
}

/** @returns `undefined` if nobody chose the event */
async function itemOf(
	context: IWebhookFunctions,
	{ id, time, subscriptionId, told }: CloudEvent,
	device: Device,
	prepared: Prepared,
): Promise<RoamingEvent | (RoamingEvent & { reason: string | null }) | undefined> {
	const shared = {
		device,
		previous: null as KnownStatus | null,
		time,
		subscriptionId,
		eventId: id,
	};
	if ('lifecycle' in told) {
		if (!prepared.lifecycleEvents) return undefined;
		return {
			event: told.lifecycle,
			reason: told.reason,
			...{ roaming: null, country: null, countryCode: null, countryName: [] },
			...shared,
		};
	}
	const event = changeIn(told.type, told.roaming, prepared.changes);
	if (!event) return undefined;
	const { roaming, country, countryCode, countryName } = await withCountry(
		context,
		told,
		device,
		prepared,
	);
	return { event, roaming, country, countryCode, countryName, ...shared };
}

/** Asks the operator for the country, once, if the event does not tell it. */
async function withCountry(
	context: IWebhookFunctions,
	told: RoamingTold,
	device: Device,
	{ application, sendOptions }: Prepared,
): Promise<Omit<RoamingTold, 'type'>> {
	if (!told.roaming || told.country !== null || told.countryCode !== null) return told;
	if (told.type === 'roaming-change-country') return told;
	const run = new Run(context);
	try {
		const timeout = Math.min(sendOptions.timeout, COUNTRY_TIMEOUT);
		const transports = await run.transports(application.fingerprint, {
			...sendOptions,
			...{ retries: 0, timeout },
		});
		const transport = transports(0);
		const answer = await Promise.race([
			ask(roamingStatus, application, device, transport),
			transport.wait(COUNTRY_TIMEOUT).then(() => undefined),
		]);
		return answer?.roaming ? { ...told, ...answer } : told;
	} catch {
		// The event is worth passing on without it.
		return told;
	} finally {
		run.stop();
	}
}
