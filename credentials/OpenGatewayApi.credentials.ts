import type {
	IAuthenticate,
	ICredentialDataDecryptedObject,
	ICredentialType,
	IHttpRequestOptions,
	INodeProperties,
} from 'n8n-workflow';
import {
	clientAuthenticationHeaders,
	type ClientCredential,
} from '../nodes/OpenGatewayDeviceStatus/authorization/clientAuthentication';
import { operators } from '../nodes/OpenGatewayDeviceStatus/operators';
import { purposes } from '../nodes/OpenGatewayDeviceStatus/purpose';

/** The application's own identity at an operator, for flows without the end user's browser. */
export class OpenGatewayApi implements ICredentialType {
	name = 'openGatewayApi';

	displayName = 'Open Gateway API';

	icon = {
		light: 'file:../nodes/OpenGatewayDeviceStatus/openGateway.svg',
		dark: 'file:../nodes/OpenGatewayDeviceStatus/openGateway.dark.svg',
	} as const;

	documentationUrl =
		'https://github.com/n8n-nodes-open-gateway/n8n-nodes-open-gateway#the-credential';

	properties: INodeProperties[] = [
		{
			displayName:
				'As it opens, this credential works with Telefónica’s sandbox in mock mode, with made-up answers. For real ones enter the Client ID and Secret of your application.',
			name: 'notice',
			type: 'notice',
			default: '',
		},
		{
			displayName: 'Operator',
			name: 'operator',
			type: 'options',
			options: Object.entries(operators).map(([value, { displayName: name }]) => ({ name, value })),
			default: 'telefonica',
			description: 'The operator or aggregator that your application is registered with',
		},
		{
			displayName: 'Base URL',
			name: 'baseUrl',
			type: 'string',
			required: true,
			default: operators.telefonica.defaultBaseUrl,
			description: 'Where the operator’s authorization server and API answer',
		},
		{
			displayName: 'Grant Type',
			name: 'grantType',
			type: 'options',
			options: [
				{
					name: 'Backend Flow (CIBA)',
					value: 'ciba',
					description: 'The operator recognises the line without its owner doing anything',
				},
			],
			default: 'ciba',
			description: 'How the application obtains its access tokens',
		},
		{
			displayName: 'Client Authentication',
			name: 'clientAuthentication',
			type: 'options',
			options: [
				{
					name: 'Client Secret (Basic)',
					value: 'clientSecretBasic',
					description: 'HTTP Basic with Client ID and Client Secret',
				},
			],
			default: 'clientSecretBasic',
			description: 'How the application proves that it is itself',
		},
		{
			displayName: 'Client ID',
			name: 'clientId',
			type: 'string',
			required: true,
			default: 'mock_sandbox_app_id',
			description: 'Shown in the operator’s developer portal',
		},
		{
			displayName: 'Client Secret',
			name: 'clientSecret',
			type: 'string',
			typeOptions: { password: true },
			required: true,
			default: 'mock_sandbox_app_secret',
			description: 'Shown in the operator’s developer portal',
		},
		{
			displayName: 'Purpose',
			name: 'purpose',
			type: 'options',
			options: [...purposes],
			default: 'FraudPreventionAndDetection',
			description: 'Why you ask. The application must be registered for it with the operator.',
		},
	];

	authenticate: IAuthenticate = async (
		credential: ICredentialDataDecryptedObject,
		request: IHttpRequestOptions,
	): Promise<IHttpRequestOptions> => ({
		...request,
		headers: {
			...request.headers,
			...clientAuthenticationHeaders(credential as unknown as ClientCredential),
		},
	});
}
