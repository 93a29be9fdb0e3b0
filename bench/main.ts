/** `npm run bench -- [--quick]`: weighs this node against what people build without it. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { whenAbandoned } from '../demo/abandoned';
import { lock } from '../demo/lock';
import { packNode } from '../demo/package';
import { stopPrograms } from '../demo/program';
import { progressOn } from '../demo/progress';
import { installRuntime, runtimeFolder } from '../demo/runtime';
import { startSandbox } from '../test/support/sandbox';
import { ownTime, speed, underALimit } from './comparisons';
import { startInstance } from './instance';
import { reportOf } from './report';
import { bareLoop, chain, thisNode } from './ways';

const latencyMs = 50;
const requestsPerSecond = 100;

const step = progressOn(process.stdout);

async function main(): Promise<void> {
	const { quick } = parseArgs({ options: { quick: { type: 'boolean', default: false } } }).values;
	const rounds = quick ? 3 : 5;
	const sizes = quick ? [100, 1_000] : [100, 1_000, 10_000];
	await lock(join(runtimeFolder, 'npm-run-bench.pid'));

	const runtime = await installRuntime(step);
	const tarball = await packNode(step);
	const operator = await startSandbox({ latencyMs });
	// Two of them, since a process keeps the memory that one way took when another runs.
	const [ofChain, ofNode] = await step('Starting n8n twice', async () => [
		await startInstance(runtime, tarball, 'chain'),
		await startInstance(runtime, tarball, 'node'),
	]);
	const { baseUrl } = operator;
	const ways = {
		chain: await ofChain.install(chain(baseUrl)),
		node: await ofNode.install(thisNode(baseUrl)),
		told: await ofNode.install(thisNode(baseUrl, { requestsPerSecond })),
		bareLoop: await ofNode.install(bareLoop(baseUrl)),
	};

	await step('Warming up', () => speed(ways.chain, ways.node, operator, 500, 2));
	const bySize = [];
	for (const size of sizes) {
		bySize.push(
			await step(`Asking about ${size} devices, ${rounds} times each way`, () =>
				speed(ways.chain, ways.node, operator, size, rounds),
			),
		);
	}
	const own = await step('Comparing with a bare loop', () =>
		ownTime(ways.bareLoop, ways.node, operator, 1_000, rounds),
	);
	const limited = await step(`Asking with ${requestsPerSecond} requests a second`, () =>
		underALimit([ways.chain, ways.node, ways.told], operator, requestsPerSecond, 300, rounds),
	);

	const report = await reportOf({ bySize, own, limited, latencyMs, requestsPerSecond, runtime });
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
