import sample from '../../examples/roaming-branches.json';
import { importExample } from '../../localN8n/importExample';
import type { N8nApi, WorkflowNode } from '../../localN8n/n8nApi';

/**
 * Imports the sample workflow with a credential for Telefónica. A second import replaces the first.
 *
 * @param changes to nodes, by their names
 * @returns id of the workflow
 */
export async function importSample(
	api: N8nApi,
	baseUrl: string,
	changes: Readonly<Record<string, Partial<WorkflowNode>>> = {},
): Promise<string> {
	const credential = await api.saveCredential({
		name: 'Sandbox operator',
		type: 'openGatewayApi',
		data: { baseUrl },
	});
	return await importExample(api, sample, credential, changes);
}
