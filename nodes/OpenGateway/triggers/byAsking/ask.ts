import {
	NodeOperationError,
	sleep,
	type IDataObject,
	type INodeExecutionData,
	type ITriggerFunctions,
} from 'n8n-workflow';
import { readApplication } from '../../actions/credentials';
import { roamingStatus, type RoamingStatus } from '../../apis/roamingStatus';
import type { Device } from '../../device';
import { OpenGatewayError } from '../../errors';
import { ask } from '../../gateway';
import { inOrder } from '../../transport/inOrder';
import { Run } from '../../transport/run';
import type { RoamingChange, RoamingEvent } from '../roamingEvent';
import type { TriggerSettings } from '../settings';
import { changeOf, type LastStatus } from './change';
import { FaultLog } from './faultLog';
import { FORGOTTEN, hashes, readMemory, readStatus, writtenStatus, type Memory } from './memory';

/** How long whoever publishes waits for the first ask (ms). n8n stores what it has found by then. */
const FIRST_ASK_WAIT = 10_000;
/** Half of the clock's period (ms): an ask is due at the tick that is nearest to its time. */
const TOLERANCE = 30_000;

/** What the triggers of one node share, however often it is published in this process. */
interface Watched {
	isAsking: boolean;
	/** Newer than the one that n8n has stored, after an ask that started no workflow. */
	memory: Memory | undefined;
}

const watched = new Map<string, Watched>();

/** An answer about a device, and when it came (RFC 3339), or why there is none. */
type Outcome =
	{ readonly status: RoamingStatus; readonly time: string } | { readonly fault: unknown };

/**
 * Asks about all devices at intervals, and starts the workflow with what has changed since.
 * @param settings of the node, read before: outside of a publication, n8n evaluates no expressions
 */
export function asker(context: ITriggerFunctions, settings: TriggerSettings) {
	const { devices, changes, initialStatus, interval, sendOptions } = settings;
	const shared = sharedBy(context);
	const faultLog = new FaultLog(context);
	let dueAt = 0;
	let run: Run | undefined;
	let hasEnded = false;

	/** @returns the faults, or `undefined` if another ask is in progress, or this one was ended */
	async function askAll(): Promise<readonly unknown[] | undefined> {
		if (shared.isAsking || hasEnded) return undefined;
		shared.isAsking = true;
		dueAt = Date.now() + interval - TOLERANCE;
		run = new Run(context);
		try {
			const faults = await Promise.race([askIn(run), run.aborted]).catch((error: unknown) => [
				error,
			]);
			if (hasEnded) return undefined;
			faultLog.note(faults);
			return faults;
		} finally {
			run.stop();
			shared.isAsking = false;
		}
	}

	async function askIn(run: Run): Promise<unknown[]> {
		const application = await readApplication(context);
		const transports = await run.transports(application.fingerprint, sendOptions);
		const askAbout = run.failFast.watching(async (index) => {
			const status = await ask(roamingStatus, application, devices[index]!, transports(index));
			return { status, time: new Date().toISOString() };
		});
		const outcomes = await inOrder<Outcome>(
			devices.length,
			async (index) => await askAbout(index).catch((fault: unknown) => ({ fault })),
		);
		if (!hasEnded) conclude(outcomes, hashes(application));
		return outcomes.flatMap((outcome) => ('fault' in outcome ? [outcome.fault] : []));
	}

	/** Remembers all answers at once, and starts the workflow with those that are changes. */
	function conclude(
		outcomes: readonly Outcome[],
		{ key, of: hash }: ReturnType<typeof hashes>,
	): void {
		const before = remembered();
		const isOfOtherKey = before !== undefined && before.key !== key;
		const statuses: Record<string, string> = {};
		const events: RoamingEvent[] = [];
		devices.forEach((device, index) => {
			const name = hash(device);
			const written = isOfOtherKey ? FORGOTTEN : before?.devices[name];
			const outcome = outcomes[index]!;
			if ('fault' in outcome) {
				if (written !== undefined) statuses[name] = written;
				return;
			}
			const last = readStatus(written);
			const { event, remembered: next } = changeOf(last, outcome.status, changes);
			statuses[name] = writtenStatus(next);
			const isTold = last !== undefined || (initialStatus && written === undefined);
			if (event && isTold) events.push(roamingEvent(event, device, outcome, last));
		});
		shared.memory = { key, at: Date.now(), devices: statuses };
		stored().asked = shared.memory as unknown as IDataObject;
		if (events.length > 0) context.emit([events.map(item)]);
	}

	function stored(): IDataObject {
		return context.getWorkflowStaticData('node');
	}

	function remembered(): Memory | undefined {
		const memory = readMemory(stored().asked);
		return (shared.memory?.at ?? 0) > (memory?.at ?? 0) ? shared.memory : memory;
	}

	return {
		/**
		 * Asks for the first time when a person publishes the workflow: later, the clock does.
		 * @throws {NodeOperationError} if all devices are refused for a reason that the person can mend
		 */
		async begin(): Promise<void> {
			if (!isPublishedByPerson(context) || Object.keys(remembered()?.devices ?? {}).length > 0)
				return;
			const faults = await Promise.race([askAll(), sleep(FIRST_ASK_WAIT)]);
			if (!faults || faults.length < devices.length) return;
			const [fault] = faults;
			if (fault instanceof OpenGatewayError && faults.every(canBeMended)) {
				throw publishingError(context, fault);
			}
		},
		/** Asks if it is due; never rejects. */
		async tick(): Promise<void> {
			if (Date.now() >= dueAt) await askAll();
		},
		/** Ends the ask that is in progress: its answers are dropped. */
		async end(): Promise<void> {
			hasEnded = true;
			run?.stop();
		},
	};
}

function sharedBy(context: ITriggerFunctions): Watched {
	const key = JSON.stringify([context.getWorkflow().id, context.getNode().id]);
	const shared = watched.get(key) ?? { isAsking: false, memory: undefined };
	watched.set(key, shared);
	return shared;
}

function isPublishedByPerson(context: ITriggerFunctions): boolean {
	return !['init', 'leadershipChange'].includes(context.getActivationMode());
}

/** The credential, the fields or the application's registration have to be corrected first. */
function canBeMended(fault: unknown): boolean {
	if (!(fault instanceof OpenGatewayError) || fault.context.transient) return false;
	return fault.nextMove === 'you' || fault.nextMove === 'registration';
}

/** Without the node's parameters, which n8n logs with an error, and which hold phone numbers. */
function publishingError(context: ITriggerFunctions, fault: OpenGatewayError): NodeOperationError {
	const node = { ...context.getNode(), parameters: {} };
	return new NodeOperationError(node, `${fault.message} ${fault.context.remedy}`);
}

function roamingEvent(
	event: RoamingChange,
	device: Device,
	{ status, time }: Extract<Outcome, { status: RoamingStatus }>,
	last: LastStatus | undefined,
): RoamingEvent {
	const { lastStatusTime, ...known } = status;
	const previous = last ? { roaming: last.roaming, country: last.country } : null;
	return { event, device, ...known, previous, time, subscriptionId: null, eventId: null };
}

function item(event: RoamingEvent): INodeExecutionData {
	return { json: { ...event } as unknown as IDataObject };
}
