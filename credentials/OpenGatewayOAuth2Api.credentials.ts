import type { ICredentialType, INodeProperties } from 'n8n-workflow';
import { clientAuthentications } from '../nodes/OpenGateway/authorization';
import { purposes } from '../nodes/OpenGateway/authorization/purpose';
import { endpointFields } from '../nodes/OpenGateway/credential/application';
import {
	authorizationBaseUrlField,
	baseUrlTexts,
	choiceField,
	optionsOf,
} from '../nodes/OpenGateway/credential/formFields';
import {
	baseUrlField,
	oAuth2Expressions,
	signInOperators,
} from '../nodes/OpenGateway/credential/oAuth2Expressions';
import { operators, type Operator } from '../nodes/OpenGateway/operators';

/** The client authentications that n8n knows, by the value of its field `authentication`. */
const n8nAuthentications = { header: 'clientSecretBasic', body: 'clientSecretPost' } as const;

/**
 * Access for one phone, whose owner has signed in: authorization code with PKCE (RFC 6749
 * section 4.1, RFC 7636), which n8n itself performs. The hidden fields are those that n8n reads.
 */
export class OpenGatewayOAuth2Api implements ICredentialType {
	name = 'openGatewayOAuth2Api';

	extends = ['oAuth2Api'];

	displayName = 'Open Gateway OAuth2 API';

	icon = {
		light: 'file:../nodes/OpenGateway/openGateway.svg',
		dark: 'file:../nodes/OpenGateway/openGateway.dark.svg',
	} as const;

	documentationUrl = 'https://github.com/n8n-nodes-open-gateway/n8n-nodes-open-gateway#credentials';

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
			default: oAuth2Expressions.authUrl,
		},
		{
			displayName: 'Access Token URL',
			name: 'accessTokenUrl',
			type: 'hidden',
			default: oAuth2Expressions.accessTokenUrl,
		},
		{
			displayName: 'Scope',
			name: 'scope',
			type: 'hidden',
			default: oAuth2Expressions.scope,
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
			default: oAuth2Expressions.baseUrl,
		},
		{
			// If it is not displayed, n8n ignores what is stored and sends the secret with HTTP Basic.
			displayName: 'Authentication',
			name: 'authentication',
			type: 'hidden',
			displayOptions: {
				show: {
					operator: operatorsThat(offersTheBody),
					clientAuthentication: [n8nAuthentications.body],
				},
			},
			default: 'body',
		},
		{
			displayName:
				'For one phone, whose owner connects it here once, on the phone itself and on mobile data. n8n then keeps and refreshes the access.',
			name: 'notice',
			type: 'notice',
			default: '',
		},
		{
			displayName: 'Operator',
			name: 'operator',
			type: 'options',
			options: optionsOf(
				operators,
				signInOperators.map(({ name }) => name),
			),
			default: 'telefonica',
			description: 'The operator or aggregator that your application is registered with',
		},
		...signInOperators.flatMap(({ name, choice, variants }) =>
			choice
				? choiceField(
						choice,
						variants.map(([value]) => value),
						{ operator: [name] },
					)
				: [],
		),
		// One name each: of several fields of one name, a credential that extends another keeps the last.
		...signInOperators.map(({ name, operator }): INodeProperties => ({
			displayName: 'Base URL',
			name: baseUrlField(name),
			type: 'string',
			displayOptions: { show: { operator: [name] } },
			default: '',
			...baseUrlTexts(operator),
		})),
		{
			...authorizationBaseUrlField,
			displayOptions: {
				show: { operator: operatorsThat(({ endpoints }) => endpoints !== undefined) },
			},
			placeholder: 'e.g. https://auth.example.com',
		},
		...(['authorization', 'token'] as const).map((endpoint): INodeProperties => {
			const { field, name, example } = endpointFields[endpoint];
			return {
				displayName: name,
				name: field,
				type: 'string',
				displayOptions: { show: { operator: operatorsThat(({ endpoints }) => !endpoints) } },
				required: true,
				default: '',
				placeholder: `e.g. ${example}`,
				description: 'Address at the operator’s authorization server',
			};
		}),
		{
			// Not `authentication`, whose stored value n8n restores if it is changed to the default.
			displayName: 'Client Authentication',
			name: 'clientAuthentication',
			type: 'options',
			displayOptions: { show: { operator: operatorsThat(offersTheBody) } },
			options: optionsOf(clientAuthentications, Object.values(n8nAuthentications)),
			default: n8nAuthentications.header,
			description:
				'How your application authenticates with the operator. n8n can sign in with a secret only. If your operator accepts only signed requests (private_key_jwt), which CAMARA requires, use the frontend flow instead.',
		},
		{
			displayName: 'Purpose',
			name: 'purpose',
			type: 'options',
			displayOptions: { hide: { customScope: [{ _cnd: { exists: true } }] } },
			options: [...purposes],
			default: 'FraudPreventionAndDetection',
			description: 'Purpose of your requests, as registered with the operator',
		},
		{
			// Not `scope`, which n8n reads.
			displayName: 'Scope',
			name: 'customScope',
			type: 'string',
			default: '',
			description:
				'Leave empty unless your operator names another scope. It replaces the one that follows from operator and purpose.',
		},
	];
}

function operatorsThat(apply: (operator: Operator) => boolean): string[] {
	return signInOperators.filter(({ operator }) => apply(operator)).map(({ name }) => name);
}

function offersTheBody({ grants }: Operator): boolean {
	return grants.authorizationCode?.includes(n8nAuthentications.body) ?? false;
}
