import { forgetPeak, memoryOf } from '../../localN8n/process/memory';
import { N8N_1_VERSION, N8N_VERSION } from '../../localN8n/runtime';
import { openGatewayApi } from '../support/credential';
import { gzipBomb, startHostileServer, type HostileServer } from '../support/hostileServer';
import { n8nForSuite } from '../support/realN8n';

jest.setTimeout(180_000);

/** As many as are asked before the run ends. */
const DEVICES = 10;
/** MB: less than half of one of the responses would fit. */
const MOST_MEMORY = 400;

let operator: HostileServer;
let requests = 0;
beforeAll(async () => {
	operator = await startHostileServer((request, response) => {
		requests++;
		gzipBomb()(request, response);
	});
});
afterAll(async () => await operator.close());

describe.each([N8N_VERSION, N8N_1_VERSION])('in n8n %s', (version) => {
	const n8n = n8nForSuite(undefined, version);

	test(`${DEVICES} responses of 1 GB each, packed by gzip, are refused and never unpacked`, async () => {
		const credential = await n8n.api.saveCredential({
			name: 'Hostile operator',
			type: 'openGatewayApi',
			data: openGatewayApi({
				operator: 'camara',
				baseUrl: operator.baseUrl,
				authorizationGrant: 'accessToken',
				accessToken: 'made-up-token',
			}),
		});
		const workflowId = await n8n.api.saveWorkflow({
			name: 'Hostile operator',
			nodes: [
				{
					...{ id: 'start', name: 'Start', type: 'n8n-nodes-base.manualTrigger' },
					...{ typeVersion: 1, position: [0, 0], parameters: {} },
				},
				{
					...{ id: 'items', name: 'Items', type: 'n8n-nodes-base.debugHelper', typeVersion: 1 },
					...{ position: [200, 0] },
					parameters: { category: 'randomData', randomDataCount: DEVICES },
				},
				{
					...{ id: 'check', name: 'Check', typeVersion: 1, position: [400, 0] },
					type: 'n8n-nodes-open-gateway.openGatewayDeviceStatus',
					parameters: {
						phoneNumber: '={{ "+346000000" + (10 + $itemIndex) }}',
						options: { retries: 0 },
					},
					onError: 'continueRegularOutput',
					credentials: { openGatewayApi: credential },
				},
			],
			connections: {
				Start: { main: [[{ node: 'Items', type: 'main', index: 0 }]] },
				Items: { main: [[{ node: 'Check', type: 'main', index: 0 }]] },
			},
		});
		requests = 0;
		const before = await memoryOf(n8n.processId());
		await forgetPeak(n8n.processId());
		const started = performance.now();
		const run = await n8n.api.finishedExecution(await n8n.api.run(workflowId, 'Start'));
		const seconds = (performance.now() - started) / 1000;
		const after = await memoryOf(n8n.processId());

		const errors = run.itemsOf('Check').map(({ error }) => error);
		expect(errors).toEqual(
			Array.from({ length: DEVICES }, () =>
				expect.objectContaining({ code: 'UNEXPECTED_ANSWER', nextMove: 'operator' }),
			),
		);
		expect(requests).toBe(DEVICES);
		if (before && after) {
			console.log(
				`n8n ${version}: ${requests} GB offered in ${seconds.toFixed(1)} s; memory from ${before.now.toFixed(0)} to at most ${after.peak.toFixed(0)} MB`,
			);
			expect(after.peak - before.now).toBeLessThan(MOST_MEMORY);
		}
	});
});
