import {
	sleep,
	type IDataObject,
	type INodeExecutionData,
	type ITriggerFunctions,
} from 'n8n-workflow';
import { roamingStatus, type RoamingStatus } from '../../apis/roamingStatus';
import type { Device } from '../../device';
import { OpenGatewayError } from '../../errors';
import { ask } from '../../gateway';
import { inOrder } from '../../transport/inOrder';
import { Run } from '../../transport/run';
import type { Clock } from '../clock';
import { nodeKey } from '../nodeKey';
import { isStart, prepare, type Prepared } from '../prepare';
import type { RoamingChange, RoamingEvent } from '../roamingEvent';
import { changeOf, type LastStatus } from './change';
import { FaultLog } from './faultLog';
import { FORGOTTEN, hashes, readMemory, readStatus, writtenStatus, type Memory } from './memory';

/** How long whoever publishes waits for the first ask (ms). n8n stores what it has found by then. */
const FIRST_ASK_WAIT = 10_000;
const STEP = 250;
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

/** An ask that is over. */
interface Asked {
	readonly hasAnswers: boolean;
	/** Of the devices without an answer. */
	readonly faults: readonly unknown[];
}

/** Asks about all devices at intervals, and starts the workflow with what has changed since. */
export function asker(context: ITriggerFunctions): Required<Clock> {
	const shared = sharedBy(context);
	const faultLog = new FaultLog(context);
	let dueAt = 0;
	let run: Run | undefined;
	let hasEnded = false;

	/** @returns `undefined` if another ask is in progress, or this one was ended */
	async function askAll(): Promise<Asked | undefined> {
		if (shared.isAsking || hasEnded) return undefined;
		shared.isAsking = true;
		const beganAt = Date.now();
		run = new Run(context);
		try {
			const prepared = await prepare(context);
			dueAt = beganAt + prepared.interval - TOLERANCE;
			const outcomes = await Promise.race([askedIn(run, prepared), run.aborted]);
			if (hasEnded) return undefined;
			conclude(outcomes, prepared);
			const faults = outcomes.flatMap((outcome) => ('fault' in outcome ? [outcome.fault] : []));
			faultLog.note(faults);
			return { hasAnswers: faults.length < outcomes.length, faults };
		} catch (fault) {
			if (hasEnded) return undefined;
			faultLog.note([fault]);
			return { hasAnswers: false, faults: [fault] };
		} finally {
			run.stop();
			shared.isAsking = false;
		}
	}

	/** Remembers all answers at once, and starts the workflow with those that are changes. */
	function conclude(
		outcomes: readonly Outcome[],
		{ application, devices, changes, initialStatus }: Prepared,
	): void {
		const { key, of: hash } = hashes(application);
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
		 * @throws {OpenGatewayError} if all devices are refused for a reason that the person can mend
		 */
		async begin(): Promise<void> {
			const isKnown = Object.keys(remembered()?.devices ?? {}).length > 0;
			if (isKnown || isStart(context)) return;
			const asking = askAll();
			let asked: Asked | undefined | void;
			// In short steps, so that no timer outlives the ask.
			for (let waited = 0; waited < FIRST_ASK_WAIT && !asked; waited += STEP) {
				asked = await Promise.race([asking, sleep(STEP)]);
			}
			if (asked && !asked.hasAnswers && asked.faults.every(canBeMended)) throw asked.faults[0];
		},
		/** Asks if it is due; never rejects. */
		async tick(): Promise<void> {
			if (Date.now() >= dueAt) await askAll();
		},
		/** Ends the ask that is in progress: its answers are dropped. */
		end(): void {
			hasEnded = true;
			run?.stop();
		},
	};
}

/** Asks about all devices as Check Roaming does: one outcome for each. */
async function askedIn(
	run: Run,
	{ application, devices, sendOptions }: Prepared,
): Promise<Outcome[]> {
	const transports = await run.transports(application.fingerprint, sendOptions);
	const askAbout = run.failFast.watching(async (index) => {
		const status = await ask(roamingStatus, application, devices[index]!, transports(index));
		return { status, time: new Date().toISOString() };
	});
	return await inOrder<Outcome>(
		devices.length,
		async (index) => await askAbout(index).catch((fault: unknown) => ({ fault })),
	);
}

function sharedBy(context: ITriggerFunctions): Watched {
	const key = nodeKey(context);
	const shared = watched.get(key) ?? { isAsking: false, memory: undefined };
	watched.set(key, shared);
	return shared;
}

/** The credential, the fields or the application's registration have to be corrected first. */
function canBeMended(fault: unknown): boolean {
	if (!(fault instanceof OpenGatewayError) || fault.context.transient) return false;
	return fault.nextMove === 'you' || fault.nextMove === 'registration';
}

function roamingEvent(
	event: RoamingChange,
	device: Device,
	{ status, time }: Extract<Outcome, { status: RoamingStatus }>,
	last: LastStatus | undefined,
): RoamingEvent {
	const { roaming, country, countryCode, countryName } = status;
	const previous = last ? { roaming: last.roaming, country: last.country } : null;
	return {
		...{ event, device, roaming, country, countryCode, countryName, previous, time },
		...{ subscriptionId: null, eventId: null },
	};
}

function item(event: RoamingEvent): INodeExecutionData {
	return { json: { ...event } as unknown as IDataObject };
}
