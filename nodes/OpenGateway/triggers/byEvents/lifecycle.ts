import type { IHookFunctions, ITriggerFunctions } from 'n8n-workflow';
import type { Device } from '../../device';
import { backendGrant } from '../../gateway';
import { subscriptionsDialect } from '../../subscriptions';
import type { Clock } from '../clock';
import { isStart, prepare, type Prepared, type TriggerContext } from '../prepare';
import { inWords, toTriggerError } from '../triggerError';
import { typesFor } from './changes';
import { endOf, marginOf, pairKey, planFor, type Found, type Pair, type Plan } from './plan';
import {
	create,
	inRun,
	isOfSubscribers,
	list,
	remove,
	throwFailures,
	type Place,
	type Work,
} from './requests';
import { sinkKey, type SinkKey } from './sink';
import { bindingOf, watchedNode, type WatchedNode } from './watchedNode';
import {
	rememberAddress,
	rememberedAddress,
	requireReachable,
	webhookAddress,
} from './webhookAddress';

/** Subscribers whose subscriptions the clock compares at a time: each takes a request or more. */
const SUBSCRIBERS_AT_A_TIME = 50;

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

async function publish(context: TriggerContext, prepared: Prepared, place: Place): Promise<void> {
	const { application, devices, initialStatus } = prepared;
	requireReachable(place.address, application.baseUrl);
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
	requireReachable(address, prepared.application.baseUrl);
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
