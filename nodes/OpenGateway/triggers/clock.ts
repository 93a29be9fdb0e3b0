import { randomInt } from 'crypto';
import type { ITriggerFunctions, ITriggerResponse } from 'n8n-workflow';
import { asker } from './byAsking/ask';
import { keeper } from './byEvents/lifecycle';
import { prepare } from './prepare';

/** What the clock drives. */
interface Watcher {
	/** Is called when the workflow is published, and when n8n starts. */
	begin(): Promise<void>;
	/** Is called once a minute; never rejects. */
	tick(): Promise<void>;
	/** Is called when the workflow is unpublished, and when n8n stops. */
	end?(): void;
}

/**
 * Looks after the subscriptions, or asks at intervals: once a minute, n8n lets the trigger see
 * whether there is something to do. n8n ends the clock itself.
 */
export async function watch(this: ITriggerFunctions): Promise<ITriggerResponse> {
	// n8n waits for a test event at the webhook alone.
	if (this.getMode() === 'manual') return {};
	const { isByEvents } = await prepare(this);
	const watcher: Watcher = isByEvents ? keeper(this) : asker(this);
	await watcher.begin();
	// Triggers of one instance do not all call their operators at the same second.
	const second = randomInt(60);
	// Not before the beginning: n8n leaves the clock of a trigger running that could not begin.
	this.helpers.registerCron({ expression: `${second} * * * * *` }, () => void watcher.tick());
	return { closeFunction: async () => watcher.end?.() };
}
