import { randomInt } from 'crypto';
import type { ITriggerFunctions, ITriggerResponse } from 'n8n-workflow';
import { asker } from './byAsking/ask';
import { keeper } from './byEvents/lifecycle';
import { isStart, prepare, settingsOf } from './prepare';
import { inWords, toTriggerError } from './triggerError';

/** What one way of finding out does, and when. */
export interface Clock {
	/** When the workflow is published, or n8n starts. */
	begin: () => Promise<void>;
	/** Once a minute from then on. */
	tick: () => Promise<void>;
	/** When it is no longer published, or n8n stops. */
	end?: () => void;
}

/**
 * Looks after the subscriptions, or asks at intervals: once a minute, n8n lets the trigger see
 * whether there is something to do. n8n ends the clock itself.
 * @throws {NodeOperationError}
 */
export async function watch(this: ITriggerFunctions): Promise<ITriggerResponse> {
	// n8n waits for a test event at the webhook alone.
	if (this.getMode() === 'manual') return {};
	let clock: Clock | undefined;
	let isWarned = false;
	const begin = async () => {
		const { isByEvents } = await prepare(this);
		clock = isByEvents ? keeper(this) : asker(this);
		await clock.begin();
	};
	const tick = async () => {
		if (clock) return await clock.tick();
		await begin().catch((error: unknown) => {
			if (!isWarned) this.logger.warn(`"${this.getNode().name}" waits: ${inWords(error)}`);
			isWarned = true;
		});
	};
	try {
		// Later, n8n would not evaluate the fields' expressions.
		settingsOf(this);
		await (isStart(this) ? tick() : begin());
	} catch (error) {
		throw toTriggerError(this.getNode(), error);
	}
	// Triggers of one instance do not all call their operators at the same second.
	const second = randomInt(60);
	this.helpers.registerCron({ expression: `${second} * * * * *` }, () => void tick());
	return { closeFunction: async () => clock?.end?.() };
}
