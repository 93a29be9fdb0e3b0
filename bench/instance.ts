/** A real n8n in which ways are run, and its own records of their runs. */
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { transformFile } from '@swc/core';
import axios from 'axios';
import type { ITaskData } from 'n8n-workflow';
import { startN8n } from '../localN8n/n8n';
import { N8nApi } from '../localN8n/n8nApi';
import { installCommunityPackage } from '../localN8n/package';
import { freePort } from '../localN8n/process/ports';
import { type Runtime, runtimeFolder } from '../localN8n/runtime';
import type { Answer } from './devices';
import { type Way, workflowOf } from './ways';

export interface Instance {
	readonly processId: number;
	install(way: Way): Promise<InstalledWay>;
	stop(): Promise<void>;
}

export interface InstalledWay {
	readonly name: string;
	/** Of the n8n that it runs in. */
	readonly processId: number;
	/** Asks about the devices; resolves when n8n has written everything down. */
	run(phoneNumbers: readonly string[]): Promise<Run>;
}

export interface Run {
	/** Reads n8n's own record, which takes n8n's time and memory. */
	record(): Promise<{
		/** From the start of the first node that asks to the end of the last, ms. */
		readonly ms: number;
		readonly answers: readonly Answer[];
		/** What the run failed with, where it did. */
		readonly error: string | undefined;
	}>;
}

/** Where the instances keep what they keep. */
export const benchFolder = join(runtimeFolder, 'bench');

/** Starts an n8n with the packed node and the benchmark's own. */
export async function startInstance(
	runtime: Runtime,
	tarball: string,
	name: string,
): Promise<Instance> {
	const userFolder = join(benchFolder, name);
	await installCommunityPackage(runtime, tarball, userFolder);
	await compileNodes(join(userFolder, '.n8n', 'custom'));
	const { url, program } = await startN8n(runtime, {
		userFolder,
		port: await freePort(0),
		// While a big run keeps it busy, it would take its database for lost.
		env: { DB_PING_TIMEOUT_MS: '3600000' },
	});
	const api = await N8nApi.signIn(url, owner);
	const processId = program.processId!;

	return {
		processId,
		stop: () => program.stop(),
		async install(way) {
			const path = way.name.toLowerCase().replaceAll(/\W+/g, '-');
			const reference = way.credential && (await api.saveCredential(way.credential));
			const id = await api.saveWorkflow(workflowOf(way, path, reference));
			await api.activate(id);
			const latest = async () => (await api.executions(id))[0];

			return {
				name: way.name,
				processId,
				async run(phoneNumbers) {
					const before = await latest();
					await axios.post(`${url}/webhook/${path}`, { phoneNumbers }, silent);
					let after = await latest();
					while (!after || after.id === before?.id || /new|running/.test(after.status)) {
						await sleep(100);
						after = await latest();
					}
					return { record: () => recordOf(api, after.id, way) };
				},
			};
		},
	};
}

const owner = {
	email: 'bench@example.com',
	password: 'Roaming-2030',
	firstName: 'Bench',
	lastName: 'Owner',
};

/** A run that fails is answered with an error status: its record tells. */
const silent = { proxy: false, validateStatus: () => true } as const;

/** Puts the benchmark's own nodes where n8n looks for a person's. */
async function compileNodes(folder: string): Promise<void> {
	const sources = join(__dirname, 'nodes');
	await mkdir(folder, { recursive: true });
	for (const file of await readdir(sources)) {
		const { code } = await transformFile(join(sources, file), { cwd: join(__dirname, '..') });
		await writeFile(join(folder, file.replace(/ts$/, 'js')), code);
	}
}

async function recordOf(api: N8nApi, executionId: string, { nodes }: Way) {
	const { error, runData } = (await api.stored(executionId)).resultData;
	const runs = nodes.flatMap<ITaskData>(({ name }) => runData[name] ?? []);
	const started = Math.min(...runs.map(({ startTime }) => startTime));
	const ended = Math.max(...runs.map(({ startTime, executionTime }) => startTime + executionTime));
	const items = runData[nodes.at(-1)!.name]?.[0]?.data?.main?.[0] ?? [];
	return {
		ms: ended - started,
		answers: items.map(({ json }) => json as Answer),
		error: error?.message,
	};
}
