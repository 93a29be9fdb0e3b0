import { randomUUID } from 'node:crypto';
import {
	Workflow,
	type ICredentialDataDecryptedObject,
	type IDataObject,
	type INode,
	type INodeParameters,
	type INodeType,
	type IWorkflowExecuteAdditionalData,
} from 'n8n-workflow';
import { OpenGatewayRoamingTrigger } from '../../nodes/OpenGateway/OpenGatewayRoamingTrigger.node';
import { nodeTypesOf, StoredCredential } from './engine';

export const triggerType = new OpenGatewayRoamingTrigger();

interface Stored {
	readonly parameters: INodeParameters;
	readonly credential: ICredentialDataDecryptedObject;
	readonly credentialId?: string;
	readonly workflowId?: string;
	readonly webhookId?: string;
	readonly staticData?: IDataObject;
	/** The address under which n8n's webhooks are. */
	readonly webhookBaseUrl?: string;
}

/** A published workflow of the trigger alone, as n8n loads it: what n8n's contexts are made of. */
export function loadedTrigger({
	parameters,
	credential,
	credentialId = 'credential',
	workflowId = randomUUID(),
	webhookId = randomUUID(),
	staticData = {},
	webhookBaseUrl = '',
}: Stored) {
	const node: INode = {
		...{ id: 'trigger', webhookId, name: 'Roaming', type: 'openGatewayRoamingTrigger' },
		...{ typeVersion: 2, position: [0, 0], parameters },
		credentials: { openGatewayApi: { id: credentialId, name: 'Operator' } },
	};
	const workflow = new Workflow({
		id: workflowId,
		nodes: [node],
		connections: {},
		active: true,
		nodeTypes: nodeTypesOf({ openGatewayRoamingTrigger: triggerType as INodeType }),
		staticData,
	});
	const data = {
		credentialsHelper: new StoredCredential(credential),
		...{ variables: {}, restApiUrl: '', webhookBaseUrl },
		webhookTestBaseUrl: webhookBaseUrl.replace('/webhook', '/webhook-test'),
	} as unknown as IWorkflowExecuteAdditionalData;
	return { workflow, node: workflow.getNode(node.name)!, data };
}
