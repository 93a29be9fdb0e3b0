import type { ICredentialType, IDisplayOptions, INodeProperties } from 'n8n-workflow';
import {
	clientAuthentications,
	grantTypes,
	signingAlgorithms,
	type ClientAuthenticationName,
	type Endpoints,
	type GrantType,
	type GrantTypeName,
} from '../nodes/OpenGateway/authorization';
import { endpointFields } from '../nodes/OpenGateway/credential/application';
import { operators, type Operator } from '../nodes/OpenGateway/operators';
import { purposes } from '../nodes/OpenGateway/authorization/purpose';

/** The application's own identity at an operator. The form offers what the operator knows. */
export class OpenGatewayApi implements ICredentialType {
	name = 'openGatewayApi';

	displayName = 'Open Gateway API';

	icon = {
		light: 'file:../nodes/OpenGateway/openGateway.svg',
		dark: 'file:../nodes/OpenGateway/openGateway.dark.svg',
	} as const;

	documentationUrl =
		'https://github.com/n8n-nodes-open-gateway/n8n-nodes-open-gateway#the-credential';

	properties: INodeProperties[] = [
		{
			displayName:
				'As it opens, this credential works with Telefónica’s sandbox in mock mode, with made-up answers. For real ones enter the Client ID and Secret of your application.',
			name: 'notice',
			type: 'notice',
			displayOptions: { show: { operator: ['telefonica'], authorizationGrant: ['ciba'] } },
			default: '',
		},
		{
			displayName: 'Operator',
			name: 'operator',
			type: 'options',
			options: named(operators),
			default: 'telefonica',
			description: 'The operator or aggregator that your application is registered with',
		},
		...each(operators, ([operator, { defaultBaseUrl }]) => ({
			displayName: 'Base URL',
			name: 'baseUrl',
			type: 'string',
			required: defaultBaseUrl === undefined,
			displayOptions: { show: { operator: [operator] } },
			default: '',
			placeholder: defaultBaseUrl ?? 'e.g. https://api.example.com/apigateway',
			description:
				defaultBaseUrl === undefined
					? 'Where the operator’s APIs answer: what stands before /device-roaming-status/v1'
					: 'Where the operator answers. Where it is empty, at the address shown in it.',
		})),
		...each(operators, ([operator, { grants }]) => ({
			displayName: 'Grant Type',
			name: 'authorizationGrant',
			type: 'options',
			// Where there is nothing to choose, there is nothing to ask.
			displayOptions: { show: { operator: Object.keys(grants).length > 1 ? [operator] : [] } },
			options: named(grantTypes, grants),
			default: 'ciba',
			description: 'How the application is let in',
		})),
		{
			displayName: 'Discovery URL',
			name: 'discoveryUrl',
			type: 'string',
			displayOptions: whereEndpointsAreAsked(),
			default: '',
			placeholder: 'e.g. https://api.example.com/.well-known/openid-configuration',
			description:
				'Where the operator publishes the URLs of its authorization server (OpenID Connect Discovery). Where it is empty, enter them below.',
		},
		...each(endpointFields, ([endpoint, { name: displayName, field: name, example }]) => ({
			displayName,
			name,
			type: 'string',
			required: true,
			displayOptions: {
				...whereEndpointsAreAsked(endpoint),
				hide: { discoveryUrl: [{ _cnd: { exists: true } }] },
			},
			default: '',
			placeholder: `e.g. ${example}`,
			description: 'Where the operator’s authorization server answers',
		})),
		...each(operators, ([operator, { grants }]) => ({
			displayName: 'Client Authentication',
			name: 'clientAuthentication',
			type: 'options',
			displayOptions: { show: { operator: [operator], authorizationGrant: ofClients(grants) } },
			options: named(clientAuthentications, methodsOf({ grants })),
			default: 'clientSecretBasic',
			description: 'How the application proves that it is itself',
		})),
		{
			displayName: 'Client ID',
			name: 'clientId',
			type: 'string',
			required: true,
			displayOptions: {
				show: {
					operator: withTokens(),
					authorizationGrant: [...ofClients(grantTypes), 'jwtBearer'],
				},
			},
			default: 'mock_sandbox_app_id',
			description: 'Shown in the operator’s developer portal',
		},
		{
			displayName: 'Client Secret',
			name: 'clientSecret',
			type: 'string',
			typeOptions: { password: true },
			required: true,
			displayOptions: {
				show: {
					operator: withTokens(),
					authorizationGrant: ofClients(grantTypes),
					clientAuthentication: ['clientSecretBasic', 'clientSecretPost'],
				},
			},
			default: 'mock_sandbox_app_secret',
			description: 'Shown in the operator’s developer portal',
		},
		// The same fields twice: one condition cannot say "or".
		...signingFields({ authorizationGrant: ['jwtBearer'] }),
		...signingFields({
			authorizationGrant: ofClients(grantTypes),
			clientAuthentication: ['privateKeyJwt'],
		}),
		{
			displayName: 'Access Token',
			name: 'accessToken',
			type: 'string',
			typeOptions: { password: true },
			required: true,
			displayOptions: { show: { operator: withTokens(), authorizationGrant: ['accessToken'] } },
			default: '',
			description: 'Without the word Bearer. In Telefónica’s mock mode: mock_sandbox_access_token.',
		},
		{
			displayName: 'API Key',
			name: 'apiKey',
			type: 'string',
			typeOptions: { password: true },
			required: true,
			displayOptions: { show: { operator: ['nokia'] } },
			default: '',
			description: 'The X-RapidAPI-Key of the application that is subscribed to Network as Code',
		},
		{
			displayName: 'Purpose',
			name: 'purpose',
			type: 'options',
			displayOptions: { ...withScope(), hide: { scope: [{ _cnd: { exists: true } }] } },
			options: [...purposes],
			default: 'FraudPreventionAndDetection',
			description: 'Why you ask. The application must be registered for it with the operator.',
		},
		{
			displayName: 'Scope',
			name: 'scope',
			type: 'string',
			displayOptions: withScope(),
			default: '',
			placeholder: 'e.g. openid dpv:FraudPreventionAndDetection device-roaming-status:read',
			description:
				'Only for an operator whose documents name another one: it replaces what follows from operator and purpose',
		},
	];
}

/** A field for each entry of a table. */
function each<Entry>(
	table: Record<string, Entry>,
	field: (entry: [string, Entry]) => INodeProperties,
): INodeProperties[] {
	return Object.entries(table)
		.map(field)
		.filter(({ displayOptions }) =>
			Object.values(displayOptions?.show ?? {}).every((values) => values?.length !== 0),
		);
}

/** The entries of a table as options, all of them or those that `offered` has. */
function named(
	table: Record<string, { displayName: string; description: string }>,
	offered: object = table,
) {
	return Object.entries(table)
		.filter(([value]) => value in offered)
		.map(([value, { displayName: name, description }]) => ({ name, value, description }));
}

/** Of some grants, those for which the client authenticates itself. */
function ofClients(grants: object): GrantTypeName[] {
	return (Object.keys(grants) as GrantTypeName[]).filter(
		(name) => 'forClient' in grantTypes[name].create,
	);
}

/** The client authentications that an operator knows. */
function methodsOf({ grants }: Pick<Operator, 'grants'>): object {
	const methods: ClientAuthenticationName[] = Object.values(grants).flat();
	return Object.fromEntries(methods.map((name) => [name, true]));
}

/** The operators that have an authorization server. */
function withTokens(): string[] {
	return Object.entries(operators)
		.filter(([, { grants }]) => Object.keys(grants).some((name) => name !== 'apiKey'))
		.map(([name]) => name);
}

/** Where the credential must say where the authorization server is, and has use for the endpoint. */
function whereEndpointsAreAsked(endpoint?: string): IDisplayOptions {
	const used = ({ endpoints }: GrantType) =>
		endpoint ? endpoints.includes(endpoint as keyof Endpoints) : endpoints.length > 0;
	return {
		show: {
			operator: Object.entries<Operator>(operators)
				.filter(([name, { endpoints }]) => !endpoints && withTokens().includes(name))
				.map(([name]) => name),
			authorizationGrant: Object.entries(grantTypes)
				.filter(([, grantType]) => used(grantType))
				.map(([name]) => name),
		},
	};
}

/** Where access is asked for with a scope. */
function withScope(): IDisplayOptions {
	const authorizationGrant = Object.entries<GrantType>(grantTypes)
		.filter(([, { endpoints }]) => endpoints.length > 0)
		.map(([name]) => name);
	return { show: { operator: withTokens(), authorizationGrant } };
}

function signingFields(show: NonNullable<IDisplayOptions['show']>): INodeProperties[] {
	const displayOptions = { show: { operator: withTokens(), ...show } };
	return [
		{
			displayName: 'Private Key',
			name: 'privateKey',
			type: 'string',
			typeOptions: { password: true, rows: 5 },
			required: true,
			displayOptions,
			default: '',
			placeholder: '-----BEGIN PRIVATE KEY-----',
			description:
				'In PEM form, not encrypted. The operator has the public key that belongs to it.',
		},
		{
			displayName: 'Key ID',
			name: 'keyId',
			type: 'string',
			displayOptions,
			default: '',
			description: 'Under which the operator knows the key (kid), where it wants one',
		},
		{
			displayName: 'Signing Algorithm',
			name: 'signingAlgorithm',
			type: 'options',
			displayOptions,
			options: Object.entries(signingAlgorithms).map(([value, { displayName, key }]) => ({
				name: displayName,
				value,
				description: `For ${key}`,
			})),
			default: 'RS256',
		},
	];
}
