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
import {
	authorizationBaseUrlField,
	baseUrlTexts,
	choiceField,
	clientAuthenticationField,
	clientAuthenticationsOf,
	optionsOf,
} from '../nodes/OpenGateway/credential/formFields';
import { operators, variantsOf, type Operator } from '../nodes/OpenGateway/operators';

const IN_THE_PORTAL = 'Shown in the developer portal of your operator';

const purposeField = {
	displayName: 'Purpose',
	name: 'purpose',
	type: 'options',
	options: [...purposes],
	default: 'FraudPreventionAndDetection',
	description: 'Purpose of your requests, as registered with the operator',
} as const satisfies INodeProperties;

/** The grants for which the client authenticates itself. */
const grantsWithClientAuthentication = (Object.keys(grantTypes) as GrantTypeName[]).filter(
	(name) => 'forClient' in grantTypes[name].create,
);

const withClientSecret = {
	grants: grantsWithClientAuthentication,
	authentications: ['clientSecretBasic', 'clientSecretPost'],
} as const;

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
			({ mock }) => mock && withClientSecret,
			({ displayName }) => ({
				displayName: `Leave Client ID and Client Secret empty to use the mock application of ${displayName}, which returns sample answers. For real answers, enter those of your own application.`,
				name: 'notice',
				type: 'notice',
				default: '',
			}),
		),
		...fieldsFor(
			() => ({ grants: grantsThatCall('authorization') }),
			() => ({
				displayName:
					'Register the redirect URI with the operator: the production URL of the Webhook node to which the phone comes back, such as https://your-n8n/webhook/…',
				name: 'redirectUriNotice',
				type: 'notice',
				default: '',
			}),
		),
		{
			displayName: 'Operator',
			name: 'operator',
			type: 'options',
			options: optionsOf(operators),
			default: 'telefonica',
			description: 'The operator or aggregator that your application is registered with',
		},
		...Object.entries<Operator>(operators).flatMap(([operator, { choice }]) =>
			choice ? choiceField(choice, Object.keys(choice.values), { operator: [operator] }) : [],
		),
		...fieldsFor(
			() => ({}),
			(operator) => ({
				displayName: 'Base URL',
				name: 'baseUrl',
				type: 'string',
				default: '',
				...baseUrlTexts(operator),
			}),
		),
		// Not `grantType`, whose stored value n8n restores as it does that of `clientId`.
		...fieldsFor(
			({ grants }) => (Object.keys(grants).length > 1 ? {} : undefined),
			({ grants }) => ({
				displayName: 'Grant Type',
				name: 'authorizationGrant',
				type: 'options',
				options: optionsOf(grantTypes, Object.keys(grants)),
				default: 'ciba',
				description: 'How your application gets access. Your operator tells you which one to use.',
			}),
		),
		...fieldsFor(
			({ endpoints }) => endpoints && { grants: grantsThatCall() },
			({ defaultAuthorizationBaseUrl }) => ({
				...authorizationBaseUrlField,
				placeholder: defaultAuthorizationBaseUrl ?? 'e.g. https://auth.example.com',
			}),
		),
		...fieldsFor(
			({ endpoints }) => (endpoints ? undefined : { grants: grantsThatCall() }),
			() => ({
				displayName: 'Discovery URL',
				name: 'discoveryUrl',
				type: 'string',
				default: '',
				placeholder: 'e.g. https://api.example.com/.well-known/openid-configuration',
				description:
					'Address at which the operator publishes the URLs of its authorization server (OpenID Connect Discovery). Leave empty to enter the URLs below.',
			}),
		),
		...(Object.keys(endpointFields) as (keyof Endpoints)[]).flatMap((endpoint) => {
			const { name: displayName, field: name, example } = endpointFields[endpoint];
			return fieldsFor(
				({ endpoints }) => (endpoints ? undefined : { grants: grantsThatCall(endpoint) }),
				() => ({
					displayName,
					name,
					type: 'string',
					required: true,
					displayOptions: { hide: { discoveryUrl: [{ _cnd: { exists: true } }] } },
					default: '',
					placeholder: `e.g. ${example}`,
					description: 'Address at the operator’s authorization server',
				}),
			);
		}),
		...fieldsFor(
			(operator) =>
				clientAuthenticationsOf(operator).length > 1
					? { grants: grantsWithClientAuthentication }
					: undefined,
			(operator) => ({
				displayName: 'Client Authentication',
				name: clientAuthenticationField(operator),
				type: 'options',
				options: optionsOf(clientAuthentications, clientAuthenticationsOf(operator)),
				default: clientAuthenticationsOf(operator)[0],
				description: 'How your application authenticates with the operator',
			}),
		),
		...fieldsFor(
			() => withClientSecret,
			({ mock }) => ({
				displayName: 'Client ID',
				name: 'clientId',
				type: 'string',
				required: mock === undefined,
				default: '',
				placeholder: mock?.clientId,
				description: IN_THE_PORTAL,
			}),
		),
		...fieldsFor(
			() => withClientSecret,
			({ mock }) => ({
				displayName: 'Client Secret',
				name: 'clientSecret',
				type: 'string',
				typeOptions: { password: true },
				required: mock === undefined,
				default: '',
				placeholder: mock?.clientSecret,
				description: IN_THE_PORTAL,
			}),
		),
		// The same fields twice: displayOptions cannot say "or".
		...signingFields({ grants: ['jwtBearer', 'applicationJwt'] }),
		...signingFields({
			grants: grantsWithClientAuthentication,
			authentications: ['privateKeyJwt'],
		}),
		...fieldsFor(
			() => ({ grants: ['accessToken'] }),
			({ mock }) => ({
				displayName: 'Access Token',
				name: 'accessToken',
				type: 'string',
				typeOptions: { password: true },
				required: true,
				default: '',
				placeholder: mock && `e.g. ${mock.accessToken}`,
				description: 'The token alone, without the word Bearer',
			}),
		),
		...fieldsFor(
			() => ({ grants: ['apiKey'] }),
			({ apiKey }) => ({
				displayName: 'API Key',
				name: 'apiKey',
				type: 'string',
				typeOptions: { password: true },
				required: true,
				default: '',
				description: apiKey?.description ?? IN_THE_PORTAL,
			}),
		),
		...fieldsFor(withScope, () => ({
			...purposeField,
			displayOptions: { hide: { scope: [{ _cnd: { exists: true } }] } },
		})),
		...fieldsFor(
			() => ({ grants: ['applicationJwt'] }),
			() => purposeField,
		),
		...fieldsFor(withScope, ({ apis }) => ({
			displayName: 'Scope',
			name: 'scope',
			type: 'string',
			default: '',
			placeholder: `e.g. ${apis.roamingStatus?.scope('FraudPreventionAndDetection', true)}`,
			description:
				'Leave empty unless your operator names another scope. It replaces the one that follows from operator and purpose.',
		})),
	];
}

/** Where the form shows a field: with these grants and client authentications, or with all. */
interface Shown {
	readonly grants?: readonly GrantTypeName[];
	readonly authentications?: readonly ClientAuthenticationName[];
}

type Show = NonNullable<IDisplayOptions['show']>;

/**
 * A field for each operator to which it applies, or one for several if it is the same for them. The
 * variants of an operator's choice share a field, too, unless it differs between them.
 * @param applies `undefined` if the operator does not have the field
 */
function fieldsFor(
	applies: (operator: Operator) => Shown | undefined,
	field: (operator: Operator) => INodeProperties,
): INodeProperties[] {
	const fields = new Map<string, { field: INodeProperties; show: Show; operators: string[] }>();
	for (const [name, operator] of Object.entries<Operator>(operators)) {
		const variants = variantsOf(operator);
		const ofVariants = new Map<string, { field: INodeProperties; show: Show; values: string[] }>();
		for (const [value, variant] of variants) {
			const shown = applies(variant);
			const show = shown && showFor(variant, shown);
			if (!show) continue;
			const made = { field: field(variant), show };
			const key = JSON.stringify(made);
			const same = ofVariants.get(key) ?? { ...made, values: [] };
			ofVariants.set(key, { ...same, values: [...same.values, value] });
		}
		for (const { field, show, values } of ofVariants.values()) {
			const ofChoice =
				operator.choice && values.length < variants.length
					? { [operator.choice.field]: values, ...show }
					: show;
			const key = JSON.stringify([field, ofChoice]);
			const same = fields.get(key) ?? { field, show: ofChoice, operators: [] };
			fields.set(key, { ...same, operators: [...same.operators, name] });
		}
	}
	return [...fields.values()].map(({ field, show, operators: operator }) => ({
		...field,
		displayOptions: { ...field.displayOptions, show: { operator, ...show } },
	}));
}

/** The conditions that the form can name: it does not ask for an only grant or authentication. */
function showFor(
	operator: Operator,
	{ grants: inGrants, authentications }: Shown,
): Show | undefined {
	const offered = Object.keys(operator.grants) as GrantTypeName[];
	if (inGrants && !offered.some((name) => inGrants.includes(name))) return undefined;
	const methods = clientAuthenticationsOf(operator);
	if (authentications && !methods.some((name) => authentications.includes(name))) return undefined;
	return {
		...(inGrants && offered.length > 1 && { authorizationGrant: [...inGrants] }),
		...(authentications &&
			methods.length > 1 && { [clientAuthenticationField(operator)]: [...authentications] }),
	};
}

/** The grants that call an endpoint of the authorization server: this one, or any. */
function grantsThatCall(endpoint?: keyof Endpoints): GrantTypeName[] {
	return (Object.keys(grantTypes) as GrantTypeName[]).filter((name) => {
		const { endpoints }: GrantType = grantTypes[name];
		return endpoint ? endpoints.includes(endpoint) : endpoints.length > 0;
	});
}

function withScope({ grantsWithoutScope = [] }: Operator): Shown {
	return { grants: grantsThatCall().filter((name) => !grantsWithoutScope.includes(name)) };
}

function signingFields(shown: Shown): INodeProperties[] {
	return [
		...fieldsFor(
			() => shown,
			() => ({
				displayName: 'Client ID',
				name: 'clientId',
				type: 'string',
				required: true,
				default: '',
				description: IN_THE_PORTAL,
			}),
		),
		...fieldsFor(
			() => shown,
			() => ({
				displayName: 'Private Key',
				name: 'privateKey',
				type: 'string',
				typeOptions: { password: true, rows: 5 },
				required: true,
				default: '',
				placeholder: '-----BEGIN PRIVATE KEY-----',
				description:
					'In PEM format, not encrypted. Register the public key that belongs to it with the operator.',
			}),
		),
		...fieldsFor(
			() => shown,
			() => ({
				displayName: 'Key ID',
				name: 'keyId',
				type: 'string',
				default: '',
				description: 'Identifier of the key at the operator (kid), if the operator requires one',
			}),
		),
		...fieldsFor(
			({ signingAlgorithms: accepted }) => (accepted?.length === 1 ? undefined : shown),
			({ signingAlgorithms: accepted = Object.keys(signingAlgorithms) }) => ({
				displayName: 'Signing Algorithm',
				name: 'signingAlgorithm',
				type: 'options',
				options: Object.entries(signingAlgorithms)
					.filter(([value]) => accepted.some((name) => name === value))
					.map(([value, { displayName, key }]) => ({
						name: displayName,
						value,
						description: `For ${key}`,
					})),
				default: 'RS256',
			}),
		),
	];
}
