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
import { purposes } from '../nodes/OpenGateway/authorization/purpose';
import { endpointFields } from '../nodes/OpenGateway/credential/application';
import { baseUrlTexts, optionsOf } from '../nodes/OpenGateway/credential/formTexts';
import { operators, type Operator } from '../nodes/OpenGateway/operators';

const IN_THE_PORTAL = 'Shown in the developer portal of your operator';

/** The application's own identity at an operator. The form follows from the table of operators. */
export class OpenGatewayApi implements ICredentialType {
	name = 'openGatewayApi';

	displayName = 'Open Gateway API';

	icon = {
		light: 'file:../nodes/OpenGateway/openGateway.svg',
		dark: 'file:../nodes/OpenGateway/openGateway.dark.svg',
	} as const;

	documentationUrl = 'https://github.com/n8n-nodes-open-gateway/n8n-nodes-open-gateway#credentials';

	properties: INodeProperties[] = [
		// n8n restores a stored Client ID or Client Secret that was cleared if the first property of
		// that name is not displayed. These are displayed always, as fields that nobody sees.
		{ displayName: 'Client ID', name: 'clientId', type: 'hidden', default: '' },
		{
			displayName: 'Client Secret',
			name: 'clientSecret',
			type: 'hidden',
			typeOptions: { password: true },
			default: '',
		},
		...fieldsFor(
			({ mock }) => mock !== undefined,
			(operator, { displayName }) => ({
				displayName: `Leave Client ID and Client Secret empty to use the mock application of ${displayName}, which returns sample answers. For real answers, enter those of your own application.`,
				name: 'notice',
				type: 'notice',
				displayOptions: shownFor({ operator: [operator], ...withClientSecret() }),
				default: '',
			}),
		),
		{
			displayName:
				'Register the redirect URI with the operator: the production URL of the Webhook node to which the phone comes back, such as https://your-n8n/webhook/…',
			name: 'redirectUriNotice',
			type: 'notice',
			displayOptions: shownFor({
				operator: operatorsWithOAuth(),
				authorizationGrant: grantsThatCall('authorization'),
			}),
			default: '',
		},
		{
			displayName: 'Operator',
			name: 'operator',
			type: 'options',
			options: optionsOf(operators),
			default: 'telefonica',
			description: 'The operator or aggregator that your application is registered with',
		},
		...fieldsFor(
			() => true,
			(operator, { defaultBaseUrl }) => ({
				displayName: 'Base URL',
				name: 'baseUrl',
				type: 'string',
				displayOptions: shownFor({ operator: [operator] }),
				default: '',
				...baseUrlTexts(defaultBaseUrl),
			}),
		),
		// Not `grantType`, whose stored value n8n restores as it does that of `clientId`.
		...fieldsFor(hasOAuth, (operator, { grants }) => ({
			displayName: 'Grant Type',
			name: 'authorizationGrant',
			type: 'options',
			displayOptions: { show: { operator: [operator] } },
			options: optionsOf(grantTypes, Object.keys(grants)),
			default: 'ciba',
			description: 'How your application gets access. Your operator tells you which one to use.',
		})),
		{
			displayName: 'Discovery URL',
			name: 'discoveryUrl',
			type: 'string',
			displayOptions: { show: withUnknownEndpoints() },
			default: '',
			placeholder: 'e.g. https://api.example.com/.well-known/openid-configuration',
			description:
				'Address at which the operator publishes the URLs of its authorization server (OpenID Connect Discovery). Leave empty to enter the URLs below.',
		},
		...(Object.keys(endpointFields) as (keyof Endpoints)[]).map((endpoint): INodeProperties => {
			const { name: displayName, field: name, example } = endpointFields[endpoint];
			return {
				displayName,
				name,
				type: 'string',
				required: true,
				displayOptions: shownWithoutDiscovery(endpoint),
				default: '',
				placeholder: `e.g. ${example}`,
				description: 'Address at the operator’s authorization server',
			};
		}),
		...fieldsFor(hasOAuth, (operator, { grants }) => ({
			displayName: 'Client Authentication',
			name: 'clientAuthentication',
			type: 'options',
			displayOptions: shownFor({
				operator: [operator],
				authorizationGrant: grantsWithClientAuthentication(grants),
			}),
			options: optionsOf(clientAuthentications, authenticationMethodsOf(grants)),
			default: 'clientSecretBasic',
			description: 'How your application authenticates with the operator',
		})),
		...fieldsFor(hasOAuth, (operator, { mock }) => ({
			displayName: 'Client ID',
			name: 'clientId',
			type: 'string',
			required: mock === undefined,
			displayOptions: shownFor({ operator: [operator], ...withClientSecret() }),
			default: '',
			placeholder: mock?.clientId,
			description: IN_THE_PORTAL,
		})),
		...fieldsFor(hasOAuth, (operator, { mock }) => ({
			displayName: 'Client Secret',
			name: 'clientSecret',
			type: 'string',
			typeOptions: { password: true },
			required: mock === undefined,
			displayOptions: shownFor({ operator: [operator], ...withClientSecret() }),
			default: '',
			placeholder: mock?.clientSecret,
			description: IN_THE_PORTAL,
		})),
		// The same fields twice: displayOptions cannot say "or".
		...signingFields({ authorizationGrant: ['jwtBearer'] }),
		...signingFields({
			authorizationGrant: grantsWithClientAuthentication(),
			clientAuthentication: ['privateKeyJwt'],
		}),
		...fieldsFor(
			({ grants }) => grants.accessToken !== undefined,
			(operator, { mock }) => ({
				displayName: 'Access Token',
				name: 'accessToken',
				type: 'string',
				typeOptions: { password: true },
				required: true,
				displayOptions: shownFor({ operator: [operator], authorizationGrant: ['accessToken'] }),
				default: '',
				placeholder: mock && `e.g. ${mock.accessToken}`,
				description: 'The token alone, without the word Bearer',
			}),
		),
		...fieldsFor(
			({ grants }) => grants.apiKey !== undefined,
			(operator, { grants, apiKey }) => ({
				displayName: 'API Key',
				name: 'apiKey',
				type: 'string',
				typeOptions: { password: true },
				required: true,
				displayOptions: shownFor({
					operator: [operator],
					...(hasOAuth({ grants }) && { authorizationGrant: ['apiKey'] }),
				}),
				default: '',
				description: apiKey?.description ?? IN_THE_PORTAL,
			}),
		),
		{
			displayName: 'Purpose',
			name: 'purpose',
			type: 'options',
			displayOptions: {
				...shownWithScope(operatorsWithOAuth()),
				hide: { scope: [{ _cnd: { exists: true } }] },
			},
			options: [...purposes],
			default: 'FraudPreventionAndDetection',
			description: 'Purpose of your requests, as registered with the operator',
		},
		...fieldsFor(hasOAuth, (operator, { apis }) => ({
			displayName: 'Scope',
			name: 'scope',
			type: 'string',
			displayOptions: shownWithScope([operator]),
			default: '',
			placeholder: `e.g. ${apis.roamingStatus?.scope('FraudPreventionAndDetection', true)}`,
			description:
				'Leave empty unless your operator names another scope. It replaces the one that follows from operator and purpose.',
		})),
	];
}

type Show = NonNullable<IDisplayOptions['show']>;

/** A field for each operator to which it applies. */
function fieldsFor(
	applies: (operator: Operator) => boolean,
	field: (name: string, operator: Operator) => INodeProperties,
): INodeProperties[] {
	return Object.entries<Operator>(operators)
		.filter(([, operator]) => applies(operator))
		.map(([name, operator]) => field(name, operator));
}

function shownFor(show: Show): IDisplayOptions {
	return { show };
}

/** Whether the operator has an authorization server. */
function hasOAuth({ grants }: Pick<Operator, 'grants'>): boolean {
	return Object.keys(grants).some((name) => name !== 'apiKey');
}

function operatorsWithOAuth(): string[] {
	return Object.entries<Operator>(operators)
		.filter(([, operator]) => hasOAuth(operator))
		.map(([name]) => name);
}

/** The grants that call an endpoint of the authorization server: this one, or any. */
function grantsThatCall(endpoint?: keyof Endpoints): string[] {
	return Object.entries<GrantType>(grantTypes)
		.filter(([, { endpoints }]) => (endpoint ? endpoints.includes(endpoint) : endpoints.length > 0))
		.map(([name]) => name);
}

/** Of these grants, those for which the client authenticates itself. */
function grantsWithClientAuthentication(
	grants: Operator['grants'] | typeof grantTypes = grantTypes,
) {
	return (Object.keys(grants) as GrantTypeName[]).filter(
		(name) => 'forClient' in grantTypes[name].create,
	);
}

function authenticationMethodsOf(grants: Operator['grants']): ClientAuthenticationName[] {
	return Object.values(grants).flat();
}

function withClientSecret(): Show {
	return {
		authorizationGrant: grantsWithClientAuthentication(),
		clientAuthentication: ['clientSecretBasic', 'clientSecretPost'],
	};
}

/** The operators whose endpoints only the credential knows, with the grants that call one. */
function withUnknownEndpoints(endpoint?: keyof Endpoints): Show {
	return {
		operator: Object.entries<Operator>(operators)
			.filter(([, operator]) => hasOAuth(operator) && !operator.endpoints)
			.map(([name]) => name),
		authorizationGrant: grantsThatCall(endpoint),
	};
}

function shownWithoutDiscovery(endpoint: keyof Endpoints): IDisplayOptions {
	return {
		show: withUnknownEndpoints(endpoint),
		hide: { discoveryUrl: [{ _cnd: { exists: true } }] },
	};
}

function shownWithScope(operator: string[]): IDisplayOptions {
	return shownFor({ operator, authorizationGrant: grantsThatCall() });
}

function signingFields(show: Show): INodeProperties[] {
	const displayOptions = shownFor({ operator: operatorsWithOAuth(), ...show });
	return [
		{
			displayName: 'Client ID',
			name: 'clientId',
			type: 'string',
			required: true,
			displayOptions,
			default: '',
			description: IN_THE_PORTAL,
		},
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
				'In PEM format, not encrypted. Register the public key that belongs to it with the operator.',
		},
		{
			displayName: 'Key ID',
			name: 'keyId',
			type: 'string',
			displayOptions,
			default: '',
			description: 'Identifier of the key at the operator (kid), if the operator requires one',
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
