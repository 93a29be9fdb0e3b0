import type { CredentialReference, N8nApi, Workflow, WorkflowNode } from './n8nApi';

/**
 * Imports an example and chooses a credential in its nodes of Open Gateway, as a person does who
 * tries it. A second import replaces the first.
 *
 * @param changes to nodes, by their names
 * @returns id of the workflow
 */
export async function importExample(
	api: N8nApi,
	example: Workflow,
	openGatewayApi: CredentialReference,
	changes: Readonly<Record<string, Partial<WorkflowNode>>> = {},
): Promise<string> {
	const nodes = example.nodes.map((node) => ({
		...node,
		...(node.type.startsWith('n8n-nodes-open-gateway.') && { credentials: { openGatewayApi } }),
		...changes[node.name],
	}));
	return await api.saveWorkflow({ ...example, nodes });
}
