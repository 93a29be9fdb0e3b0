import {
	sleep,
	type IHookFunctions,
	type ITriggerFunctions,
	type IWebhookFunctions,
} from 'n8n-workflow';
import { nodeKey } from '../nodeKey';
import { pairKey, type Found, type Pair } from './plan';

type NodeContext = Pick<
	IHookFunctions | ITriggerFunctions | IWebhookFunctions,
	'getInstanceId' | 'getNode' | 'getWorkflow'
>;

/** A created subscription may be missing in the list for this long (ms). */
const LISTED_WITHIN = 120_000;

/** Ids of subscriptions that have ended, at most. */
const MAX_ENDED = 10_000;

/** How long the clock waits for n8n to publish the webhook (ms): n8n may begin both at once. */
const PUBLISHED_WITHIN = 30_000;

/** What this process knows of one node: nothing that its successor could not find out. */
export class WatchedNode {
	/** Of the webhook. */
	address: string | undefined;
	/** The clock that may change subscriptions. */
	clock: object | undefined;
	/** The latest warning, until the clock's work succeeds again. */
	warning: string | undefined;
	/** Of publishing: its error, if it failed. The clock takes it. */
	outcome: { readonly error?: unknown } | undefined;
	/** Ids of subscriptions that have ended, as events told. */
	readonly ended = new Set<string>();
	/** By device: when its subscriptions were last compared, and when they are to be renewed (ms since the epoch). */
	readonly compared = new Map<string, { readonly at: number; readonly renewAt: number }>();
	/** Subscriptions that the list may not show yet, by address and pair, and when they were created (ms since the epoch). */
	readonly #created = new Map<string, { readonly found: Found; readonly at: number }>();
	#last: Promise<unknown> = Promise.resolve();
	#waiting = 0;

	/** Runs one piece of work at a time. */
	async exclusively<Result>(work: () => Promise<Result>): Promise<Result> {
		this.#waiting++;
		const done = this.#last.then(work).finally(() => this.#waiting--);
		this.#last = done.catch(() => undefined);
		return await done;
	}

	/** @returns the outcome of publishing, or `undefined` if n8n does not publish in this process */
	async published(): Promise<{ readonly error?: unknown } | undefined> {
		const since = Date.now();
		while (!this.outcome && (this.#waiting > 0 || Date.now() < since + PUBLISHED_WITHIN)) {
			await sleep(50);
		}
		const { outcome } = this;
		this.outcome = undefined;
		return outcome;
	}

	/** @returns the webhook's address, for which a starting n8n may need a moment */
	async knownAddress(): Promise<string | undefined> {
		const since = Date.now();
		while (this.address === undefined && Date.now() < since + PUBLISHED_WITHIN) await sleep(50);
		return this.address;
	}

	onCreated(address: string, found: Found): void {
		if (found.sealed)
			this.#created.set(createdKey(address, found.sealed), { found, at: Date.now() });
	}

	/** The list shows it, it was deleted, or it has ended. */
	onSettled(address: string, pair: Pair): void {
		this.#created.delete(createdKey(address, pair));
	}

	onEnded(subscriptionId: string): void {
		this.ended.add(subscriptionId);
		const [oldest = ''] = this.ended;
		if (this.ended.size > MAX_ENDED) this.ended.delete(oldest);
	}

	/** Created subscriptions of an address that the list may not show yet. */
	inTheMaking(address: string): Found[] {
		const since = Date.now() - LISTED_WITHIN;
		const made = [...this.#created].filter(([key, { at, found }]) => {
			if (at < since) this.#created.delete(key);
			return at >= since && key === createdKey(address, found.sealed!);
		});
		return made.map(([, { found }]) => found);
	}
}

function createdKey(address: string, pair: Pair): string {
	return address + pairKey(pair);
}

const nodes = new Map<string, WatchedNode>();

export function watchedNode(context: NodeContext): WatchedNode {
	const key = nodeKey(context);
	const known = nodes.get(key);
	if (known) return known;
	const watched = new WatchedNode();
	nodes.set(key, watched);
	return watched;
}

/**
 * What the sinks of a node are bound to. A copy of the workflow, or of the instance, is another node:
 * neither takes the other's events, or deletes its subscriptions.
 */
export function bindingOf(context: NodeContext, isTest: boolean): string {
	const { id, webhookId } = context.getNode();
	return JSON.stringify([
		context.getInstanceId(),
		context.getWorkflow().id,
		webhookId ?? id,
		isTest,
	]);
}
