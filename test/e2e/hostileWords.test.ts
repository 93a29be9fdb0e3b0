import { join } from 'node:path';
import { tmpdir } from 'node:os';
import type { Page } from 'playwright-core';
import { pageForSuite } from '../support/browser';
import { signIn } from '../support/editor';
import { n8nForSuite } from '../support/realN8n';
import { startScriptedOperator, type ScriptedOperator } from '../support/scriptedOperator';

jest.setTimeout(180_000);

const n8n = n8nForSuite();
const inTheEditor = pageForSuite();

const HOST = 'hostile.example';
/** What n8n's editor would render, each beside its text. */
const WORDS = [
	`<a href="https://${HOST}/login">Sign in again</a>`,
	`<img src="https://${HOST}/pixel.png">`,
	'{{ 7*7 }}',
	'`code`',
	'&lt;i&gt;',
	'\u202Etxt.exe',
].join(' ');
const AS_TEXT = '‹a href="https://hostile.example/login"›Sign in again‹/a›';

let operator: ScriptedOperator;
beforeAll(async () => {
	operator = await startScriptedOperator(({ path }) => {
		if (path.endsWith('/bc-authorize')) return { body: { auth_req_id: 'made-up-request' } };
		if (path.endsWith('/token')) return { body: { access_token: 'made-up-token' } };
		return {
			status: 403,
			headers: { 'x-correlator': `<img/src=https://${HOST}/>` },
			body: { code: `<b>${HOST}</b>`, message: WORDS },
		};
	});
});
afterAll(async () => await operator.close());

/** A workflow whose one question the operator refuses. */
async function workflowWith(onError: string): Promise<string> {
	const openGatewayApi = await n8n.api.saveCredential({
		name: 'Hostile operator',
		type: 'openGatewayApi',
		data: { baseUrl: operator.baseUrl },
	});
	return await n8n.api.saveWorkflow({
		name: `Hostile words, ${onError}`,
		nodes: [
			{
				...{ id: 'start', name: 'Start', type: 'n8n-nodes-base.manualTrigger' },
				...{ typeVersion: 1, position: [0, 0], parameters: {} },
			},
			{
				...{ id: 'check', name: 'Check', typeVersion: 1, position: [250, 0] },
				type: 'n8n-nodes-open-gateway.openGatewayDeviceStatus',
				parameters: { phoneNumber: '+34600000001', options: { retries: 0 } },
				onError,
				credentials: { openGatewayApi },
			},
		],
		connections: { Start: { main: [[{ node: 'Check', type: 'main', index: 0 }]] } },
	});
}

/** Opens the workflow, executes it as a person does, and opens the node. */
async function execute(page: Page, onError: string): Promise<void> {
	await page.goto(`${n8n.url}/workflow/${await workflowWith(onError)}`);
	await page.getByTestId('execute-workflow-button').first().click();
	const node = page.locator('[data-test-id="canvas-node"][data-node-name="Check"]');
	await page
		.getByText(onError === 'stopWorkflow' ? 'Problem in node' : 'executed successfully')
		.first()
		.waitFor();
	// A message of n8n covers the canvas.
	await expectNoElements(page);
	await node.dblclick();
	await page.getByTestId('output-panel').waitFor();
}

async function expectNoElements(page: Page): Promise<void> {
	const rendered = page.locator(
		`a[href*="${HOST}"], img[src*="${HOST}"], [data-test-id="node-error-description"] :is(a, b, i, img, code)`,
	);
	expect(await rendered.count()).toBe(0);
	expect(await page.content()).not.toMatch(/\u202E/);
}

const picture = async (page: Page, name: string) =>
	await page.screenshot({ path: join(tmpdir(), `hostile-${name}.png`) });

inTheEditor('the words of a hostile server are text in the error of a run', async (page) => {
	await signIn(page, n8n);
	await execute(page, 'stopWorkflow');

	const description = page.getByTestId('node-error-description');
	await description.getByText(AS_TEXT).waitFor();
	const shown = await description.innerText();
	expect(shown).toContain('{{ 7*7 }}');
	await expectNoElements(page);
	await picture(page, 'stopped');
});

inTheEditor('the words of a hostile server are text in an item', async (page) => {
	await execute(page, 'continueRegularOutput');

	const output = page.getByTestId('output-panel');
	await output.getByTestId('node-hint').first().waitFor();
	for (const view of ['Schema', 'Table', 'JSON']) {
		await output.getByText(view, { exact: true }).click();
		await output.getByText('Sign in again').first().waitFor();
		await expectNoElements(page);
		await picture(page, view.toLowerCase());
	}
	expect(await output.innerText()).toContain('{{ 7*7 }}');
});
