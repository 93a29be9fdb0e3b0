/** `npm start`: a real n8n on this machine asks a made-up operator who is roaming. */
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { startSandbox } from '../sandbox/sandbox';
import { whenAbandoned } from '../localN8n/process/abandoned';
import { lock } from '../localN8n/process/lock';
import { startN8n, type N8n } from '../localN8n/n8n';
import { N8nApi, type Owner } from '../localN8n/n8nApi';
import { installCommunityPackage, packNode } from '../localN8n/package';
import { freePort } from '../localN8n/process/ports';
import { stopPrograms } from '../localN8n/process/program';
import { progressOn } from '../localN8n/progress';
import { installRuntime, runtimeFolder, type Runtime } from '../localN8n/runtime';
import { importSample } from '../localN8n/importExample';
import { tableOf } from './table';

const userFolder = join(runtimeFolder, 'demo');

const owner: Owner = {
	email: 'demo@example.com',
	password: 'Roaming-2030',
	firstName: 'Demo',
	lastName: 'Owner',
};

const step = progressOn(process.stdout);

async function main(): Promise<void> {
	const { once } = parseArgs({ options: { once: { type: 'boolean', default: false } } }).values;
	await lock(join(runtimeFolder, 'npm-start.pid'));

	const runtime = await installRuntime(step);
	await installCommunityPackage(runtime, await packNode(step), userFolder, step);

	const operator = await startSandbox({ port: await portFor('the sandbox', 8480), latencyMs: 0 });
	const n8n = await startDemoN8n(runtime);
	const api = await N8nApi.signIn(n8n.url, owner);
	const workflowId = await importSample(api, operator.baseUrls.telefonica);
	await api.activate(workflowId);
	const execution = await step('Asking the operator about each device', async () =>
		api.finishedExecution(await api.run(workflowId, 'Every hour')),
	);
	if (execution.status !== 'success') {
		throw new Error(
			`The sample workflow ended with ${execution.status}: ${execution.error}. n8n's log: ${n8n.logFile}`,
		);
	}

	console.log(`\n${tableOf(execution)}\n`);
	if (once) return await end(0);

	console.log(`The editor    ${n8n.url}/workflow/${workflowId}
Login         ${owner.email}, password ${owner.password}
Webhook       curl ${n8n.url}/webhook/roaming -H 'Content-Type: application/json' -d '{"phoneNumber":"+34600000001"}'
The operator  ${operator.baseUrls.telefonica} (the sandbox, on this machine only)

At the next start the sample workflow is put back as it was: to keep your changes, duplicate it.
Ctrl-C ends everything.`);
	const how = await n8n.program.ended;
	throw new Error(`n8n ended on its own with ${how}. Its log: ${n8n.logFile}`);
}

async function startDemoN8n(runtime: Runtime): Promise<N8n> {
	const port = await portFor('n8n', 5678);
	return await step('Starting n8n', () => startN8n(runtime, { userFolder, port }));
}

async function portFor(whom: string, preferred: number): Promise<number> {
	const port = await freePort(preferred);
	if (port !== preferred) console.log(`Port ${preferred} is in use: ${whom} takes ${port}.`);
	return port;
}

let ending = false;

/** Ends everything that was started, then this process; asked twice, at once. */
async function end(exitCode: number): Promise<void> {
	if (ending) process.exit(exitCode);
	ending = true;
	if (exitCode > 128) console.log('\nStopping …');
	await stopPrograms();
	process.exit(exitCode);
}

process.on('SIGINT', () => void end(130));
process.on('SIGTERM', () => void end(143));
process.on('SIGHUP', () => void end(129));
whenAbandoned(() => void end(143));

main().catch(async (error: Error) => {
	if (ending) return; // what was going on has been stopped, and says so
	console.error(`\n${error.message}`);
	await end(1);
});
