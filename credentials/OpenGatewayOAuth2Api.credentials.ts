import type { ICredentialType, INodeProperties } from 'n8n-workflow';
import { operators } from '../nodes/OpenGatewayDeviceStatus/operators';
import { purposes } from '../nodes/OpenGatewayDeviceStatus/purpose';

/**
 * A field as an address, in the language of n8n's expressions. One without TLS becomes no address,
 * unless it is on this machine: n8n would send the client's secret there.
 */
const address = (field: string, whereEmpty = '') =>
	`(($self["${field}"] || "").trim() || "${whereEmpty}")` +
	String.raw`.replace(/^http:(?!\/\/(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:\d+)?(\/|$))/i, "")`;

const ofTelefonica = (path: string) =>
	address('baseUrl', operators.telefonica.defaultBaseUrl) +
	String.raw`.replace(/\/+$/, "") + "${path}"`;

/** An expression that is `camara` for the operators of that choice, and else `telefonica`. */
const byOperator = (camara: string, telefonica: string) =>
	`$self["operator"] === "camara" ? ${camara} : ${telefonica}`;

const onlyCamara: INodeProperties['displayOptions'] = { show: { operator: ['camara'] } };

/**
 * One line, whose owner has signed in: authorization code with PKCE (RFC 6749 section 4.1,
 * RFC 7636), by n8n's own OAuth2.
 */
export class OpenGatewayOAuth2Api implements ICredentialType {
	name = 'openGatewayOAuth2Api';

	extends = ['oAuth2Api'];

	displayName = 'Open Gateway OAuth2 API';

	icon = {
		light: 'file:../nodes/OpenGatewayDeviceStatus/openGateway.svg',
		dark: 'file:../nodes/OpenGatewayDeviceStatus/openGateway.dark.svg',
	} as const;

	documentationUrl =
		'https://github.com/n8n-nodes-open-gateway/n8n-nodes-open-gateway#the-credential';

	properties: INodeProperties[] = [
		{
			displayName: 'Grant Type',
			name: 'grantType',
			type: 'hidden',
			default: 'pkce',
		},
		{
			displayName: 'Authorization URL',
			name: 'authUrl',
			type: 'hidden',
			default: `={{ ${byOperator(address('authorizationUrl'), ofTelefonica('/authorize'))} }}`,
		},
		{
			displayName: 'Access Token URL',
			name: 'accessTokenUrl',
			type: 'hidden',
			default: `={{ ${byOperator(address('tokenUrl'), ofTelefonica('/token'))} }}`,
		},
		{
			displayName: 'Scope',
			name: 'scope',
			type: 'hidden',
			default: `={{ ($self["customScope"] || "").trim() || (${byOperator(
				'"openid dpv:" + $self["purpose"] + " device-roaming-status:read"',
				'"dpv:" + $self["purpose"] + "#device-status-roaming-read"',
			)}) }}`,
		},
		{
			displayName: 'Auth URI Query Parameters',
			name: 'authQueryParameters',
			type: 'hidden',
			default: '',
		},
		{
			displayName: 'Client Authentication',
			name: 'authentication',
			type: 'options',
			displayOptions: onlyCamara,
			options: [
				{
					name: 'Client Secret (Basic)',
					value: 'header',
					description: 'HTTP Basic with Client ID and Client Secret',
				},
				{
					name: 'Client Secret (Post)',
					value: 'body',
					description: 'Client ID and Client Secret in the request’s body',
				},
			],
			default: 'header',
			description: 'How the application proves that it is itself',
		},
		{
			displayName:
				'For one line, whose owner connects it here once, from that line’s own device over mobile data; n8n then keeps and refreshes the access.',
			name: 'notice',
			type: 'notice',
			default: '',
		},
		{
			displayName: 'Operator',
			name: 'operator',
			type: 'options',
			options: Object.entries(operators)
				.filter(([value]) => ['telefonica', 'camara'].includes(value))
				.map(([value, { displayName: name }]) => ({ name, value })),
			default: 'telefonica',
			description: 'The operator or aggregator that your application is registered with',
		},
		{
			displayName: 'Base URL',
			name: 'baseUrl',
			type: 'string',
			default: '',
			placeholder: operators.telefonica.defaultBaseUrl,
			description:
				'Where the operator answers, with https:// except on your own machine. Empty means Telefónica’s sandbox; any other operator needs it.',
		},
		{
			displayName: 'Authorization URL',
			name: 'authorizationUrl',
			type: 'string',
			displayOptions: onlyCamara,
			required: true,
			default: '',
			placeholder: 'https://api.example.com/authorize',
			description: 'Where the line’s owner signs in',
		},
		{
			displayName: 'Token URL',
			name: 'tokenUrl',
			type: 'string',
			displayOptions: onlyCamara,
			required: true,
			default: '',
			placeholder: 'https://api.example.com/token',
			description: 'Where the operator gives access tokens',
		},
		{
			displayName: 'Purpose',
			name: 'purpose',
			type: 'options',
			options: [...purposes],
			default: 'FraudPreventionAndDetection',
			description: 'Why you ask. The application must be registered for it with the operator.',
		},
		{
			displayName: 'Scope',
			name: 'customScope',
			type: 'string',
			default: '',
			placeholder: 'openid dpv:FraudPreventionAndDetection device-roaming-status:read',
			description: 'Only for an operator that wants another one than operator and purpose make',
		},
	];
}
