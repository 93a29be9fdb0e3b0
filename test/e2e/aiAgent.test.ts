import type { CredentialReference } from '../../localN8n/n8nApi';
import { N8N_1_VERSION, N8N_VERSION } from '../../localN8n/runtime';
import { maskedPhoneNumber } from '../../nodes/OpenGateway/errors';
import { startModel, type Model } from '../support/model';
import { n8nForSuite } from '../support/realN8n';
import { sandboxForSuite } from '../support/suite';

jest.setTimeout(120_000);

const sandbox = sandboxForSuite();
const settings = {
	start: async () => ({ N8N_COMMUNITY_PACKAGES_ALLOW_TOOL_USAGE: 'true' }),
	stop: async () => {},
};

/** Newer agents let n8n's engine run their tools; older ones run them themselves. */
const AGENT_VERSIONS = [2, 3];

describe.each([N8N_VERSION, N8N_1_VERSION])('as a tool of an AI agent in n8n %s', (version) => {
	const n8n = n8nForSuite(settings, version);
	let model: Model;
	beforeAll(async () => (model = await startModel()));
	afterAll(async () => await model.stop());

	/** What the model hears from its tool about this device. */
	async function heard(phoneNumber: string, agentVersion: number): Promise<string> {
		const workflowId = await n8n.api.saveWorkflow(
			agentWorkflow(agentVersion, {
				openAiApi: await n8n.api.saveCredential({
					name: 'Model',
					type: 'openAiApi',
					data: { apiKey: 'made-up-key', url: model.baseUrl },
				}),
				openGatewayApi: await n8n.api.saveCredential({
					name: 'Sandbox operator',
					type: 'openGatewayApi',
					data: { baseUrl: sandbox.baseUrls.telefonica },
				}),
			}),
		);
		model.asksFor(phoneNumber);
		const run = await n8n.api.finishedExecution(await n8n.api.run(workflowId, 'Start'));
		expect(run).toMatchObject({ status: 'success', error: undefined });
		return model.heard();
	}

	test.each(AGENT_VERSIONS)('version %s hears the answer', async (agentVersion) => {
		expect(await heard('+34600000001', agentVersion)).toMatch(/"roaming":true.*"country":"DE"/);
	});

	test.each(AGENT_VERSIONS)(
		'version %s hears that the phone’s owner has not consented',
		async (agentVersion) => {
			const phoneNumber = '+34600000007';
			const words = await heard(phoneNumber, agentVersion);

			expect(words).toContain(`${maskedPhoneNumber(phoneNumber)} has not consented`);
			expect(words).toMatch(/"code":"access_denied".*"nextMove":"lineOwner"/);
		},
	);
});

function agentWorkflow(agentVersion: number, credentials: Record<string, CredentialReference>) {
	const node = (name: string, type: string, typeVersion: number, parameters: object, own = '') => ({
		id: name,
		name,
		type,
		typeVersion,
		parameters,
		position: [0, 0],
		...(own && { credentials: { [own]: credentials[own]! } }),
	});
	const to = (name: string, type: string) => ({ [type]: [[{ node: name, type, index: 0 }]] });
	return {
		name: `Agent ${agentVersion}`,
		settings: { executionOrder: 'v1' },
		nodes: [
			node('Start', 'n8n-nodes-base.manualTrigger', 1, {}),
			node('Agent', '@n8n/n8n-nodes-langchain.agent', agentVersion, {
				promptType: 'define',
				text: 'Is my phone roaming?',
			}),
			node(
				'Model',
				'@n8n/n8n-nodes-langchain.lmChatOpenAi',
				1.2,
				{ model: { __rl: true, mode: 'id', value: 'made-up-model' } },
				'openAiApi',
			),
			node(
				'Check Roaming',
				'n8n-nodes-open-gateway.openGatewayDeviceStatusTool',
				1,
				{
					resource: 'device',
					operation: 'checkRoaming',
					phoneNumber: "={{ $fromAI('phoneNumber', 'With its country', 'string') }}",
				},
				'openGatewayApi',
			),
		],
		connections: {
			Start: to('Agent', 'main'),
			Model: to('Agent', 'ai_languageModel'),
			'Check Roaming': to('Agent', 'ai_tool'),
		},
	};
}
