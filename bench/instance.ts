/** A real n8n that runs variants, and its own records of the runs. */
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { transformFile } from '@swc/core';
import axios from 'axios';
import type { ITaskData } from 'n8n-workflow';
import { startN8n } from '../localN8n/n8n';
import { N8nApi } from '../localN8n/n8nApi';
import { newPassword } from '../localN8n/owner';
import { installCommunityPackage } from '../localN8n/package';
import { freePort } from '../localN8n/process/ports';
import { type Runtime, RUNTIME_FOLDER } from '../localN8n/runtime';
import type { Result } from './devices';
import { type Trigger, triggerWorkflowOf, type Variant, workflowOf } from './variants';

export interface Instance {
	readonly url: string;
	readonly api: N8nApi;
	readonly processId: number;
	install(variant: Variant): Promise<InstalledVariant>;
	/** Publishes the trigger, which asks about the devices each minute. */
	publish(trigger: Trigger, phoneNumbers: readonly string[]): Promise<PublishedTrigger>;
	stop(): Promise<void>;
}

export interface PublishedTrigger {
	readonly name: string;
	/** Waits for the next start of the workflow. */
	nextStart(): Promise<{
		/** ms since the epoch. */
		readonly at: number;
		readonly results: readonly Result[];
	}>;
	unpublish(): Promise<void>;
}

export interface InstalledVariant {
	readonly name: string;
	/** The n8n that it runs in. */
	readonly processId: number;
	/** Asks about the devices; resolves when n8n has stored the execution. */
	run(phoneNumbers: readonly string[]): Promise<Run>;
}

export interface Run {
	/** Reads n8n's own record, which takes time and memory of n8n's. */
	record(): Promise<{
		/** From the start of the first requesting node to the end of the last (ms). */
		readonly ms: number;
		readonly results: readonly Result[];
		/** The message of a failed run. */
		readonly error: string | undefined;
	}>;
}

export const BENCH_FOLDER = join(RUNTIME_FOLDER, 'bench');

/** Starts an n8n with the packed node and the benchmark's own node. */
export async function startInstance(
	runtime: Runtime,
	tarball: string,
	name: string,
): Promise<Instance> {
	const userFolder = join(BENCH_FOLDER, name);
	await installCommunityPackage(runtime, tarball, userFolder);
	await compileNodes(join(userFolder, '.n8n', 'custom'));
	const { url, program } = await startN8n(runtime, {
		userFolder,
		port: await freePort(0),
		// A big run keeps n8n too busy to answer its own check of the database.
		env: { DB_PING_TIMEOUT_MS: '3600000' },
	});
	const api = await N8nApi.signIn(url, OWNER);
	const processId = program.processId!;

	return {
		...{ url, api, processId },
		stop: () => program.stop(),
		async publish(trigger, phoneNumbers) {
			const reference = await api.saveCredential(trigger.credential);
			const workflow = triggerWorkflowOf(trigger, phoneNumbers, reference);
			const id = await api.saveWorkflow(workflow);
			await api.activate(id);
			const starts = async () => (await api.executions(id)).length;
			return {
				name: trigger.name,
				async nextStart() {
					const before = await starts();
					while ((await starts()) === before) await sleep(200);
					const [latest] = await api.executions(id);
					await api.finishedExecution(latest!.id);
					const { runData } = (await api.stored(latest!.id))!.resultData;
					const run = runData[workflow.nodes[0]!.name]![0]!;
					const items = run.data?.main?.[0] ?? [];
					return { at: run.startTime, results: items.map(({ json }) => json as Result) };
				},
				unpublish: async () => await api.deactivate(id),
			};
		},
		async install(variant) {
			const path = variant.name.toLowerCase().replaceAll(/\W+/g, '-');
			const reference = variant.credential && (await api.saveCredential(variant.credential));
			const id = await api.saveWorkflow(workflowOf(variant, path, reference));
			await api.activate(id);
			const latest = async () => (await api.executions(id))[0];

			return {
				name: variant.name,
				processId,
				async run(phoneNumbers) {
					const before = await latest();
					await axios.post(`${url}/webhook/${path}`, { phoneNumbers }, ANY_STATUS);
					let after = await latest();
					while (!after || after.id === before?.id || /new|running/.test(after.status)) {
						await sleep(100);
						after = await latest();
					}
					return { record: () => recordOf(api, after.id, variant) };
				},
			};
		},
	};
}

const OWNER = {
	email: 'bench@example.com',
	password: newPassword(),
	firstName: 'Bench',
	lastName: 'Owner',
};

/** A failed run ends in an error status; its record tells why. */
const ANY_STATUS = { proxy: false, validateStatus: () => true } as const;

/** Puts the benchmark's own nodes into n8n's folder for custom nodes. */
async function compileNodes(folder: string): Promise<void> {
	const sources = join(__dirname, 'nodes');
	await mkdir(folder, { recursive: true });
	for (const file of await readdir(sources)) {
		const { code } = await transformFile(join(sources, file), { cwd: join(__dirname, '..') });
		await writeFile(join(folder, file.replace(/ts$/, 'js')), code);
	}
}

async function recordOf(api: N8nApi, executionId: string, { nodes }: Variant) {
	const { error, runData } = (await api.stored(executionId))!.resultData;
	const runs = nodes.flatMap<ITaskData>(({ name }) => runData[name] ?? []);
	const started = Math.min(...runs.map(({ startTime }) => startTime));
	const ended = Math.max(...runs.map(({ startTime, executionTime }) => startTime + executionTime));
	const items = runData[nodes.at(-1)!.name]?.[0]?.data?.main?.[0] ?? [];
	return {
		ms: ended - started,
		results: items.map(({ json }) => json as Result),
		error: error?.message,
	};
}
