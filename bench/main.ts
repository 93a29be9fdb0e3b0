/** `npm run bench -- [--quick]`: compares this node with what people build without it. */
import { rm, writeFile } from 'node:fs/promises';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { whenAbandoned } from '../localN8n/process/abandoned';
import { lock } from '../localN8n/process/lock';
import { packNode } from '../localN8n/package';
import { stopPrograms } from '../localN8n/process/program';
import { progressOn } from '../localN8n/progress';
import { installRuntime, RUNTIME_FOLDER } from '../localN8n/runtime';
import { startSandbox } from '../sandbox/client';
import { asking, ofNewDevices, speed, underALimit } from './comparisons';
import { freshDevices } from './devices';
import { BENCH_FOLDER, type Instance, startInstance } from './instance';
import { notifications } from './notifications';
import { reportOf } from './report';
import { askingTrigger, bareLoop, baseline, PHONE_NUMBER_OF_ITEM, thisNode } from './variants';

const LATENCY_MS = 50;
const REQUESTS_PER_SECOND = 100;

const step = progressOn(process.stdout);

async function main(): Promise<void> {
	const { quick } = parseArgs({ options: { quick: { type: 'boolean', default: false } } }).values;
	const loads = [loadavg()[0]!];
	await lock(join(RUNTIME_FOLDER, 'npm-run-bench.pid'));

	const runtime = await installRuntime(step);
	const tarball = await packNode(step);
	await rm(BENCH_FOLDER, { recursive: true, force: true });
	const operator = await startSandbox({ latencyMs: LATENCY_MS });
	const baseUrl = operator.baseUrls.telefonica;

	/** New instances, because a process keeps the memory that another variant or more devices took. */
	async function inNewInstances<Result>(
		title: string,
		measure: (ofBaseline: Instance, ofNode: Instance) => Promise<Result>,
	): Promise<Result> {
		return await step(title, async () => {
			const ofBaseline = await startInstance(runtime, tarball, 'baseline');
			const ofNode = await startInstance(runtime, tarball, 'node');
			const result = await measure(ofBaseline, ofNode);
			loads.push(loadavg()[0]!);
			await Promise.all([ofBaseline.stop(), ofNode.stop()]);
			return result;
		});
	}

	const rounds = quick ? 3 : 5;
	const bySize = [];
	for (const size of quick ? [100, 1_000] : [100, 1_000, 10_000]) {
		const rows = await inNewInstances(
			`Asking about ${size} devices`,
			async (ofBaseline, ofNode) => {
				const variants = [
					await ofBaseline.install(baseline(baseUrl)),
					await ofNode.install(thisNode(baseUrl)),
				] as const;
				await speed(...variants, operator, 200, 2);
				return await speed(...variants, operator, size, rounds);
			},
		);
		bySize.push(rows);
	}

	const own = await inNewInstances('Comparing with a bare loop', async (_, ofNode) => {
		const variants = [
			await ofNode.install(bareLoop(baseUrl)),
			await ofNode.install(bareLoop(baseUrl, PHONE_NUMBER_OF_ITEM)),
			await ofNode.install(thisNode(baseUrl)),
		];
		await ofNewDevices(variants, operator, 500, 2);
		return await ofNewDevices(variants, operator, 1_000, rounds);
	});
	const limited = await inNewInstances(
		'Asking an operator with a limit',
		async (ofBaseline, ofNode) => {
			const variants = [
				await ofBaseline.install(baseline(baseUrl)),
				await ofNode.install(thisNode(baseUrl)),
				await ofNode.install(thisNode(baseUrl, { requestsPerSecond: REQUESTS_PER_SECOND })),
			];
			return await underALimit(variants, operator, REQUESTS_PER_SECOND, 300, rounds);
		},
	);

	const notified = await inNewInstances(
		'Receiving events',
		async (_, ofNode) => await notifications(ofNode, operator, quick ? 200 : 1_000, rounds),
	);
	const byAsking = await inNewInstances('Asking at intervals', async (_, ofNode) => {
		const [traveller = '', ...devices] = freshDevices(quick ? 1_001 : 10_001);
		await operator.move(traveller, { country: 'ES' });
		const node = await ofNode.install(thisNode(baseUrl));
		const trigger = await ofNode.publish(askingTrigger(baseUrl), [traveller, ...devices]);
		const rows = await asking(node, trigger, { devices, traveller }, operator, rounds);
		await trigger.unpublish();
		return rows;
	});

	const report = await reportOf({
		bySize,
		notified,
		own,
		limited,
		byAsking,
		latencyMs: LATENCY_MS,
		requestsPerSecond: REQUESTS_PER_SECOND,
		runtime,
		loads,
	});
	console.log(`\n${report}`);
	if (!quick) await writeFile(join(__dirname, '..', 'docs', 'benchmarks.md'), report);
	await end(0);
}

async function end(exitCode: number): Promise<void> {
	await stopPrograms();
	process.exit(exitCode);
}

process.on('SIGINT', () => void end(130));
process.on('SIGTERM', () => void end(143));
whenAbandoned(() => void end(143));

main().catch(async (error: Error) => {
	console.error(`\n${error.message}`);
	await end(1);
});
