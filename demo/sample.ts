import sample from '../examples/roaming-branches.json';
import type { N8nApi, WorkflowNode } from './n8nApi';

/**
 * Imports the sample workflow and chooses a credential in it, as a person does who tries it. A
 * second import takes the place of the first.
 *
 * @param baseUrl of the operator; the rest of the credential is as it opens
 * @param changes to nodes, by their names
 * @returns id of the workflow
 */
export async function importSample(
	api: N8nApi,
	baseUrl: string,
	changes: Readonly<Record<string, Partial<WorkflowNode>>> = {},
): Promise<string> {
	const openGatewayApi = await api.saveCredential({
		name: 'Sandbox operator',
		type: 'openGatewayApi',
		data: { baseUrl },
	});
	const nodes = sample.nodes.map((node) => ({
		...node,
		...(node.name === 'Check Roaming' && { credentials: { openGatewayApi } }),
		...changes[node.name],
	}));
	return await api.saveWorkflow({ ...sample, nodes });
}
