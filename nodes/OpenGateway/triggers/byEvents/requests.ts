import type { Subscription } from '../../apis/roamingSubscription';
import { maskedDevice, type Device } from '../../device';
import { EndedEarly, OpenGatewayError } from '../../errors';
import { backendGrant } from '../../gateway';
import type { Transport } from '../../http';
import { createSubscription, deleteSubscription, listSubscriptions } from '../../subscriptions';
import { inOrder } from '../../transport/inOrder';
import { Run } from '../../transport/run';
import type { Prepared, TriggerContext } from '../prepare';
import type { Found, Pair } from './plan';
import { isSinkAt, open, seal, sealedIn, sinkAt, sinkToken, type SinkKey } from './sink';
import type { WatchedNode } from './watchedNode';

/** Errors that are told of at once. */
const MAX_TOLD = 5;

/** Where the events of a node are delivered. */
export interface Place {
	readonly address: string;
	readonly binding: string;
	readonly node: WatchedNode;
}

/** How the requests of one run are sent. */
export interface Work {
	readonly transports: (priority: number) => Transport;
	readonly watching: Run['failFast']['watching'];
}

/** Sends the requests of one piece of work at the pace of the node's options. */
export async function inRun<Result>(
	context: TriggerContext,
	{ application, sendOptions }: Prepared,
	work: (work: Work) => Promise<Result>,
): Promise<Result> {
	const run = new Run(context);
	try {
		const transports = await run.transports(application.fingerprint, sendOptions);
		const watching: Work['watching'] = (execute) => run.failFast.watching(execute);
		return await work({ transports, watching });
	} finally {
		run.stop();
	}
}

/** What could not be done, and for which device; `undefined` if it is for all of them. */
export interface Failure {
	readonly device: Device | undefined;
	readonly pair?: Pair;
	readonly error: unknown;
}

/** Executes for all entries, several at a time, and returns those that failed. */
async function forEach<Entry>(
	entries: readonly Entry[],
	{ watching, transports }: Work,
	execute: (entry: Entry, transport: Transport) => Promise<void>,
): Promise<Array<{ readonly entry: Entry; readonly error: unknown }>> {
	const failed: Array<{ entry: Entry; error: unknown }> = [];
	const one = watching(async (index: number) => {
		await execute(entries[index]!, transports(index));
	});
	await inOrder(entries.length, async (index) => {
		await one(index).catch((error: unknown) => failed.push({ entry: entries[index]!, error }));
	});
	return failed;
}

/** Lists the subscriptions of this node: all, or those of some subscribers. */
export async function list(
	work: Work,
	prepared: Prepared,
	devices: readonly Device[],
	{ address, binding }: Pick<Place, 'address'> & Partial<Place>,
	key?: SinkKey,
): Promise<{ found: Found[]; failures: Failure[] }> {
	const { application } = prepared;
	const found: Found[] = [];
	const groups = isOfSubscribers(prepared) ? devices : [undefined];
	const failed = await forEach(groups, work, async (device, transport) => {
		for (const subscription of await listSubscriptions({ application, device }, transport)) {
			const sink = subscription.sink ?? '';
			const isHere = isSinkAt(address, sink);
			const written = sealedIn(sink);
			const sealed =
				key && binding !== undefined && written !== undefined
					? open(written, key, binding)
					: undefined;
			if (isHere || sealed) found.push({ subscription, sealed, isHere, listedFor: device });
		}
	});
	return { found, failures: failed.map(({ entry, error }) => ({ device: entry, error })) };
}

/**
 * Creates a subscription for each pair.
 * @param onCreated is called with each, also if others fail
 */
export async function create(
	work: Work,
	prepared: Prepared,
	pairs: readonly Pair[],
	{ address, binding, node }: Place,
	key: SinkKey,
	{ isInitial, onCreated }: { isInitial: boolean; onCreated: (created: Found) => void },
): Promise<Failure[]> {
	const { application, subscriptionLifetime } = prepared;
	const failed = await forEach(pairs, work, async (pair, transport) => {
		const createdAt = Date.now();
		const expiresAt = createdAt + subscriptionLifetime;
		const sealed = { ...pair, createdAt, expiresAt };
		const written = seal(sealed, key, binding);
		const subscription = await createSubscription(
			{ application, device: pair.device },
			{
				type: pair.type,
				sink: sinkAt(address, written),
				sinkToken: sinkToken(written, key),
				expiresAt,
				initialEvent: isInitial,
			},
			transport,
		);
		const listedFor = isOfSubscribers(prepared) ? pair.device : undefined;
		const created = { subscription, sealed, isHere: true, listedFor };
		if (isInTheMaking(subscription)) node.onCreated(address, created);
		onCreated(created);
	});
	return failed.map(({ entry, error }) => ({ device: entry.device, pair: entry, error }));
}

/** Whether the operator has accepted a creation, and not carried it out. */
function isInTheMaking({ sink, status }: Subscription): boolean {
	return sink === null || status === 'ACTIVATION_REQUESTED';
}

/** Deletes subscriptions; one that the operator no longer has counts as deleted. */
export async function remove(
	work: Work,
	{ application }: Prepared,
	found: readonly Found[],
	{ address, node }: Pick<Place, 'address' | 'node'>,
): Promise<Failure[]> {
	const failed = await forEach(
		found,
		work,
		async ({ subscription, sealed, listedFor }, transport) => {
			const subscriber = { application, device: listedFor };
			await deleteSubscription(subscriber, subscription.id, transport).catch((error: unknown) => {
				if (!isGone(error)) throw error;
			});
			if (sealed) node.onSettled(address, sealed);
		},
	);
	return failed.map(({ entry, error }) => ({ device: entry.listedFor, error }));
}

function isGone(error: unknown): boolean {
	const status = error instanceof OpenGatewayError ? error.context.status : undefined;
	return status === 404 || status === 410;
}

/** @throws {OpenGatewayError} one that tells of all */
export function throwFailures(failures: readonly Failure[], undone: string): void {
	const [first] = failures;
	if (!first) return;
	const told = failures.filter(({ error }) => !(error instanceof EndedEarly));
	const { error } = told[0] ?? first;
	if (failures.length === 1 || !(error instanceof OpenGatewayError)) throw error;
	const bySummary = new Map<string, Failure[]>();
	for (const failure of told) {
		const summary =
			failure.error instanceof OpenGatewayError ? failure.error.summary : 'Unknown error';
		bySummary.set(summary, [...(bySummary.get(summary) ?? []), failure]);
	}
	const reasons = [...bySummary].slice(0, MAX_TOLD).map(([summary, those]) => {
		const devices = [...new Set(those.map(({ device }) => device && maskedDevice(device)))];
		const named = devices.filter((device) => device !== undefined).slice(0, MAX_TOLD);
		const more = devices.length > named.length ? ` and ${devices.length - named.length} more` : '';
		return named.length > 0 ? `${named.join(', ')}${more}: ${summary}` : summary;
	});
	const { context } = error;
	throw new OpenGatewayError(
		`${failures.length} subscriptions could not be ${undone}: ${reasons.join(' ')}`,
		{ ...context, nextMove: error.nextMove },
	);
}
/** Whether the operator lists the subscriptions of one subscriber at a time. */
export function isOfSubscribers({ application }: Prepared): boolean {
	return backendGrant(application).subject === 'subscriber';
}
