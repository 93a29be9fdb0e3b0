import axios from 'axios';
import { mkdir, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { npm } from '../../localN8n/runtime';
import { n8nForSuite } from '../support/realN8n';
import { importSample, WEBHOOK_HEADERS } from '../support/sample';
import { sandboxForSuite } from '../support/suite';

jest.setTimeout(120_000);

const sandbox = sandboxForSuite();
const n8n = n8nForSuite();

describe('what npm would publish', () => {
	const files = ['CHANGELOG.md', 'LICENSE.md', 'README.md', 'dist', 'index.js', 'package.json'];

	test('is small, holds what it needs, and pulls in nothing else', async () => {
		const folder = join(n8n.folder, 'empty');
		await mkdir(folder);
		await writeFile(join(folder, 'package.json'), '{ "private": true }');
		await npm(process.execPath, folder, ['install', n8n.tarball, '--legacy-peer-deps']);

		const installed = await readdir(join(folder, 'node_modules'));
		expect(installed.filter((name) => !name.startsWith('.'))).toEqual(['n8n-nodes-open-gateway']);
		expect(await readdir(join(folder, 'node_modules', 'n8n-nodes-open-gateway'))).toEqual(files);
		expect((await stat(n8n.tarball)).size).toBeLessThan(150_000);
	});
});

test('a workflow with a webhook cannot be published without a credential of its callers', async () => {
	const workflowId = await importSample(n8n.api, sandbox.baseUrls.telefonica, {
		'Asked from outside': {},
	});
	await expect(n8n.api.activate(workflowId)).rejects.toThrow(/Header Auth|httpHeaderAuth/);
});

describe('a workflow with a webhook answers by branch', () => {
	beforeAll(async () => {
		await n8n.api.activate(await importSample(n8n.api, sandbox.baseUrls.telefonica));
	});

	const post = async (headers: Record<string, string>, phoneNumber = '+34600000001') =>
		await axios.post<unknown>(
			`${n8n.url}/webhook/roaming`,
			{ phoneNumber },
			{ proxy: false, headers, validateStatus: () => true },
		);
	const ask = async (phoneNumber: string) => (await post(WEBHOOK_HEADERS, phoneNumber)).data;

	test.each([[{}], [{ 'X-Api-Key': 'wrong' }]])(
		'but not for a caller with the header %j',
		async (headers) => {
			expect((await post(headers)).status).toBe(403);
			expect(await sandbox.exchanges()).toEqual([]);
		},
	);

	test('for a device that roams', async () => {
		expect(await ask('+34600000001')).toEqual({
			branch: 'roaming',
			device: { phoneNumber: '+34600000001' },
			roaming: true,
			countryCode: 262,
			countryName: ['DE'],
			country: 'DE',
			lastStatusTime: null,
		});
	});

	test('for a device at home', async () => {
		expect(await ask('+34600000002')).toEqual({
			branch: 'at home',
			device: { phoneNumber: '+34600000002' },
			roaming: false,
			countryCode: null,
			countryName: [],
			country: null,
			lastStatusTime: null,
		});
	});

	test('for a device whose owner refuses consent', async () => {
		expect(await ask('+34600000007')).toEqual({
			branch: 'no answer',
			phoneNumber: '+34600000007',
			error: {
				message: expect.stringContaining('+346•••••007 has not consented') as string,
				code: 'access_denied',
				description: "the phone's owner has not consented",
				nextMove: 'lineOwner',
				status: 400,
				correlator: expect.stringMatching(/^[\da-f-]{36}$/) as string,
			},
		});
	});
});

test('a workflow with a schedule runs by itself, and every device takes its branch', async () => {
	const everyTwoSeconds = { rule: { interval: [{ field: 'seconds', secondsInterval: 2 }] } };
	const workflowId = await importSample(n8n.api, sandbox.baseUrls.telefonica, {
		'Every hour': { parameters: everyTwoSeconds },
	});
	await n8n.api.activate(workflowId);

	const execution = await n8n.api.finishedExecution(await idOfTriggered(workflowId));
	await n8n.api.activate(await importSample(n8n.api, sandbox.baseUrls.telefonica));

	expect(execution).toMatchObject({ mode: 'trigger', status: 'success' });
	const answered = (branch: string) =>
		execution.itemsOf(branch).map(({ device }) => (device as { phoneNumber: string }).phoneNumber);
	expect(answered('Roaming')).toEqual(numbersEndingIn(1, 3, 4, 5, 6, 8));
	expect(answered('At home')).toEqual(numbersEndingIn(2));
	expect(execution.itemsOf('No answer').map(({ phoneNumber }) => phoneNumber)).toEqual(
		numbersEndingIn(0, 7, 9),
	);
});

async function idOfTriggered(workflowId: string): Promise<string> {
	for (;;) {
		const executions = await n8n.api.executions(workflowId);
		const triggered = executions.find(({ mode }) => mode === 'trigger');
		if (triggered) return triggered.id;
		await sleep(200);
	}
}

function numbersEndingIn(...endings: number[]): string[] {
	return endings.map((ending) => `+3460000000${ending}`);
}

test('an answer leads back to the item that was asked about', async () => {
	const asked = "={{ $('One by one').item.json.phoneNumber }}";
	const workflowId = await importSample(n8n.api, sandbox.baseUrls.telefonica, {
		Roaming: {
			parameters: {
				assignments: { assignments: [{ id: '1', name: 'asked', type: 'string', value: asked }] },
				includeOtherFields: true,
			},
		},
	});

	const execution = await n8n.api.finishedExecution(await n8n.api.run(workflowId, 'Every hour'));
	expect(execution.itemsOf('Roaming')).toMatchObject(
		numbersEndingIn(1, 3, 4, 5, 6, 8).map((phoneNumber) => ({
			asked: phoneNumber,
			device: { phoneNumber },
		})),
	);
});

test('a run of many devices answers each of them', async () => {
	const numbers = Array.from({ length: 100 }, (_, at) => `+34600${String(at).padStart(5, '0')}1`);
	const value = JSON.stringify(numbers);
	const assignment = { id: '1', name: 'phoneNumber', type: 'array', value };
	const workflowId = await importSample(n8n.api, sandbox.baseUrls.telefonica, {
		Devices: { parameters: { assignments: { assignments: [assignment] }, options: {} } },
	});

	const execution = await n8n.api.finishedExecution(await n8n.api.run(workflowId, 'Every hour'));
	expect(execution.itemsOf('Roaming').map(({ device }) => device)).toEqual(
		numbers.map((phoneNumber) => ({ phoneNumber })),
	);
});

test('a workflow that stops at an error says what happened', async () => {
	const workflowId = await importSample(n8n.api, sandbox.baseUrls.telefonica, {
		'Check Roaming': { onError: 'stopWorkflow' },
	});

	expect(
		await n8n.api.finishedExecution(await n8n.api.run(workflowId, 'Every hour')),
	).toMatchObject({
		status: 'error',
		// Of those that have no answer, whichever is the first to say so.
		error: expect.stringMatching(/\+346•••••00[079]/) as string,
	});
});

test('a workflow that is cancelled asks the operator no more', async () => {
	const polls = async () =>
		(await sandbox.exchanges()).filter(({ path }) => path.endsWith('/token'));
	await sandbox.setPolling({ intervalS: 1, pending: 100 });
	const workflowId = await importSample(n8n.api, sandbox.baseUrls.telefonica);
	const executionId = await n8n.api.run(workflowId, 'Every hour');
	const polledAgain = (bodies: string[]) => new Set(bodies).size < bodies.length;
	while (!polledAgain((await polls()).map(({ body }) => body))) await sleep(50);

	await n8n.api.stop(executionId);
	const stopped = Date.now();
	await sleep(5000); // five times the interval
	await sandbox.setPolling({});

	const sinceStopped = Math.max(...(await polls()).map(({ at }) => Date.parse(at))) - stopped;
	const when = sinceStopped > 0 ? 'after' : 'before';
	console.log(`The last poll came ${Math.abs(sinceStopped)} ms ${when} the cancellation.`);
	expect(sinceStopped).toBeLessThanOrEqual(1000);
	expect((await n8n.api.finishedExecution(executionId)).status).toBe('canceled');
});
