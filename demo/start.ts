/** `npm start`: a real n8n on this machine asks a made-up operator who is roaming. */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import sample from '../examples/roaming-branches.json';
import welcomeOffer from '../examples/welcome-offer.json';
import { importExample } from '../localN8n/importExample';
import { startN8n, type N8n } from '../localN8n/n8n';
import { N8nApi } from '../localN8n/n8nApi';
import { ownerPassword, passwordFile } from '../localN8n/owner';
import { installCommunityPackage, packNode } from '../localN8n/package';
import { whenAbandoned } from '../localN8n/process/abandoned';
import { lock } from '../localN8n/process/lock';
import { freePort } from '../localN8n/process/ports';
import { stopPrograms } from '../localN8n/process/program';
import { progressOn } from '../localN8n/progress';
import { installRuntime, RUNTIME_FOLDER, type Runtime } from '../localN8n/runtime';
import { applications } from '../sandbox/applications';
import { startSandbox } from '../sandbox/sandbox';
import { tableOf } from './table';

const USER_FOLDER = join(RUNTIME_FOLDER, 'demo');

const OWNER = { email: 'demo@example.com', firstName: 'Demo', lastName: 'Owner' };

const WEBHOOK_HEADER = 'X-Api-Key';

const step = progressOn(process.stdout);

async function main(): Promise<void> {
	const { once } = parseArgs({ options: { once: { type: 'boolean', default: false } } }).values;
	await lock(join(RUNTIME_FOLDER, 'npm-start.pid'));

	const runtime = await installRuntime(step);
	await installCommunityPackage(runtime, await packNode(step), USER_FOLDER, step);

	const operator = await startSandbox({ port: await portFor('the sandbox', 8480), latencyMs: 0 });
	const baseUrl = operator.baseUrls.telefonica;
	const password = await ownerPassword(runtime, USER_FOLDER);
	const n8n = await startDemoN8n(runtime);
	const api = await N8nApi.signIn(n8n.url, { ...OWNER, password }).catch((error: Error) => {
		const remedy = `Delete ${passwordFile(USER_FOLDER)}: the next start makes a new owner.`;
		throw new Error(`${error.message} ${remedy}`);
	});
	const webhookKey = randomBytes(16).toString('hex');
	const workflowId = await importSample(api, baseUrl, webhookKey);
	await api.activate(workflowId);
	const execution = await step('Asking the operator about each device', async () =>
		api.finishedExecution(await api.run(workflowId, 'Every hour')),
	);
	if (execution.status !== 'success') {
		throw new Error(
			`The sample workflow ended with ${execution.status}: ${execution.error}. n8n's log: ${n8n.logFile}`,
		);
	}

	const welcomeId = await importWelcome(api, operator.baseUrls.camara);
	await step('Subscribing to changes', () => api.activate(welcomeId));

	console.log(`\n${tableOf(execution)}\n`);
	if (once) return await end(0);

	console.log(`The editor    ${n8n.url}/workflow/${workflowId}
Login         ${OWNER.email}, password ${password}
Run it again  press the arrow beside 'Execute workflow' and select Every hour
Webhook       curl ${n8n.url}/webhook/roaming -H '${WEBHOOK_HEADER}: ${webhookKey}' -H 'Content-Type: application/json' -d '{"phoneNumber":"+34600000001"}'
The operator  ${operator.origin}/sandbox/ (on this machine only): click +34600000002 to France,
              and ${n8n.url}/workflow/${welcomeId}/executions has a run


The next start restores both workflows: to keep your changes, duplicate them.
Ctrl-C ends everything.`);
	const how = await n8n.program.ended;
	throw new Error(`n8n ended by itself with ${how}. Its log: ${n8n.logFile}`);
}

/**
 * Imports the sample workflow in its original form; returns its id.
 * @param webhookKey lets a caller of its webhook in
 */
async function importSample(api: N8nApi, baseUrl: string, webhookKey: string): Promise<string> {
	const credential = await api.saveCredential({
		name: 'Sandbox operator',
		type: 'openGatewayApi',
		data: { baseUrl },
	});
	const httpHeaderAuth = await api.saveCredential({
		name: 'Caller of the webhook',
		type: 'httpHeaderAuth',
		data: { name: WEBHOOK_HEADER, value: webhookKey },
	});
	const credentials = { httpHeaderAuth };
	return await importExample(api, sample, credential, { 'Asked from outside': { credentials } });
}

/** Imports the workflow that starts by itself when a device crosses a border; returns its id. */
async function importWelcome(api: N8nApi, baseUrl: string): Promise<string> {
	const { clientId, clientSecret } = applications.roaming;
	const credential = await api.saveCredential({
		name: 'Sandbox operator that sends events',
		type: 'openGatewayApi',
		data: {
			operator: 'camara',
			baseUrl,
			discoveryUrl: `${baseUrl}/.well-known/openid-configuration`,
			authorizationGrant: 'clientCredentials',
			camaraClientAuthentication: 'clientSecretBasic',
			clientId,
			clientSecret,
		},
	});
	return await importExample(api, welcomeOffer, credential);
}

async function startDemoN8n(runtime: Runtime): Promise<N8n> {
	const port = await portFor('n8n', 5678);
	const options = { userFolder: USER_FOLDER, port, onlyLoopbackHosts: true };
	return await step('Starting n8n', () => startN8n(runtime, options));
}

async function portFor(name: string, preferred: number): Promise<number> {
	const port = await freePort(preferred);
	if (port !== preferred) console.log(`Port ${preferred} is in use: ${name} takes ${port}.`);
	return port;
}

let ending = false;

/** Ends all programs, then this process; a second call ends this process at once. */
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
	if (ending) return; // the error comes from a program that was stopped
	console.error(`\n${error.message}`);
	await end(1);
});
