import sample from '../../examples/roaming-branches.json';
import { importExample } from '../../localN8n/importExample';
import type { N8nApi, WorkflowNode } from '../../localN8n/n8nApi';

const header = { name: 'X-Api-Key', value: 'made-up-api-key-of-a-webhook' };

/** What a call of the sample's webhook has to send. */
export const WEBHOOK_HEADERS = { [header.name]: header.value };

/**
 * Imports the sample workflow with credentials for Telefónica and for its webhook. A second import
 * replaces the first.
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
	const httpHeaderAuth = await api.saveCredential({
		name: 'Caller of the webhook',
		type: 'httpHeaderAuth',
		data: header,
	});
	return await importExample(api, sample, credential, {
		'Asked from outside': { credentials: { httpHeaderAuth } },
		...changes,
	});
}
