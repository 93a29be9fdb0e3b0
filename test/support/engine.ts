import { randomUUID } from 'node:crypto';
import { ErrorReporter, ExecutionLifecycleHooks, WorkflowExecute } from 'n8n-core';
import { SSHClientsManager } from 'n8n-core/dist/execution-engine/ssh-clients-manager';
import { Container } from '@n8n/di';
import {
	createDeferredPromise,
	ICredentialsHelper,
	LoggerProxy,
	NodeConnectionTypes,
	NodeHelpers,
	Workflow,
	type ICredentialDataDecryptedObject,
	type IDataObject,
	type INode,
	type INodeExecutionData,
	type INodeParameters,
	type INodeType,
	type INodeTypes,
	type IRun,
	type IWorkflowBase,
	type IWorkflowExecuteAdditionalData,
	type NodeExecutionHint,
} from 'n8n-workflow';
import { OpenGatewayApi } from '../../credentials/OpenGatewayApi.credentials';
import { OpenGatewayDeviceStatus } from '../../nodes/OpenGateway/OpenGatewayDeviceStatus.node';
import { record } from './recordings';

// n8n-core stops this timer of its own only when its process ends, which waits for the timer.
afterAll(() => Container.get(SSHClientsManager).onShutdown());

export interface NodeRun {
	/** The items of each output of the node, in order. */
	outputs: INodeExecutionData[][];
	/** The notices that the editor shows beside the output. */
	hints: NodeExecutionHint[];
	/** The error that stopped the node, as n8n keeps it in its execution data. */
	error?: { message: string; description?: string | null; httpCode?: string };
	status: IRun['status'];
	/** What n8n was given to log. */
	logged: unknown[];
}

interface NodeSetting {
	/** Beside the phone number of each item. */
	parameters?: INodeParameters;
	/** Of the type `openGatewayApi`, or, with `oauthTokenData` in it, `openGatewayOAuth2Api`. */
	credential: ICredentialDataDecryptedObject;
	/** The values of `$vars` in expressions: no execution data holds them. */
	variables?: IDataObject;
	/** Identifies the credential to caches. Default: a new one for each run. */
	credentialId?: string;
	onError?: INode['onError'];
	/** Cancels the execution when it resolves. */
	cancelWhen?: Promise<unknown>;
}

/**
 * Runs the node in n8n's own execution engine (`n8n-core`) with these input items, and records
 * the outcome for the audit that follows the suites.
 */
export async function runNode(items: IDataObject[], setting: NodeSetting): Promise<NodeRun> {
	const logged: unknown[] = [];
	const log = (...words: unknown[]) => void logged.push(words);
	LoggerProxy.init({ error: log, warn: log, info: log, debug: log });
	const report = jest.spyOn(Container.get(ErrorReporter), 'error').mockImplementation(log);

	const run = await execute(items, setting);
	report.mockRestore();

	const task = run.data.resultData.runData[NODE]?.[0];
	const outputs = (task?.data?.main ?? []).map((output) => output ?? []);
	const error = run.data.resultData.error;
	// n8n would write this into its database, where a person can read it later.
	record({ kind: 'execution', outputs, run: JSON.parse(JSON.stringify(run)), logged });
	return {
		outputs,
		hints: task?.hints ?? [],
		error: error as NodeRun['error'],
		status: run.status,
		logged,
	};
}

const NODE = 'Open Gateway Device Status';

async function execute(
	items: IDataObject[],
	{
		parameters = {},
		credential,
		credentialId = randomUUID(),
		variables = {},
		onError,
		cancelWhen,
	}: NodeSetting,
): Promise<IRun> {
	const nodes: INode[] = [
		{ ...placed('Items', 'items'), parameters: {} },
		{
			...placed(NODE, 'openGatewayDeviceStatus'),
			parameters: {
				...('oauthTokenData' in credential && { authentication: 'oAuth2' }),
				phoneNumber: '={{ $json.phoneNumber }}',
				...parameters,
			},
			onError,
			credentials: {
				openGatewayApi: { id: credentialId, name: 'Operator' },
				openGatewayOAuth2Api: { id: credentialId, name: 'Phone' },
			},
		},
	];
	const connections = {
		Items: { main: [[{ node: NODE, type: NodeConnectionTypes.Main, index: 0 }]] },
	};
	const nodeTypes = nodeTypesWith(items);
	const workflow = new Workflow({ id: '1', nodes, connections, active: false, nodeTypes });

	const finished = createDeferredPromise<IRun>();
	const workflowBase = { id: '1', nodes, connections } as unknown as IWorkflowBase;
	const hooks = new ExecutionLifecycleHooks('manual', '1', workflowBase);
	hooks.addHandler('workflowExecuteAfter', (run) => finished.resolve(run));
	const additionalData = {
		credentialsHelper: new StoredCredential(credential),
		hooks,
		executionId: '1',
		currentNodeExecutionIndex: 0,
		variables,
		restApiUrl: '',
		webhookBaseUrl: '',
	} as unknown as IWorkflowExecuteAdditionalData;

	const execution = new WorkflowExecute(additionalData, 'manual').run({
		workflow,
		startNode: workflow.getNode('Items') ?? undefined,
	});
	void cancelWhen?.then(() => execution.cancel());
	return await Promise.race([execution, finished.promise]);
}

function placed(name: string, type: string) {
	return { id: name, name, type, typeVersion: 1, position: [0, 0] as [number, number] };
}

/** The node under test, and a node that supplies its items. */
function nodeTypesWith(items: IDataObject[]): INodeTypes {
	const source: INodeType = {
		description: {
			displayName: 'Items',
			name: 'items',
			group: ['trigger'],
			version: 1,
			description: '',
			defaults: { name: 'Items' },
			inputs: [],
			outputs: [NodeConnectionTypes.Main],
			properties: [],
		},
		execute: async () => [items.map((json) => ({ json }))],
	};
	return nodeTypesOf({ items: source, openGatewayDeviceStatus: new OpenGatewayDeviceStatus() });
}

/** The types of nodes that a workflow has, by their names. */
export function nodeTypesOf(known: Record<string, INodeType>): INodeTypes {
	const byName = (name: string) => known[name] as INodeType;
	return {
		getByName: byName,
		getByNameAndVersion: (name) => NodeHelpers.getVersionedNodeType(byName(name)),
		getKnownTypes: () => ({}),
	};
}

/** Does as n8n's own helper with a credential that is stored already. */
export class StoredCredential extends ICredentialsHelper {
	constructor(private credential: ICredentialDataDecryptedObject) {
		super();
	}

	getParentTypes(type: string) {
		return type === 'openGatewayOAuth2Api' ? ['oAuth2Api'] : [];
	}

	async authenticate(): Promise<never> {
		throw new Error('No credential type of this package authenticates requests by itself.');
	}

	async preAuthentication() {
		return undefined;
	}

	async getDecrypted() {
		return this.credential;
	}

	getCredentialsProperties(type: string) {
		return type === 'openGatewayApi' ? new OpenGatewayApi().properties : [];
	}

	async getCredentials(): Promise<never> {
		throw new Error('The node reads credentials decrypted.');
	}

	async updateCredentials() {}

	async updateCredentialsOauthTokenData(
		_node: unknown,
		_type: string,
		{ oauthTokenData }: ICredentialDataDecryptedObject,
	) {
		this.credential = { ...this.credential, oauthTokenData } as ICredentialDataDecryptedObject;
	}
}
