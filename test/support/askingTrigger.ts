import { randomUUID } from 'node:crypto';
import { Logger } from '@n8n/backend-common';
import { Container } from '@n8n/di';
import { TriggerContext } from 'n8n-core';
import { ScheduledTaskManager } from 'n8n-core/dist/execution-engine/scheduled-task-manager';
import {
	LoggerProxy,
	type ICredentialDataDecryptedObject,
	type IDataObject,
	type INodeExecutionData,
	type INodeParameters,
	type WorkflowActivateMode,
} from 'n8n-workflow';
import { asker } from '../../nodes/OpenGateway/triggers/byAsking/ask';
import type { RoamingEvent } from '../../nodes/OpenGateway/triggers/roamingEvent';
import { loadedTrigger } from './loadedTrigger';
import { record } from './recordings';

interface Setting {
	parameters: INodeParameters;
	credential: ICredentialDataDecryptedObject;
	credentialId?: string;
	/** Of the same workflow in the same process, or of another. */
	workflowId?: string;
	/** What n8n has stored with the workflow. */
	stored?: string;
	activation?: WorkflowActivateMode;
}

/** A trigger that asks, in n8n's own context, as if its workflow were published: the test is its clock. */
export interface AskingTrigger {
	/** Rejects as the publication does. */
	begin(): Promise<void>;
	/** @param ms that pass before it. Default: a minute, which is the interval */
	tick(ms?: number): Promise<void>;
	end(): void;
	/** The items that each start of the workflow began with. */
	readonly starts: RoamingEvent[][];
	/** The static data that n8n would find at its next start. */
	readonly stored: string;
	/** The warnings in n8n's log. */
	readonly warnings: string[];
}

/** Time that passes between ticks, beside the real one (ms). */
let passed = 0;
const { now } = Date;
beforeAll(() => void jest.spyOn(Date, 'now').mockImplementation(() => now() + passed));

export function askingTrigger({
	parameters,
	credential,
	credentialId = randomUUID(),
	workflowId = randomUUID(),
	stored = '{}',
	activation = 'activate',
}: Setting): AskingTrigger {
	// This one would start n8n's clock and read n8n's folder.
	Container.set(ScheduledTaskManager, {} as ScheduledTaskManager);
	const warnings: string[] = [];
	const logged: unknown[] = [];
	const log = (...words: unknown[]) => void logged.push(words);
	LoggerProxy.init({ error: log, warn: log, info: log, debug: log });
	jest.spyOn(Container.get(Logger), 'warn').mockImplementation((message, metadata) => {
		log(message, metadata);
		warnings.push(message);
	});

	const { workflow, node, data } = loadedTrigger({
		parameters: { detectBy: 'asking', interval: 1, ...parameters },
		...{ credential, credentialId, workflowId },
		staticData: JSON.parse(stored) as IDataObject,
	});
	const trigger = { starts: [] as RoamingEvent[][], stored, warnings };
	// As n8n does: after a publication, and with each start of the workflow.
	const save = () => (trigger.stored = JSON.stringify(workflow.staticData));
	const emit = ([items = []]: INodeExecutionData[][]) => {
		save();
		const outputs = items.map(({ json }) => json);
		trigger.starts.push(outputs as unknown as RoamingEvent[]);
		record({ kind: 'execution', outputs, run: JSON.parse(trigger.stored), logged: [] });
	};
	const context = new TriggerContext(workflow, node, data, 'trigger', activation, emit);
	const { begin, tick, end } = asker(context);
	return Object.assign(trigger, {
		begin: async () => {
			await begin();
			save();
		},
		tick: async (ms = 60_000) => {
			passed += ms;
			await tick();
		},
		end: () => {
			end();
			record({ kind: 'execution', outputs: [], run: {}, logged });
		},
	});
}
