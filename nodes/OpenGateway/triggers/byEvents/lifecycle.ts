import type { IHookFunctions, ITriggerFunctions } from 'n8n-workflow';
import type { Subscription } from '../../apis/roamingSubscription';
import { maskedDevice, type Device } from '../../device';
import { EndedEarly, OpenGatewayError } from '../../errors';
import { backendGrant } from '../../gateway';
import type { Transport } from '../../http';
import {
	createSubscription,
	deleteSubscription,
	listSubscriptions,
	subscriptionsDialect,
} from '../../subscriptions';
import { inOrder } from '../../transport/inOrder';
import { Run } from '../../transport/run';
import type { Clock } from '../clock';
import { isStart, prepare, type Prepared, type TriggerContext } from '../prepare';
import { inWords, toTriggerError } from '../triggerError';
import { typesFor } from './changes';
import { endOf, marginOf, pairKey, planFor, type Found, type Pair, type Plan } from './plan';
import { isSinkAt, open, seal, sealedIn, sinkAt, sinkKey, sinkToken, type SinkKey } from './sink';
import { bindingOf, watchedNode, type WatchedNode } from './watchedNode';
import {
	rememberAddress,
	rememberedAddress,
	requireReachable,
	webhookAddress,
} from './webhookAddress';

/** Subscribers whose subscriptions the clock compares at a time: each takes a request or more. */
const SUBSCRIBERS_AT_A_TIME = 50;
/** Errors that are told of at once. */
const MAX_TOLD = 5;

/** Nothing is known without asking the operator, which {@link subscribe} does. */
export async function hasSubscriptions(this: IHookFunctions): Promise<boolean> {
	return false;
}

/**
 * Subscribes to the changes of all devices, or of none. n8n also calls it at each of its starts:
 * then the clock does it, since operators may not be there.
 * @throws {NodeOperationError}
 */
export async function subscribe(this: IHookFunctions): Promise<boolean> {
	const isTest = this.getMode() === 'manual';
	const node = watchedNode(this);
	const address = webhookAddress(this);
	if (!isTest) rememberAddress(this, address);
	if (isStart(this)) return true;
	try {
		const prepared = await prepare(this);
		if (prepared.isByEvents) {
			const place = { address, binding: bindingOf(this, isTest), node };
			await node.exclusively(async () => await publish(this, prepared, place));
		}
		if (!isTest) node.outcome = {};
		return true;
	} catch (error) {
		if (!isTest) node.outcome = { error };
		throw toTriggerError(this.getNode(), error);
	}
}

/**
 * Deletes the subscriptions whose events come to this webhook, and no other.
 * @throws {NodeOperationError}
 */
export async function unsubscribe(this: IHookFunctions): Promise<boolean> {
	const node = watchedNode(this);
	const address = webhookAddress(this);
	// Of a test, it is another one.
	if (node.address === address) node.clock = undefined;
	try {
		const prepared = await prepare(this);
		if (prepared.isByEvents && address !== '') {
			await node.exclusively(async () => await deleteAll(this, prepared, { address, node }));
		}
		return true;
	} catch (error) {
		throw toTriggerError(this.getNode(), error);
	}
}

/** The clock's work: subscriptions that have ended, or are about to, are made anew. */
export function keeper(context: ITriggerFunctions): Clock {
	const node = watchedNode(context);
	const clock = {};
	let working: Promise<void> | undefined;
	const work = async () => {
		try {
			await compare(context, node, () => node.clock === clock);
			if (node.warning !== undefined) context.logger.info('The subscriptions are in place again.');
			node.warning = undefined;
		} catch (error) {
			const warning = inWords(error);
			if (node.warning === undefined) {
				context.logger.warn(
					`Open Gateway subscriptions of "${context.getNode().name}": ${warning}`,
				);
			}
			node.warning = warning;
		}
	};
	const tick = async () => {
		if (node.clock !== clock) return;
		working ??= work().finally(() => (working = undefined));
		await working;
	};
	return {
		async begin() {
			node.clock = clock;
			if (isStart(context)) return void tick();
			const outcome = await node.published();
			if (outcome?.error === undefined) return;
			// If the one fails, the other is not to go on alone.
			node.clock = undefined;
			throw outcome.error;
		},
		tick,
		end() {
			if (node.clock === clock) node.clock = undefined;
		},
	};
}

/** Where the events of a node are delivered. */
interface Place {
	readonly address: string;
	readonly binding: string;
	readonly node: WatchedNode;
}

async function publish(context: TriggerContext, prepared: Prepared, place: Place): Promise<void> {
	const { application, devices, initialStatus } = prepared;
	requireReachable(place.address);
	subscriptionsDialect(application);
	backendGrant(application);
	const key = await sinkKey(application.fingerprint);
	const created: Found[] = [];
	const making = inRun(context, prepared, async (work) => {
		const { found, failures } = await list(work, prepared, devices, place, key);
		throwFailures(failures, 'made');
		const plan = planNow(pairsOf(devices, prepared), found, place);
		const options = {
			isInitial: initialStatus,
			onCreated: (one: Found) => void created.push(one),
		};
		throwFailures(await create(work, prepared, plan.create, place, key, options), 'made');
		// What cannot be deleted now, the clock deletes.
		await remove(work, prepared, plan.remove, place);
	});
	await making.catch(async (error: unknown) => {
		await inRun(context, prepared, async (work) => await remove(work, prepared, created, place));
		throw error;
	});
}

async function deleteAll(
	context: TriggerContext,
	prepared: Prepared,
	place: Pick<Place, 'address' | 'node'>,
): Promise<void> {
	await inRun(context, prepared, async (work) => {
		const { found, failures } = await list(work, prepared, prepared.devices, place);
		const listed = new Set(found.map(({ subscription }) => subscription.id));
		const unlisted = place.node
			.inTheMaking(place.address)
			.filter(({ subscription }) => !listed.has(subscription.id));
		const notDeleted = await remove(work, prepared, [...found, ...unlisted], place);
		throwFailures([...failures, ...notDeleted], 'deleted');
	});
}

/** Compares the subscriptions with those that are wanted: all, or those of some subscribers. */
async function compare(
	context: ITriggerFunctions,
	node: WatchedNode,
	isOn: () => boolean,
): Promise<void> {
	const prepared = await prepare(context);
	const address = await rememberedAddress(context);
	if (address === undefined) return;
	requireReachable(address);
	const place = { address, binding: bindingOf(context, false), node };
	const key = await sinkKey(prepared.application.fingerprint);
	await node.exclusively(async () => {
		if (isOn())
			await inRun(context, prepared, async (work) => await renew(work, prepared, place, key));
	});
}

async function renew(work: Work, prepared: Prepared, place: Place, key: SinkKey): Promise<void> {
	const { node } = place;
	const devices = isOfSubscribers(prepared)
		? nextSubscribers(prepared.devices, node)
		: prepared.devices;
	const listed = await list(work, prepared, devices, place, key);
	const unknown = new Set(listed.failures.map(({ device }) => device));
	const reached = unknown.has(undefined) ? [] : devices.filter((device) => !unknown.has(device));
	const plan = planNow(pairsOf(reached, prepared), listed.found, place);
	const made: Found[] = [];
	const failures = await create(work, prepared, plan.create, place, key, {
		isInitial: false,
		onCreated: (one) => void made.push(one),
	});
	const failed = new Set(failures.map(({ pair }) => pair && pairKey(pair)));
	// As long as there is nothing better, an old subscription may still deliver.
	const replaced = plan.remove.filter(({ sealed }) =>
		sealed ? !failed.has(pairKey(sealed)) : failures.length === 0,
	);
	const notDeleted = await remove(work, prepared, replaced, place);
	noteRenewals(node, reached, [...plan.keep, ...made]);
	throwFailures([...listed.failures, ...failures, ...notDeleted], 'looked after');
}

function planNow(wanted: readonly Pair[], found: readonly Found[], { address, node }: Place): Plan {
	for (const { sealed, isHere } of found) if (sealed && isHere) node.onSettled(address, sealed);
	const made = new Set(node.inTheMaking(address).map(({ sealed }) => sealed && pairKey(sealed)));
	return planFor(wanted, found, Date.now(), {
		ended: node.ended,
		isInTheMaking: (pair) => made.has(pairKey(pair)),
	});
}

function isOfSubscribers({ application }: Prepared): boolean {
	return backendGrant(application).subject === 'subscriber';
}

function pairsOf(devices: readonly Device[], { changes }: Prepared): Pair[] {
	const types = typesFor(changes);
	return devices.flatMap((device) => types.map((type) => ({ device, type })));
}

/** Those whose subscriptions are to be renewed, then those that were compared the longest ago. */
function nextSubscribers(devices: readonly Device[], { compared }: WatchedNode): Device[] {
	const now = Date.now();
	const rank = (device: Device) => {
		const { at = 0, renewAt = Infinity } = compared.get(JSON.stringify(device)) ?? {};
		return renewAt <= now ? -1 : at;
	};
	return [...devices].sort((a, b) => rank(a) - rank(b)).slice(0, SUBSCRIBERS_AT_A_TIME);
}

function noteRenewals(node: WatchedNode, devices: readonly Device[], good: readonly Found[]): void {
	const at = Date.now();
	for (const device of devices) {
		const key = JSON.stringify(device);
		const renewals = good
			.filter(({ sealed }) => JSON.stringify(sealed?.device) === key)
			.map((one) => endOf(one) - marginOf(one));
		node.compared.set(key, { at, renewAt: Math.min(...renewals, Infinity) });
	}
}

/** How the requests of one run are sent. */
interface Work {
	readonly transports: (priority: number) => Transport;
	readonly watching: Run['failFast']['watching'];
}

async function inRun<Result>(
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
interface Failure {
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
async function list(
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

async function create(
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

async function remove(
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
function throwFailures(failures: readonly Failure[], undone: string): void {
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
