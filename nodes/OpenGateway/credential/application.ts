import { createHash } from 'crypto';
import {
	clientAuthentications,
	grantTypes,
	type Endpoints,
	type Grant,
	type GrantType,
	type GrantTypeName,
} from '../authorization';
import {
	credentialBaseUrl,
	credentialChoice,
	credentialUrl,
	invalidCredential,
} from '../credentialFields';
import { operators, type Operator } from '../operators';
import { purposes, type Purpose } from '../authorization/purpose';

/** What an operator is, and where this one answers. */
export interface ApiHost {
	readonly operator: Operator;
	/** Without a trailing slash. */
	readonly baseUrl: string;
}

/** The application as its operator knows it. */
export interface Application extends ApiHost {
	/** Another one for each credential, and for the same one as soon as anything in it is changed. */
	readonly fingerprint: string;
	readonly grant: Grant;
	/** Of its authorization server, or where they are published. */
	readonly endpoints: Endpoints | { readonly discoveryUrl: string };
	readonly scope: string;
}

/**
 * Reads the fields of the credential "Open Gateway API".
 * @param id of the credential
 * @throws {OpenGatewayError} `INVALID_CREDENTIAL`
 */
export function parseApplication(credential: Record<string, unknown>, id = ''): Application {
	const service = parseApiHost(credential);
	const { operator } = service;
	// The form does not ask where there is nothing to choose.
	const [only, ...others] = Object.keys(operator.grants) as GrantTypeName[];
	const name = others.length > 0 ? credential.authorizationGrant : only;
	const grantName = credentialChoice(operator.grants, name, 'Grant Type');
	const grantType: GrantType = grantTypes[grantName];
	return {
		...service,
		fingerprint: fingerprint(credential, id),
		grant: parseGrant(credential, operator, grantName),
		endpoints: parseEndpoints(credential, service, grantType),
		scope:
			grantType.endpoints.length > 0
				? parseScope(credential, operator, grantType.openId ?? false)
				: '',
	};
}

/** Of all that a credential holds, without giving any of it away. */
export function fingerprint(credential: Record<string, unknown>, id: string): string {
	return createHash('sha256')
		.update(JSON.stringify([id, credential]))
		.digest('base64url');
}

/**
 * Reads the fields that both credentials have.
 * @throws {OpenGatewayError} `INVALID_CREDENTIAL`
 */
export function parseApiHost(credential: Record<string, unknown>): ApiHost {
	const operator = operators[credentialChoice(operators, credential.operator, 'Operator')];
	const { defaultBaseUrl } = operator as Operator;
	const isDefault = defaultBaseUrl !== undefined && isBlank(credential.baseUrl);
	return {
		operator,
		baseUrl: isDefault ? defaultBaseUrl : credentialBaseUrl(credential.baseUrl),
	};
}

function parseGrant(
	credential: Record<string, unknown>,
	{ grants, mock }: Operator,
	grantName: GrantTypeName,
): Grant {
	const { create }: GrantType = grantTypes[grantName];
	const authentications = grants[grantName] ?? [];
	if ('from' in create) return create.from(credential);
	const offered = Object.fromEntries(authentications.map((name) => [name, true]));
	const name = credentialChoice<keyof typeof clientAuthentications>(
		offered,
		credential.clientAuthentication,
		'Client Authentication',
	);
	return create.forClient(clientAuthentications[name].parse(credential, mock));
}

/** Where the credential names the endpoints, by the field that holds each. */
export const endpointFields = {
	backchannelAuthentication: {
		field: 'backchannelAuthorizationUrl',
		name: 'Backchannel Authorization URL',
		example: 'https://api.example.com/bc-authorize',
	},
	authorization: {
		field: 'authorizationUrl',
		name: 'Authorization URL',
		example: 'https://api.example.com/authorize',
	},
	token: { field: 'tokenUrl', name: 'Token URL', example: 'https://api.example.com/token' },
} as const satisfies Record<keyof Endpoints, { field: string; name: string; example: string }>;

function parseEndpoints(
	credential: Record<string, unknown>,
	{ operator, baseUrl }: ApiHost,
	{ endpoints }: GrantType,
): Application['endpoints'] {
	if (operator.endpoints) return operator.endpoints(baseUrl);
	if (endpoints.length > 0 && !isBlank(credential.discoveryUrl)) {
		const example = 'https://api.example.com/.well-known/openid-configuration';
		return { discoveryUrl: credentialUrl(credential.discoveryUrl, 'Discovery URL', example).href };
	}
	return Object.fromEntries(
		endpoints.map((endpoint) => {
			const { field, name, example } = endpointFields[endpoint];
			return [endpoint, credentialUrl(credential[field], name, example).href];
		}),
	);
}

/** RFC 6749 section 3.3. */
const SCOPE = /^[!#-[\]-~]+( +[!#-[\]-~]+)*$/;

function parseScope(
	{ scope, purpose }: Record<string, unknown>,
	operator: Operator,
	openId: boolean,
): string {
	if (isBlank(scope)) return operator.roamingScope(parsePurpose(purpose), openId);
	if (typeof scope === 'string' && SCOPE.test(scope.trim())) return scope.trim();
	throw invalidCredential(
		'The Scope holds characters that no scope has.',
		'Write the scopes as the operator’s documents name them, with spaces between them, or leave the field empty.',
	);
}

function parsePurpose(value: unknown): Purpose {
	const purpose = purposes.find((known) => known.value === value);
	if (purpose === undefined) {
		throw invalidCredential('The Purpose is not a known one.', 'Choose it anew in the credential.');
	}
	return purpose.value;
}

function isBlank(value: unknown): boolean {
	return (
		value === undefined || value === null || (typeof value === 'string' && value.trim() === '')
	);
}
