/** `npm run bench -- [--quick]`: weighs this node against what people build without it. */
import { rm, writeFile } from 'node:fs/promises';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { whenAbandoned } from '../localN8n/process/abandoned';
import { lock } from '../localN8n/process/lock';
import { packNode } from '../localN8n/package';
import { stopPrograms } from '../localN8n/process/program';
import { progressOn } from '../localN8n/progress';
import { installRuntime, runtimeFolder } from '../localN8n/runtime';
import { startSandbox } from '../sandbox/client';
import { ofNewDevices, speed, underALimit } from './comparisons';
import { benchFolder, type Instance, startInstance } from './instance';
import { reportOf } from './report';
import { bareLoop, chain, phoneNumberOfItem, thisNode } from './ways';

const latencyMs = 50;
const requestsPerSecond = 100;

const step = progressOn(process.stdout);

async function main(): Promise<void> {
	const { quick } = parseArgs({ options: { quick: { type: 'boolean', default: false } } }).values;
	const loads = [loadavg()[0]!];
	await lock(join(runtimeFolder, 'npm-run-bench.pid'));

	const runtime = await installRuntime(step);
	const tarball = await packNode(step);
	await rm(benchFolder, { recursive: true, force: true });
	const operator = await startSandbox({ latencyMs });
	const baseUrl = operator.baseUrls.telefonica;

	/** Two that have just started: a process keeps the memory that another way or more devices took. */
	async function inNewInstances<Result>(
		title: string,
		measure: (ofChain: Instance, ofNode: Instance) => Promise<Result>,
	): Promise<Result> {
		return await step(title, async () => {
			const ofChain = await startInstance(runtime, tarball, 'chain');
			const ofNode = await startInstance(runtime, tarball, 'node');
			const result = await measure(ofChain, ofNode);
			loads.push(loadavg()[0]!);
			await Promise.all([ofChain.stop(), ofNode.stop()]);
			return result;
		});
	}

	const rounds = quick ? 3 : 5;
	const bySize = [];
	for (const size of quick ? [100, 1_000] : [100, 1_000, 10_000]) {
		const rows = await inNewInstances(`Asking about ${size} devices`, async (ofChain, ofNode) => {
			const ways = [
				await ofChain.install(chain(baseUrl)),
				await ofNode.install(thisNode(baseUrl)),
			] as const;
			await speed(...ways, operator, 200, 2);
			return await speed(...ways, operator, size, rounds);
		});
		bySize.push(rows);
	}

	const own = await inNewInstances('Comparing with a bare loop', async (_, ofNode) => {
		const ways = [
			await ofNode.install(bareLoop(baseUrl)),
			await ofNode.install(bareLoop(baseUrl, phoneNumberOfItem)),
			await ofNode.install(thisNode(baseUrl)),
		];
		await ofNewDevices(ways, operator, 500, 2);
		return await ofNewDevices(ways, operator, 1_000, rounds);
	});
	const limited = await inNewInstances(
		'Asking an operator with a limit',
		async (ofChain, ofNode) => {
			const ways = [
				await ofChain.install(chain(baseUrl)),
				await ofNode.install(thisNode(baseUrl)),
				await ofNode.install(thisNode(baseUrl, { requestsPerSecond })),
			];
			return await underALimit(ways, operator, requestsPerSecond, 300, rounds);
		},
	);

	const report = await reportOf({
		bySize,
		own,
		limited,
		latencyMs,
		requestsPerSecond,
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
