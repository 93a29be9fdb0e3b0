import type { ICredentialType, IDisplayOptions, INodeProperties } from 'n8n-workflow';
import { grantTypes } from '../nodes/OpenGateway/authorization';
import { endpointFields } from '../nodes/OpenGateway/credential/application';
import { operators, type Operator } from '../nodes/OpenGateway/operators';
import { purposes, type Purpose } from '../nodes/OpenGateway/authorization/purpose';

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
		light: 'file:../nodes/OpenGateway/openGateway.svg',
		dark: 'file:../nodes/OpenGateway/openGateway.dark.svg',
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
			default: byOperator(endpointOf('authorization')),
		},
		{
			displayName: 'Access Token URL',
			name: 'accessTokenUrl',
			type: 'hidden',
			default: byOperator(endpointOf('token')),
		},
		{
			displayName: 'Scope',
			name: 'scope',
			type: 'hidden',
			default: byOperator((_, operator) => `${trimmed('customScope')} || ${scopeOf(operator)}`),
		},
		{
			displayName: 'Auth URI Query Parameters',
			name: 'authQueryParameters',
			type: 'hidden',
			default: '',
		},
		{
			displayName: 'Base URL',
			name: 'baseUrl',
			type: 'hidden',
			default: byOperator(baseUrlOf),
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
		// One field for each: a credential that extends another keeps only the last of one name.
		...signInOperators.map(([operator, { defaultBaseUrl }]): INodeProperties => ({
			displayName: 'Base URL',
			name: `${operator}BaseUrl`,
			type: 'string',
			displayOptions: { show: { operator: [operator] } },
			required: defaultBaseUrl === undefined,
			default: '',
			placeholder: defaultBaseUrl ?? 'e.g. https://api.example.com/apigateway',
			description:
				defaultBaseUrl === undefined
					? 'Where the operator’s APIs answer: what stands before /device-roaming-status/v1'
					: 'Where the operator answers. Where it is empty, at the address shown in it.',
		})),
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
function byOperator(code: (name: string, operator: Operator) => string): string {
	const cases = signInOperators.map(([name, operator]) => `"${name}": ${code(name, operator)}`);
	return `={{ ({ ${cases.join(', ')} })[$self["operator"]] }}`;
}

function baseUrlOf(name: string, { defaultBaseUrl = '' }: Operator): string {
	return `(${trimmed(`${name}BaseUrl`)} || "${defaultBaseUrl}")`;
}

function endpointOf(endpoint: 'authorization' | 'token') {
	return (name: string, operator: Operator): string => {
		const { endpoints } = operator;
		return endpoints
			? `${encrypted(baseUrlOf(name, operator))}.replace(/\\/+$/, "") + "${endpoints('')[endpoint]}"`
			: encrypted(trimmed(endpointFields[endpoint].field));
	};
}

/** Without TLS it is no address, but on this machine: n8n would send the client's secret there. */
function encrypted(address: string): string {
	const notEncrypted = String.raw`/^http:(?!\/\/(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:\d+)?(\/|$))/i`;
	// Which whoever reads an address passes over (WHATWG URL, "basic URL parser").
	const passedOver = String.raw`/^[\0-\x20]+|[\t\n\r]/g`;
	return `${address}.replace(${passedOver}, "").replace(${notEncrypted}, "")`;
}

function scopeOf({ apis, refreshScope }: Operator): string {
	const purpose = '{purpose}' as Purpose; // stands for it
	const scopes = [
		apis.roamingStatus?.scope(purpose, grantTypes.authorizationCode.openId),
		refreshScope,
	];
	return `"${scopes.filter(Boolean).join(' ')}".replace("${purpose}", $self["purpose"])`;
}

/** A field that is missing where the operator has no use for it. */
function trimmed(field: string): string {
	return `($self["${field}"] || "").trim()`;
}
