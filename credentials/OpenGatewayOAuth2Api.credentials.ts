import type { ICredentialType, IDisplayOptions, INodeProperties } from 'n8n-workflow';
import { grantTypes } from '../nodes/OpenGatewayDeviceStatus/authorization';
import { endpointFields } from '../nodes/OpenGatewayDeviceStatus/gateway/application';
import { operators, type Operator } from '../nodes/OpenGatewayDeviceStatus/operators';
import { purposes, type Purpose } from '../nodes/OpenGatewayDeviceStatus/purpose';

/** The operators where the owner of a line can sign in. */
const signInOperators = Object.entries<Operator>(operators).filter(
	([, { grants }]) => grants.authorizationCode,
);

/**
 * One line, whose owner has signed in: authorization code with PKCE (RFC 6749 section 4.1,
 * RFC 7636), which n8n itself does. What n8n needs for that follows from what a person enters, by
 * expressions in fields that the form does not show.
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
			default: byOperator((operator) => endpointOf(operator, 'authorization')),
		},
		{
			displayName: 'Access Token URL',
			name: 'accessTokenUrl',
			type: 'hidden',
			default: byOperator((operator) => endpointOf(operator, 'token')),
		},
		{
			displayName: 'Scope',
			name: 'scope',
			type: 'hidden',
			default: byOperator((operator) => `${trimmed('customScope')} || ${scopeOf(operator)}`),
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
			displayOptions: where(({ grants }) => grants.authorizationCode?.includes('clientSecretPost')),
			options: [
				{
					name: 'Client Secret (Basic)',
					value: 'header',
					description: 'HTTP Basic with Client ID and Client Secret',
				},
				{
					name: 'Client Secret (Post)',
					value: 'body',
					description: 'Client ID and Client Secret in the body of a request',
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
			options: signInOperators.map(([value, { displayName: name, description }]) => ({
				name,
				value,
				description,
			})),
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
				'Where the operator answers, with https:// except on your own machine. Empty means Telefónica’s sandbox; every other operator needs it.',
		},
		...(['authorization', 'token'] as const).map((endpoint): INodeProperties => {
			const { field, name, example } = endpointFields[endpoint];
			return {
				displayName: name,
				name: field,
				type: 'string',
				displayOptions: where(({ endpoints }) => endpoints === undefined),
				required: true,
				default: '',
				placeholder: `e.g. ${example}`,
				description: 'Where the operator’s authorization server answers',
			};
		}),
		{
			displayName: 'Purpose',
			name: 'purpose',
			type: 'options',
			displayOptions: { hide: { customScope: [{ _cnd: { exists: true } }] } },
			options: [...purposes],
			default: 'FraudPreventionAndDetection',
			description: 'Why you ask. The application must be registered for it with the operator.',
		},
		{
			// Not `scope`, which is the one that n8n asks for.
			displayName: 'Scope',
			name: 'customScope',
			type: 'string',
			default: '',
			placeholder: 'e.g. openid dpv:FraudPreventionAndDetection device-roaming-status:read',
			description:
				'Only for an operator whose documents name another one: it replaces what follows from operator and purpose',
		},
	];
}

/** Shows a field for some operators. */
function where(applies: (operator: Operator) => unknown): IDisplayOptions {
	return {
		show: {
			operator: signInOperators.filter(([, operator]) => applies(operator)).map(([name]) => name),
		},
	};
}

/** An expression of n8n's: for each operator the JavaScript that `code` writes. */
function byOperator(code: (operator: Operator) => string): string {
	const cases = signInOperators.map(([name, operator]) => `"${name}": ${code(operator)}`);
	return `={{ ({ ${cases.join(', ')} })[$self["operator"]] }}`;
}

function endpointOf(
	{ endpoints, defaultBaseUrl = '' }: Operator,
	endpoint: 'authorization' | 'token',
): string {
	return endpoints
		? `${address('baseUrl', defaultBaseUrl)}.replace(/\\/+$/, "") + "${endpoints('')[endpoint]}"`
		: address(endpointFields[endpoint].field);
}

/** Without TLS it is no address, but on this machine: n8n would send the client's secret there. */
function address(field: string, whereEmpty = ''): string {
	const notEncrypted = String.raw`/^http:(?!\/\/(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:\d+)?(\/|$))/i`;
	return `(${trimmed(field)} || "${whereEmpty}").replace(${notEncrypted}, "")`;
}

function scopeOf({ roamingScope }: Operator): string {
	const purpose = '{purpose}' as Purpose; // stands for it
	return `"${roamingScope(purpose, grantTypes.authorizationCode.openId)}".replace("${purpose}", $self["purpose"])`;
}

/** A field that may be missing, as where a workflow's credential was made by a program. */
function trimmed(field: string): string {
	return `($self["${field}"] || "").trim()`;
}
