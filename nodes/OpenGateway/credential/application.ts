import { createHash } from 'crypto';
import {
	clientAuthentications,
	grantTypes,
	type ClientAuthenticationName,
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
	offeredChoice,
} from '../credentialFields';
import { clientAuthenticationField } from './formFields';
import { operators, pastedPath, withChoice, type ApiDialect, type Operator } from '../operators';
import { purposes, type Purpose } from '../authorization/purpose';

/** An operator, and the address of its APIs. */
export interface ApiHost {
	readonly operator: Operator;
	/** Without a trailing slash. */
	readonly baseUrl: string;
	/** For requests that name it. */
	readonly purpose?: Purpose;
}

/** The application as its operator knows it. */
export interface Application extends ApiHost {
	/** SHA-256 of the credential's id and content: the key of tokens and limiters. */
	readonly fingerprint: string;
	readonly grant: Grant;
	/** The fields of the form that prove who it is. */
	readonly provedBy: readonly string[];
	/** Of its authorization server, or the address at which they are published. */
	readonly endpoints: Endpoints | { readonly discoveryUrl: string };
	/** The scope that access to an API needs; empty if the grant takes none. */
	scope(dialect: Pick<ApiDialect, 'scope'>): string;
}

/**
 * Reads the fields of the credential "Open Gateway API".
 * @param id of the credential
 * @throws {OpenGatewayError} `INVALID_CREDENTIAL`
 */
export function parseApplication(credential: Record<string, unknown>, id = ''): Application {
	const host = parseApiHost(credential);
	const { operator } = host;
	const name = offeredChoice(
		grantTypes,
		Object.keys(operator.grants) as GrantTypeName[],
		credential.authorizationGrant,
		'Grant Type',
	);
	const grantType: GrantType = grantTypes[name];
	const hasScope = grantType.endpoints.length > 0 && !operator.grantsWithoutScope?.includes(name);
	return {
		...host,
		...(grantType.purposeInRequest && { purpose: parsePurpose(credential.purpose) }),
		fingerprint: fingerprint(credential, id),
		...parseGrant(credential, grantType, operator, operator.grants[name] ?? []),
		endpoints: parseEndpoints(credential, host, grantType),
		scope: hasScope ? parseScope(credential, grantType) : () => '',
	};
}

/** Of everything that a credential holds, without revealing any of it. */
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
	const operator = parseOperator(credential);
	const { defaultBaseUrl } = operator;
	return { operator, baseUrl: parseBaseUrl(credential.baseUrl, operator, defaultBaseUrl) };
}

function parseOperator(credential: Record<string, unknown>): Operator {
	const operator: Operator =
		operators[credentialChoice(operators, credential.operator, 'Operator')];
	const { choice } = operator;
	if (!choice) return operator;
	const { [choice.field]: stored = choice.default } = credential;
	return withChoice(operator, credentialChoice(choice.values, stored, choice.displayName));
}

function parseBaseUrl(
	value: unknown,
	operator: Operator,
	byDefault: string | undefined,
	name?: string,
): string {
	if (byDefault !== undefined && isBlank(value)) return byDefault;
	return credentialBaseUrl(value, name).replace(pastedPath(operator), '');
}

function parseGrant(
	credential: Record<string, unknown>,
	{ create, provedBy = [] }: GrantType,
	operator: Operator,
	authentications: readonly ClientAuthenticationName[],
): Pick<Application, 'grant' | 'provedBy'> {
	if ('from' in create) return { grant: create.from(credential, operator), provedBy };
	const name = offeredChoice(
		clientAuthentications,
		authentications,
		credential[clientAuthenticationField(operator)],
		'Client Authentication',
	);
	const authentication = clientAuthentications[name];
	const isChosen = authentications.length > 1;
	return {
		grant: create.forClient(authentication.parse(credential, operator, authentications)),
		provedBy: [...authentication.provedBy, ...(isChosen ? ['Client Authentication'] : [])],
	};
}

/** The credential's fields for the endpoints. */
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
	if (operator.endpoints) {
		const { authorizationBaseUrl: entered } = credential;
		const { defaultAuthorizationBaseUrl: byDefault = baseUrl } = operator;
		return operator.endpoints(
			endpoints.length > 0
				? parseBaseUrl(entered, operator, byDefault, 'Authorization Base URL')
				: byDefault,
		);
	}
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
	{ scope, purpose: chosen }: Record<string, unknown>,
	{ openId }: GrantType,
): Application['scope'] {
	if (isBlank(scope)) {
		const purpose = parsePurpose(chosen);
		return (dialect) => dialect.scope(purpose, openId === true);
	}
	if (typeof scope === 'string' && SCOPE.test(scope.trim())) return () => scope.trim();
	throw invalidCredential(
		"'Scope' contains characters that no scope has.",
		'Write the scopes as the operator’s documents name them, with spaces between them, or leave the field empty.',
	);
}

/** @throws {OpenGatewayError} `INVALID_CREDENTIAL` */
function parsePurpose(value: unknown): Purpose {
	const purpose = purposes.find((known) => known.value === value);
	if (purpose) return purpose.value;
	throw invalidCredential("'Purpose' has no valid value.", 'Select it again in the credential.');
}

function isBlank(value: unknown): boolean {
	return (
		value === undefined || value === null || (typeof value === 'string' && value.trim() === '')
	);
}
