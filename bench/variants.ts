/** The variants of asking about many devices that are compared, each a workflow behind a webhook. */
import type { Credential, CredentialReference, Workflow, WorkflowNode } from '../localN8n/n8nApi';
import { applications, CIBA } from '../sandbox/applications';
import { telefonica } from '../sandbox/operators/telefonica';

export interface Variant {
	readonly name: string;
	readonly credential?: Credential;
	/** The nodes that send the requests, in their order. */
	readonly nodes: readonly WorkflowNode[];
}

const { clientId, clientSecret } = applications.roaming;
export const PHONE_NUMBER_OF_ITEM = '={{ $json.phoneNumber }}';

const SCOPE = telefonica.apis.roamingStatus.scopes[0]!;

/** What people build without this node. */
export function baseline(baseUrl: string): Variant {
	const request = (name: string, path: string, parameters: object) => ({
		name,
		type: 'n8n-nodes-base.httpRequest',
		typeVersion: 4.2,
		parameters: { method: 'POST', url: baseUrl + path, sendBody: true, options: {}, ...parameters },
	});
	const form = (fields: Record<string, string>) => ({
		authentication: 'genericCredentialType',
		genericAuthType: 'httpBasicAuth',
		contentType: 'form-urlencoded',
		bodyParameters: {
			parameters: Object.entries(fields).map(([name, value]) => ({ name, value })),
		},
	});
	return {
		name: 'Three HTTP Request nodes',
		credential: {
			name: 'Application',
			type: 'httpBasicAuth',
			data: { user: clientId, password: clientSecret },
		},
		nodes: [
			request(
				'Authorize',
				'/bc-authorize',
				form({ login_hint: '=tel:{{ $json.phoneNumber }}', scope: SCOPE }),
			),
			request(
				'Token',
				'/token',
				form({ grant_type: CIBA, auth_req_id: '={{ $json.auth_req_id }}' }),
			),
			request('Roaming', '/device-status/v0/roaming', {
				sendHeaders: true,
				headerParameters: {
					parameters: [{ name: 'Authorization', value: '=Bearer {{ $json.access_token }}' }],
				},
				specifyBody: 'json',
				jsonBody: `={"ueId":{"msisdn":"{{ $('Devices').item.json.phoneNumber }}"}}`,
			}),
		],
	};
}

/** @param options of Check Roaming */
export function thisNode(baseUrl: string, options: object = {}): Variant {
	return {
		name: ['This node', ...Object.keys(options)].join(', '),
		credential: { name: 'Application', type: 'openGatewayApi', data: { baseUrl } },
		nodes: [
			{
				name: 'Check Roaming',
				type: 'n8n-nodes-open-gateway.openGatewayDeviceStatus',
				typeVersion: 1,
				parameters: {
					resource: 'device',
					operation: 'checkRoaming',
					identifierType: 'phoneNumber',
					phoneNumber: PHONE_NUMBER_OF_ITEM,
					options,
				},
			},
		],
	};
}

/** The trigger of this package, which asks each minute. */
export interface Trigger {
	readonly name: string;
	readonly credential: Credential;
}

/** Has the same credential as the node, and so the same tokens. */
export function askingTrigger(baseUrl: string): Trigger {
	return { name: 'The trigger, by asking', credential: thisNode(baseUrl).credential! };
}

/** A workflow that starts with each change that the trigger finds. */
export function triggerWorkflowOf(
	{ name, credential }: Trigger,
	phoneNumbers: readonly string[],
	reference: CredentialReference,
): Workflow {
	return {
		name,
		nodes: [
			{
				id: 'trigger',
				name: 'Roaming Trigger',
				type: 'n8n-nodes-open-gateway.openGatewayRoamingTrigger',
				typeVersion: 2,
				webhookId: 'trigger',
				position: [0, 0],
				parameters: {
					event: ['started', 'stopped'],
					devices: phoneNumbers.join('\n'),
					detectBy: 'asking',
					interval: 1,
				},
				credentials: { [credential.type]: reference },
			},
		],
		connections: {},
		settings: { executionOrder: 'v1', saveDataSuccessExecution: 'all' },
	};
}

/**
 * A node of the benchmark's own, which shows what n8n's helper for requests costs by itself.
 *
 * @param phoneNumber an expression, which n8n evaluates for each item; if empty, the node reads the
 * number from the item
 */
export function bareLoop(baseUrl: string, phoneNumber = ''): Variant {
	const authorization = `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`;
	return {
		name: phoneNumber ? 'Bare loop, expression' : 'Bare loop',
		nodes: [
			{
				name: 'Bare Loop',
				type: 'CUSTOM.bareLoop',
				typeVersion: 1,
				parameters: { baseUrl, authorization, scope: SCOPE, phoneNumber },
			},
		],
	};
}

/** A workflow that answers its webhook once the last node has ended. */
export function workflowOf(
	{ name, credential, nodes }: Variant,
	path: string,
	reference: CredentialReference | undefined,
): Workflow {
	const webhook = {
		name: 'Webhook',
		type: 'n8n-nodes-base.webhook',
		typeVersion: 2,
		webhookId: path,
		parameters: {
			httpMethod: 'POST',
			path,
			responseMode: 'lastNode',
			responseData: 'noData',
			options: {},
		},
	};
	const devices = {
		name: 'Devices',
		type: 'n8n-nodes-base.splitOut',
		typeVersion: 1,
		parameters: {
			fieldToSplitOut: 'body.phoneNumbers',
			options: { destinationFieldName: 'phoneNumber' },
		},
	};
	const requesting = nodes.map((node) =>
		credential && reference ? { ...node, credentials: { [credential.type]: reference } } : node,
	);
	const all = [webhook, devices, ...requesting].map((node, index) => ({
		...node,
		id: `${path}-${index}`,
		position: [index * 220, 0],
	}));
	return {
		name,
		nodes: all,
		connections: Object.fromEntries(
			all
				.slice(1)
				.map((node, index) => [
					all[index]!.name,
					{ main: [[{ node: node.name, type: 'main', index: 0 }]] },
				]),
		),
		settings: {
			executionOrder: 'v1',
			saveDataSuccessExecution: 'all',
			saveDataErrorExecution: 'all',
		},
	};
}
