import { randomInt } from 'crypto';
import type { ITriggerFunctions, ITriggerResponse } from 'n8n-workflow';
import { asker } from './byAsking/ask';
import { keeper } from './byEvents/lifecycle';
import { prepare } from './prepare';

/**
 * Looks after the subscriptions, or asks at intervals: once a minute, n8n lets the trigger see
 * whether there is something to do. n8n ends the clock itself.
 */
export async function watch(this: ITriggerFunctions): Promise<ITriggerResponse> {
	// n8n waits for a test event at the webhook alone.
	if (this.getMode() === 'manual') return {};
	const { isByEvents } = await prepare(this);
	const { begin, tick } = isByEvents ? keeper(this) : asker(this);
	// Triggers of one instance do not all call their operators at the same second.
	const second = randomInt(60);
	this.helpers.registerCron({ expression: `${second} * * * * *` }, () => void tick());
	await begin();
	return {};
}
