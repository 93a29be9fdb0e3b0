import type { IHookFunctions, ITriggerFunctions } from 'n8n-workflow';
import { readApplication } from '../actions/credentials';
import type { Application } from '../credential/application';
import type { N8nContext } from '../transport/host';
import { readSettings, type TriggerSettings } from './settings';

/** n8n's context in each of the trigger's functions: when it is published, called, or its clock ticks. */
export type TriggerContext = N8nContext & Pick<IHookFunctions, 'getNodeParameter'>;

export interface Prepared extends TriggerSettings {
	readonly application: Application;
	/** Whether the operator sends events, or the node asks. */
	readonly isByEvents: boolean;
}

/** n8n evaluates expressions only while it starts a trigger, and not when its clock ticks. */
const read = new WeakMap<TriggerContext, TriggerSettings>();

/**
 * The trigger's fields, which are read once in a context.
 * @throws {OpenGatewayError} `INVALID_DEVICE` or `INVALID_OPTION`
 */
export function settingsOf(context: TriggerContext): TriggerSettings {
	const settings =
		read.get(context) ?? readSettings((name) => context.getNodeParameter(name, undefined));
	read.set(context, settings);
	return settings;
}

/**
 * Reads the trigger's fields, and its credential anew each time: it may have changed.
 * @throws {OpenGatewayError} `INVALID_DEVICE`, `INVALID_OPTION` or `INVALID_CREDENTIAL`
 */
export async function prepare(context: TriggerContext): Promise<Prepared> {
	const settings = settingsOf(context);
	const application = await readApplication(context);
	const { detection } = settings;
	const isOffered = application.operator.subscriptions !== undefined;
	const isByEvents = detection === 'events' || (detection === 'automatic' && isOffered);
	return { ...settings, application, isByEvents };
}

/** Whether n8n calls by itself, and not because a person publishes. */
export function isStart(
	context: Pick<IHookFunctions | ITriggerFunctions, 'getActivationMode'>,
): boolean {
	return ['init', 'leadershipChange'].includes(context.getActivationMode());
}
