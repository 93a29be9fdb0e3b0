import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import axios from 'axios';
import { startN8n, type N8n } from '../../localN8n/n8n';
import { N8nApi } from '../../localN8n/n8nApi';
import { ownerPassword } from '../../localN8n/owner';
import { freePort } from '../../localN8n/process/ports';
import { installRuntime, RUNTIME_FOLDER, type Runtime } from '../../localN8n/runtime';
import sample from '../../examples/roaming-branches.json';

const OWNER = { email: 'demo@example.com', firstName: 'Demo', lastName: 'Owner' };
/** The password of every demo until it was made at random. */
const KNOWN = 'Roaming-2030';

const userFolder = join(RUNTIME_FOLDER, `e2e-owner-${process.pid}`);
let runtime: Runtime;
let n8n: N8n;
let workflowId: string;

const start = async () =>
	await startN8n(runtime, { userFolder, port: await freePort(0), onlyLoopbackHosts: true });

beforeAll(async () => {
	runtime = await installRuntime();
	const before = await start();
	const api = await N8nApi.signIn(before.url, { ...OWNER, password: KNOWN });
	workflowId = await api.saveWorkflow(sample);
	await before.stop();
	await ownerPassword(runtime, userFolder);
	n8n = await start();
});

afterAll(async () => {
	await n8n?.stop();
	await rm(userFolder, { recursive: true, force: true });
});

test('the known password of an earlier demo is accepted no longer, and its workflows are still there', async () => {
	const password = await ownerPassword(runtime, userFolder);
	const api = await N8nApi.signIn(n8n.url, { ...OWNER, password });
	await expect(N8nApi.signIn(n8n.url, { ...OWNER, password: KNOWN })).rejects.toThrow(
		'let nobody in',
	);
	// Replaces the workflow of that name, or else creates one.
	expect(await api.saveWorkflow(sample)).toBe(workflowId);
});

test.each(['/', '/rest/settings', '/webhook/roaming', '/rest/push', '/healthz'])(
	'a web page that reaches the demo’s n8n by DNS rebinding gets nothing at %s',
	async (path) => {
		const statusFor = async (host: string) => {
			const options = { headers: { host }, proxy: false, validateStatus: () => true } as const;
			return (await axios.get(n8n.url + path, options)).status;
		};
		expect(await statusFor('rebound.example.com')).toBe(421);
		expect(await statusFor('localhost')).not.toBe(421);
	},
);
