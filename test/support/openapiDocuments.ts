/**
 * The operators' OpenAPI documents, and their completion by rules that they state in prose only,
 * wrongly, or not at all. The documents are not part of this repository.
 */

/** The parts of an OpenAPI 3.0 document that are used here. */
export interface Document {
	paths: Record<string, Record<string, Described>>;
	components: { schemas: Record<string, Schema> };
}

export interface Described {
	security?: Record<string, string[]>[];
	parameters?: Referable<Parameter>[];
	requestBody?: Referable<{ content: Content }>;
	responses: Record<string, Referable<Answered>>;
	/** Requests of the operator, by a name and an expression for their address. */
	callbacks?: Record<string, Record<string, Record<string, Described>>>;
}

export interface Parameter {
	name: string;
	in: string;
	required?: boolean;
	schema?: Referable<Schema>;
}

export interface Answered {
	headers?: object;
	content?: Content;
}

export type Content = Record<string, { schema: Referable<Schema> }>;
export type Referable<T extends object> = T | { $ref: string };

export interface Schema {
	required?: string[];
	properties?: Record<string, Referable<Schema>>;
	additionalProperties?: boolean;
	oneOf?: Referable<Schema>[];
	allOf?: Referable<Schema>[];
	discriminator?: { propertyName: string; mapping: Record<string, string> };
	[keyword: string]: unknown;
}

/** Of v0.8. */
const SUBSCRIPTIONS = 'camara/device-roaming-status-subscriptions.yaml';

/** Each document, the prefix of its paths in the sandbox, and its completion. */
export const documents = [
	{
		file: 'telefonica/authorization_openapi.yaml',
		at: '/apigateway',
		complete: completeForTelefonica,
	},
	{
		file: 'telefonica/devicestatus_openapi.yaml',
		at: '/apigateway/device-status/v0',
		complete: (document: Document) => addRateLimit(document, ['code', 'message']),
	},
	{
		// CAMARA has no such document: its profile describes the same requests in words.
		file: 'telefonica/authorization_openapi.yaml',
		at: '/camara',
		complete: completeForCamara,
	},
	{
		file: 'telefonica/authorization_openapi.yaml',
		at: '/orange/playground/openidconnect',
		complete: completeForOrange,
	},
	{
		file: 'camara/device-roaming-status.yaml',
		at: '/camara/device-roaming-status/v1',
		complete: completeRoamingStatus,
	},
	{
		file: 'camara/device-roaming-status.yaml',
		at: '/nokia/device-status/device-roaming-status/v1',
		complete(document: Document) {
			completeRoamingStatus(document);
			putBehindRapidApi(document);
		},
	},
	{
		file: SUBSCRIPTIONS,
		at: '/camara/device-roaming-status-subscriptions/v0.8',
		complete: completeSubscriptions,
	},
	{
		file: SUBSCRIPTIONS,
		at: '/nokia/device-status/device-roaming-status-subscriptions/v0.8',
		complete(document: Document) {
			completeSubscriptions(document);
			putBehindRapidApi(document);
		},
	},
	{
		file: SUBSCRIPTIONS,
		at: '/nokia/device-status/device-roaming-status-subscriptions/v0.7',
		complete(document: Document) {
			completeSubscriptions(document);
			renameLifecycleEvents(document);
			putBehindRapidApi(document);
		},
	},
];

/** Operations that no document describes: OpenID Connect Discovery, pages, and earlier versions. */
export const undocumented = [
	// The credential's test compares a path with one beside it that nobody serves.
	/^(GET|POST) \/\S+-unserved$/,
	// A credential with a wrong path.
	/^(GET|POST) \/\S+\/nowhere(\/\S*)?$/,
	// Of another authorization server than the sandbox's.
	/^(GET|POST) \/glewlwyd\//,
	/^GET \/camara\/(\.well-known\/openid-configuration|jwks)$/,
	/^(GET|POST) \/(apigateway|camara|orange\/playground\/openidconnect)\/interaction\/[\w-]+$/,
	// From the page back to the redirect.
	/^GET \/(apigateway|camara|orange\/playground\/openidconnect)\/authorize\/[\w-]+$/,
	// Device Roaming Status before v1, and Device Status v0.5.
	/^POST \/(camara|orange\/(playground|lab))\/device-roaming-status\/v0(\.6)?\/retrieve$/,
	/^POST \/camara\/device-status\/v0\/roaming$/,
	// Identity Insights.
	/^POST \/vonage\/identity-insights\/v1\/requests$/,
	// Orange’s lab, whose lifetimes are text.
	/^POST \/orange\/lab\/oauth\/token$/,
];

export function isReference(value: object): value is { $ref: string } {
	return '$ref' in value;
}

export function referred<T extends object>(document: Document, value: Referable<T>): T {
	if (!isReference(value)) return value;
	const steps = value.$ref.slice('#/'.length).split('/');
	return steps.reduce<unknown>((at, step) => (at as Record<string, unknown>)[step], document) as T;
}

/** Telefónica's scope, to which the purpose is joined. */
const JOINED_SCOPE = '^dpv:[A-Za-z]+[# ][A-Za-z0-9:-]+$';
/** CAMARA's scopes, exactly one of which is a purpose ("Purpose as a scope"). */
const OWN_SCOPE = '^(?!.*dpv:.*dpv:)(?=(.* )?dpv:[A-Za-z]+( |$))[\\w:.-]+( [\\w:.-]+)+$';
/** As `ownScope`, for an end user: with OpenID Connect's own scope. */
const openidScope = OWN_SCOPE.replace('^', '^(?=(.* )?openid( |$))');

function completeAuthorization({ components: { schemas }, paths }: Document): void {
	// The document requires a property that the schema does not have.
	schemas.AuthorizationRequestId!.required = ['auth_req_id'];
	// The document requires nothing of a token request, so that an empty one would be valid.
	schemas.AccessTokenCIBARequest!.required = ['grant_type', 'auth_req_id'];
	schemas.AccessTokenAuthCodeRequest!.required = ['grant_type', 'code', 'redirect_uri'];
	// The document lacks PKCE (RFC 7636); operators ignore parameters that they do not know.
	schemas.AccessTokenAuthCodeRequest!.properties!.code_verifier = {
		type: 'string',
		pattern: '^[\\w.~-]{43,128}$',
	};
	const { parameters = [] } = paths['/authorize']!.get!;
	parameters.push(
		{ name: 'code_challenge', in: 'query', schema: { type: 'string', pattern: '^[\\w-]{43}$' } },
		{ name: 'code_challenge_method', in: 'query', schema: { enum: ['S256'] } },
		{ name: 'prompt', in: 'query', schema: { enum: ['none', 'login', 'consent'] } },
	);
	// The document has two grants; RFC 6749 section 6 and RFC 7523 section 2.1 add these.
	const tokenRequests = oneOfTokenRequests(paths);
	const jwtBearer = tokenRequest('urn:ietf:params:oauth:grant-type:jwt-bearer', ['assertion']);
	jwtBearer.properties!.assertion = jwt;
	tokenRequests.push(tokenRequest('refresh_token', ['refresh_token'], ['scope']), jwtBearer);
	// The document has HTTP Basic alone; clients may authenticate in the form, too (OpenID Connect
	// Core section 9).
	for (const request of [
		'AuthorizeRequest',
		'AccessTokenAuthCodeRequest',
		'AccessTokenCIBARequest',
	]) {
		Object.assign(schemas[request]!.properties!, clientMembers);
	}
	// The document describes the form of a login hint in prose.
	Object.assign(schemas.AuthorizeRequest!.properties!.login_hint!, {
		pattern: String.raw`^(tel:\+[1-9]\d{4,14}|ipport:([\d.]{7,15}|\[[\da-fA-F:.]{2,45}\])(:\d{1,5})?)$`,
	});
	setScope(schemas, paths, JOINED_SCOPE);
	// The document has the gateway's error; an authorization server's is RFC 6749, section 5.2.
	schemas.Error = {
		anyOf: [
			schemas.Error!,
			{
				type: 'object',
				required: ['error'],
				properties: { error: { type: 'string' }, error_description: { type: 'string' } },
			},
		],
	};
}

function completeForTelefonica(document: Document): void {
	completeAuthorization(document);
	addRateLimit(document, ['code', 'message']);
}

/** CAMARA's Security and Interoperability Profile. */
function completeForCamara(document: Document): void {
	// 2-legged tokens, for which the profile requires a scope.
	const granted = tokenRequest('client_credentials', ['scope']);
	Object.assign(granted.properties!.scope!, { pattern: OWN_SCOPE });
	completeForProfile(document, granted);
}

/** As the profile, but for 2-legged tokens, which are asked for without a scope. */
function completeForOrange(document: Document): void {
	completeForProfile(document, tokenRequest('client_credentials', []));
}

function completeForProfile(document: Document, clientCredentials: Schema): void {
	completeAuthorization(document);
	const { components, paths } = document;
	setScope(components.schemas, paths, openidScope);
	oneOfTokenRequests(paths).push(clientCredentials);
	addRateLimit(document, ['status', 'code', 'message']);
}

/**
 * Telefónica's documents have no rate limit. The gateway in front of the operator has one, and
 * refuses in the form of the operator's API errors.
 */
function addRateLimit({ paths }: Document, members: string[]): void {
	const known: Record<string, Schema> = {
		status: { enum: [429] },
		code: { enum: ['TOO_MANY_REQUESTS'] },
		message: { type: 'string' },
	};
	const schema: Schema = {
		type: 'object',
		required: members,
		properties: Object.fromEntries(members.map((name) => [name, known[name]!])),
		additionalProperties: false,
	};
	for (const { responses } of Object.values(paths).flatMap(Object.values<Described>)) {
		responses['429'] = { content: { 'application/json': { schema } } };
	}
}

function setScope(
	schemas: Document['components']['schemas'],
	paths: Document['paths'],
	pattern: string,
): void {
	Object.assign(schemas.AuthorizeRequest!.properties!.scope!, { pattern });
	const asked = paths['/authorize']!.get!.parameters!.find(
		(parameter): parameter is Parameter => 'name' in parameter && parameter.name === 'scope',
	);
	Object.assign(asked!.schema!, { pattern });
}

const jwt: Schema = { type: 'string', pattern: String.raw`^[\w-]+\.[\w-]+\.[\w-]+$` };

const clientMembers: Record<string, Schema> = {
	client_id: { type: 'string' },
	client_secret: { type: 'string' },
	client_assertion: jwt,
	client_assertion_type: { enum: ['urn:ietf:params:oauth:client-assertion-type:jwt-bearer'] },
};

function tokenRequest(grant: string, required: string[], optional: string[] = []): Schema {
	const own = [...required, ...optional].map((name): [string, Schema] => [
		name,
		{ type: 'string' },
	]);
	return {
		type: 'object',
		required: ['grant_type', ...required],
		properties: { grant_type: { enum: [grant] }, ...Object.fromEntries(own), ...clientMembers },
	};
}

function oneOfTokenRequests(paths: Document['paths']): Referable<Schema>[] {
	const { content } = paths['/token']!.post!.requestBody as { content: Content };
	return (content['application/x-www-form-urlencoded']!.schema as Schema).oneOf!;
}

/** CAMARA's document says in prose that an address has no mask. */
function completeRoamingStatus({ components: { schemas } }: Document): void {
	schemas.SingleIpv4Addr!.pattern = '^[^/]*$';
	schemas.DeviceIpv6Address!.pattern = '^[^/]*$';
}

/** RapidAPI, in front of Nokia, has keys and errors of its own. */
function putBehindRapidApi({ paths }: Document): void {
	const rapidApi = { required: ['message'], maxProperties: 1 };
	for (const operation of Object.values(paths).flatMap(Object.values<Described>)) {
		operation.security = [{ rapidApi: [] }];
		for (const status of ['401', '403', '404']) {
			const documented = operation.responses[status] as { $ref: string } | undefined;
			const camara = documented && [
				{ $ref: `${documented.$ref}/content/application~1json/schema` },
			];
			operation.responses[status] = {
				content: { 'application/json': { schema: { anyOf: [rapidApi, ...(camara ?? [])] } } },
			};
		}
	}
}

/** What the document of subscriptions says in prose, or wrongly; and the list's form of v0.9. */
function completeSubscriptions(document: Document): void {
	completeRoamingStatus(document);
	const { components, paths } = document;
	const { schemas } = components;
	// HTTP is the only protocol, and an access token the only credential.
	schemas.Protocol!.enum = ['HTTP'];
	const [, { required, properties }] = schemas.AccessTokenCredential!.allOf as [Schema, Schema];
	schemas.SinkCredential = {
		type: 'object',
		required: ['credentialType', ...required!],
		properties: { credentialType: { enum: ['ACCESSTOKEN'] }, ...properties },
	};
	// On the loopback, nobody else can read what is sent in clear text.
	for (const name of ['SubscriptionRequest', 'Subscription']) {
		Object.assign(schemas[name]!.properties!.sink!, {
			pattern: String.raw`^(https://.+|http://(127\.0\.0\.1|localhost|\[::1\])(:\d+)?(/.*)?)$`,
		});
	}
	// It requires a property that this event does not have.
	schemas.SubscriptionEnded!.allOf!.length = 1;
	const { get, post } = paths['/subscriptions']!;
	// Any request may be throttled, and any creation fail.
	for (const { responses } of Object.values(paths).flatMap(Object.values<Described>)) {
		responses['429'] = post!.responses['429']!;
	}
	post!.responses['503'] = {
		content: {
			'application/json': {
				schema: {
					required: ['status', 'code', 'message'],
					properties: { status: { enum: [503] }, code: { enum: ['UNAVAILABLE'] } },
				},
			},
		},
	};
	get!.parameters!.push(
		{ name: 'page', in: 'query', schema: { pattern: String.raw`^[1-9]\d*$` } },
		{ name: 'perPage', in: 'query', schema: { pattern: String.raw`^([1-9]\d?|100)$` } },
	);
	const listed = (get!.responses['200'] as { content: Content }).content['application/json']!;
	const list = listed.schema;
	const count = { type: 'integer', minimum: 0 };
	listed.schema = {
		anyOf: [
			list,
			{
				type: 'object',
				required: ['subscriptions', 'pagination'],
				properties: {
					subscriptions: list,
					pagination: {
						type: 'object',
						required: ['page', 'perPage'],
						properties: { page: count, perPage: count, totalCount: count, totalPages: count },
						additionalProperties: false,
					},
				},
				additionalProperties: false,
			},
		],
	};
}

/** v0.7 tells the end of a subscription alone, by another name. */
function renameLifecycleEvents({ components: { schemas } }: Document): void {
	const { mapping } = schemas.CloudEvent!.discriminator!;
	for (const type of Object.keys(mapping).filter((one) => one.includes('.subscription-'))) {
		const ended = mapping[type]!;
		delete mapping[type];
		if (type.endsWith('-ended')) mapping[type.replace(/ended$/, 'ends')] = ended;
	}
	schemas.EventTypeNotification!.enum = Object.keys(mapping);
}
