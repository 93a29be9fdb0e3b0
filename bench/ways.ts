/** The ways to ask about many devices that are weighed, each as a workflow behind a webhook. */
import type { Credential, CredentialReference, Workflow, WorkflowNode } from '../localN8n/n8nApi';
import { applications, ciba } from '../sandbox/applications';
import { telefonica } from '../sandbox/operators/telefonica';

export interface Way {
	readonly name: string;
	readonly credential?: Credential;
	/** The nodes that ask, one behind the other. */
	readonly nodes: readonly WorkflowNode[];
}

const { clientId, clientSecret } = applications.roaming;
export const phoneNumberOfItem = '={{ $json.phoneNumber }}';

const scope = telefonica.apis.roamingStatus.scopes[0]!;

/** What people build today. */
export function chain(baseUrl: string): Way {
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
				form({ login_hint: '=tel:{{ $json.phoneNumber }}', scope }),
			),
			request(
				'Token',
				'/token',
				form({ grant_type: ciba, auth_req_id: '={{ $json.auth_req_id }}' }),
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
export function thisNode(baseUrl: string, options: object = {}): Way {
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
					phoneNumber: phoneNumberOfItem,
					options,
				},
			},
		],
	};
}

/**
 * A node of the benchmark's own, for what n8n's way of sending requests costs by itself.
 *
 * @param phoneNumber an expression, which costs what n8n takes to evaluate it for each item; empty:
 * it is read off the item
 */
export function bareLoop(baseUrl: string, phoneNumber = ''): Way {
	const authorization = `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`;
	return {
		name: phoneNumber ? 'Bare loop, expression' : 'Bare loop',
		nodes: [
			{
				name: 'Bare Loop',
				type: 'CUSTOM.bareLoop',
				typeVersion: 1,
				parameters: { baseUrl, authorization, scope, phoneNumber },
			},
		],
	};
}

/** Answers its webhook, at the path that is its name, once the last node is done. */
export function workflowOf(
	{ name, credential, nodes }: Way,
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
	const asking = nodes.map((node) =>
		credential && reference ? { ...node, credentials: { [credential.type]: reference } } : node,
	);
	const all = [webhook, devices, ...asking].map((node, index) => ({
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
