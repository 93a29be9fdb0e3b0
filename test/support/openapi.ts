/**
 * Checks exchanges against the operator's own OpenAPI documents, which are not part of this
 * repository: they are found in the folder that OPEN_GATEWAY_SPECS names, or in ../shared/specs.
 */
import { existsSync, readFileSync } from 'node:fs';
import { isIPv4, isIPv6 } from 'node:net';
import { join, resolve } from 'node:path';

import Ajv, { type ValidateFunction } from 'ajv';
import { parse } from 'yaml';
import type { Exchange } from '../../sandbox/exchanges';

/** As much of an OpenAPI 3.0 document as is used here. */
interface Document {
	paths: Record<string, Record<string, Described>>;
	components: { schemas: Record<string, Schema> };
}

interface Described {
	security?: Record<string, string[]>[];
	parameters?: Referable<Parameter>[];
	requestBody?: Referable<{ content: Content }>;
	responses: Record<string, Referable<Answered>>;
}

interface Parameter {
	name: string;
	in: string;
	required?: boolean;
	schema?: Referable<Schema>;
}

interface Answered {
	headers?: object;
	content?: Content;
}

type Content = Record<string, { schema: Referable<Schema> }>;
type Referable<T extends object> = T | { $ref: string };

interface Schema {
	required?: string[];
	properties?: Record<string, Referable<Schema>>;
	additionalProperties?: boolean;
	oneOf?: Referable<Schema>[];
	[keyword: string]: unknown;
}

interface Operation extends Described {
	document: Document;
	/** Where it is: the document's name and a JSON pointer. */
	pointer: string;
}

const root = join(__dirname, '..', '..');
const specs = resolve(root, process.env.OPEN_GATEWAY_SPECS ?? '../shared/specs');

/** Each document, where an operator's base URL puts its paths, and what is to be said in it. */
const documents = [
	{
		file: 'telefonica/authorization_openapi.yaml',
		at: '/apigateway',
		complete: completeAuthorization,
	},
	{ file: 'telefonica/devicestatus_openapi.yaml', at: '/apigateway/device-status/v0' },
	{
		// CAMARA has no such document: its profile describes the same requests in words.
		file: 'telefonica/authorization_openapi.yaml',
		at: '/camara',
		complete: completeForCamara,
	},
	{
		file: 'camara/device-roaming-status.yaml',
		at: '/camara/device-roaming-status/v1',
		complete: completeRoamingStatus,
	},
	{
		file: 'camara/device-roaming-status.yaml',
		at: '/nokia/device-status/device-roaming-status/v1',
		complete: completeForNokia,
	},
];

/** What operators answer that no document describes: OpenID Connect Discovery, and pages. */
const undocumented = [
	/^GET \/(apigateway|camara)\/\.well-known\/openid-configuration$/,
	/^GET \/(apigateway|camara)\/jwks$/,
	/^(GET|POST) \/(apigateway|camara)\/interaction\/[\w-]+$/,
	// The way back from the page to the redirect.
	/^GET \/(apigateway|camara)\/authorize\/[\w-]+$/,
];

/** Whether the documents are there: without them `openApiFindings` finds nothing. */
export const openApiDocumentsPresent = documents.every(({ file }) => existsSync(join(specs, file)));
if (!openApiDocumentsPresent) {
	console.warn(
		`SKIPPED: nothing is checked against the operator's OpenAPI documents, which are not in ${specs}. OPEN_GATEWAY_SPECS names another folder.`,
	);
}

/** An exchange under an operator's path: no other is an operator's. */
type Checked = Pick<
	Exchange,
	'method' | 'path' | 'headers' | 'body' | 'status' | 'answerHeaders' | 'answer'
>;

/**
 * What is wrong with a request and its answer by the operator's documents, one sentence each;
 * empty where both are valid, undefined where the documents are absent.
 */
export function openApiFindings(exchange: Checked): string[] | undefined {
	const request = requestFindings(exchange);
	return request && [...new Set([...request, ...answerFindings(exchange)!])];
}

/** As `openApiFindings`, of the request alone. */
export function requestFindings(exchange: Checked): string[] | undefined {
	return findings(exchange, (operation) => [
		...authenticationFindings(operation, exchange),
		...correlatorFindings(operation, exchange),
		...queryFindings(operation, exchange.path.split('?')[1] ?? ''),
		...bodyFindings(operation, exchange),
	]);
}

/** As `openApiFindings`, of the answer alone. */
export function answerFindings(exchange: Checked): string[] | undefined {
	return findings(exchange, (operation) => {
		const { pointer, document, responses } = operation;
		const documented = responses[exchange.status];
		if (!documented) return [`the status ${exchange.status} is not documented`];
		const { content, headers } = referred(document, documented);
		const echoed = headers && 'x-correlator' in headers ? echoFindings(operation, exchange) : [];
		if (!content) return echoed;
		const type = mediaType(exchange.answerHeaders['content-type']);
		if (!(type in content)) return [...echoed, `the answer's content type is ${type || 'missing'}`];
		const answer = fromJson(exchange.answer);
		if (answer === undefined) return [...echoed, 'the answer is not JSON'];
		const at =
			'$ref' in documented
				? pointer.replace(/#.*$/, documented.$ref)
				: `${pointer}/responses/${exchange.status}`;
		return [
			...echoed,
			...schemaFindings(`${at}/content/${escaped(type)}/schema`, answer, 'answer'),
		];
	});
}

function findings(exchange: Checked, check: (operation: Operation) => string[]) {
	if (!openApiDocumentsPresent) return undefined;
	operations ??= load();
	const called = `${exchange.method} ${exchange.path.split('?', 1)[0]!}`;
	const operation = operations.get(called);
	if (operation) return check(operation);
	return undocumented.some((known) => known.test(called)) ? [] : [`no document knows ${called}`];
}

// ---------------------------------------------------------------------------------------------
// The documents

const ajv = new Ajv({
	strict: false,
	allErrors: true,
	validateSchema: false,
	formats: {
		int32: { type: 'number', validate: (value: number) => (value | 0) === value },
		// The documents allow a mask behind the address, which the standard formats do not.
		ipv4: (value: string) => isIPv4(value.replace(/\/\d+$/, '')),
		ipv6: (value: string) => isIPv6(value.replace(/\/\d+$/, '')),
		// RFC 3339 section 5.6, with its time zone.
		'date-time': /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/,
	},
});

let operations: Map<string, Operation> | undefined;

/** Every documented operation, by its method and path. */
function load(): Map<string, Operation> {
	const found = new Map<string, Operation>();
	for (const { file, at, complete } of documents) {
		// Parsed for each place of its own: what is completed in one is not in another.
		const document = parse(readFileSync(join(specs, file), 'utf8')) as Document;
		complete?.(document);
		closeBodies(document);
		const id = `${at.slice(1)}/${file}`;
		ajv.addSchema(document, id);
		for (const [path, methods] of Object.entries(document.paths)) {
			for (const [method, described] of Object.entries(methods)) {
				const pointer = `${id}#/paths/${escaped(path)}/${method}`;
				found.set(`${method.toUpperCase()} ${at}${path}`, { ...described, document, pointer });
			}
		}
	}
	return found;
}

/** A scope as Telefónica has it: the purpose is joined to it. */
const joinedScope = '^dpv:[A-Za-z]+[# ][A-Za-z0-9:-]+$';
/** Scopes as CAMARA has them: exactly one of them is a purpose ("Purpose as a scope"). */
const ownScope = '^(?!.*dpv:.*dpv:)(?=(.* )?dpv:[A-Za-z]+( |$))[A-Za-z:-]+( [A-Za-z:-]+)+$';
/** As `ownScope`, for an end user: they belong to OpenID Connect. */
const openidScope = ownScope.replace('^', '^(?=(.* )?openid( |$))');

/** Says in the authorization document what it says in words only, or by mistake, or not at all. */
function completeAuthorization({ components: { schemas }, paths }: Document): void {
	// It requires a property that it does not have.
	schemas.AuthorizationRequestId!.required = ['auth_req_id'];
	// It requires nothing of a token request, so that an empty one would be valid.
	schemas.AccessTokenCIBARequest!.required = ['grant_type', 'auth_req_id'];
	schemas.AccessTokenAuthCodeRequest!.required = ['grant_type', 'code', 'redirect_uri'];
	// PKCE (RFC 7636): it knows nothing of it, and its operators pass over what they do not know.
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
	// It knows two grants; these are RFC 6749 section 6 and RFC 7523 section 2.1.
	const tokenRequests = oneOfTokenRequests(paths);
	const jwtBearer = tokenRequest('urn:ietf:params:oauth:grant-type:jwt-bearer', ['assertion']);
	jwtBearer.properties!.assertion = jwt;
	tokenRequests.push(tokenRequest('refresh_token', ['refresh_token'], ['scope']), jwtBearer);
	// It knows HTTP Basic alone; clients also authenticate in the form (OpenID Connect Core section 9).
	for (const request of [
		'AuthorizeRequest',
		'AccessTokenAuthCodeRequest',
		'AccessTokenCIBARequest',
	]) {
		Object.assign(schemas[request]!.properties!, clientMembers);
	}
	// The forms of these two are in their descriptions.
	Object.assign(schemas.AuthorizeRequest!.properties!.login_hint!, {
		pattern: String.raw`^(tel:\+[1-9]\d{4,14}|ipport:([\d.]{7,15}|\[[\da-fA-F:.]{2,45}\])(:\d{1,5})?)$`,
	});
	setScope(schemas, paths, joinedScope);
	// It shows its gateway's error. An authorization server's is that of RFC 6749, section 5.2.
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

/** As `completeAuthorization`, by CAMARA's Security and Interoperability Profile. */
function completeForCamara(document: Document): void {
	completeAuthorization(document);
	const { components, paths } = document;
	setScope(components.schemas, paths, openidScope);
	// 2-legged tokens, for which the profile requires a scope.
	const granted = tokenRequest('client_credentials', ['scope']);
	Object.assign(granted.properties!.scope!, { pattern: ownScope });
	oneOfTokenRequests(paths).push(granted);
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

/** Says what CAMARA's document says in words: an address is one address, without a mask. */
function completeRoamingStatus({ components: { schemas } }: Document): void {
	schemas.SingleIpv4Addr!.pattern = '^[^/]*$';
	schemas.DeviceIpv6Address!.pattern = '^[^/]*$';
}

/** As `completeRoamingStatus`; RapidAPI stands in front of it, with keys and errors of its own. */
function completeForNokia(document: Document): void {
	completeRoamingStatus(document);
	const { responses, ...described } = document.paths['/retrieve']!.post!;
	const rapidApi = { required: ['message'], maxProperties: 1 };
	for (const status of ['401', '403', '404']) {
		const { $ref } = responses[status] as { $ref: string };
		const camara = { $ref: `${$ref}/content/application~1json/schema` };
		responses[status] = {
			content: { 'application/json': { schema: { anyOf: [rapidApi, camara] } } },
		};
	}
	document.paths['/retrieve']!.post = {
		...described,
		security: [{ rapidApi: [] }],
		responses,
	};
}

/** The operator takes no properties but the ones it documents, which no document says. */
function closeBodies(document: Document): void {
	const close = (schema: Referable<Schema>): void => {
		if (isReference(schema)) return close(referred(document, schema));
		if (schema.properties) schema.additionalProperties = false;
		[...Object.values(schema.properties ?? {}), ...(schema.oneOf ?? [])].forEach(close);
	};
	for (const { requestBody } of Object.values(document.paths).flatMap(Object.values<Described>)) {
		if (!requestBody) continue;
		for (const { schema } of Object.values(referred(document, requestBody).content)) close(schema);
	}
}

function isReference(value: object): value is { $ref: string } {
	return '$ref' in value;
}

function referred<T extends object>(document: Document, value: Referable<T>): T {
	if (!isReference(value)) return value;
	const steps = value.$ref.slice('#/'.length).split('/');
	return steps.reduce<unknown>((at, step) => (at as Record<string, unknown>)[step], document) as T;
}

/** A step of a JSON pointer (RFC 6901). */
function escaped(step: string): string {
	return step.replaceAll('~', '~0').replaceAll('/', '~1');
}

const validators = new Map<string, ValidateFunction>();

function schemaFindings(pointer: string, value: unknown, what: string): string[] {
	let validate = validators.get(pointer);
	if (!validate) validators.set(pointer, (validate = ajv.compile({ $ref: pointer })));
	validate(value);
	return (validate.errors ?? []).map(
		({ instancePath, message, params }) =>
			`${what}${instancePath} ${message}${params.additionalProperty ? ` (${params.additionalProperty})` : ''}`,
	);
}

// ---------------------------------------------------------------------------------------------
// The exchange

function authenticationFindings({ security = [] }: Operation, exchange: Checked): string[] {
	const scheme = security.flatMap((one) => Object.keys(one))[0];
	switch (scheme) {
		case 'basicAuth':
			return clientFindings(exchange);
		case 'rapidApi':
			return exchange.headers['x-rapidapi-key'] && exchange.headers['x-rapidapi-host']
				? []
				: ["the request lacks one of RapidAPI's headers"];
		case 'three_legged':
		case 'openId':
			return /^Bearer [\w.~+/-]+=*$/.test(String(exchange.headers.authorization))
				? []
				: ['the request has no Bearer token'];
		default:
			return [];
	}
}

/** A client authenticates in one way; in JWT bearer the assertion itself does (RFC 7523). */
function clientFindings({ headers, body }: Checked): string[] {
	const form = new URLSearchParams(body);
	const ways = [headers.authorization, form.get('client_secret'), form.get('client_assertion')];
	const count = ways.filter((way) => way !== undefined && way !== null).length;
	const byAssertion = form.get('grant_type')?.endsWith(':jwt-bearer');
	if (byAssertion) return count === 0 ? [] : ['the client authenticates beside its assertion'];
	if (count !== 1) return [`the client authenticates in ${count} ways`];
	if (form.has('client_secret') && !form.has('client_id')) return ['the secret has no client_id'];
	if (form.has('client_assertion') && !form.has('client_assertion_type')) {
		return ['the client assertion has no client_assertion_type'];
	}
	if (headers.authorization === undefined) return [];
	const [, encoded = ''] = /^Basic ([A-Za-z0-9+/]+=*)$/.exec(String(headers.authorization)) ?? [];
	const credentials = Buffer.from(encoded, 'base64').toString();
	// Each part is form-encoded (RFC 6749, section 2.3.1).
	return /^([\w.*+~!'()-]|%[\dA-F]{2})+:([\w.*+~!'()-]|%[\dA-F]{2})+$/i.test(credentials)
		? []
		: ['the request does not authenticate its client with form-encoded Basic credentials'];
}

/** Of the header that the document asks for, if it does. */
function correlatorFindings(
	{ document, pointer, parameters = [] }: Operation,
	{ headers }: Checked,
) {
	const correlator = headers['x-correlator'];
	if (correlator === undefined) return [];
	return parameters.flatMap((parameter) =>
		isReference(parameter) && referred<Parameter>(document, parameter).name === 'x-correlator'
			? schemaFindings(
					`${pointer.replace(/#.*$/, parameter.$ref)}/schema`,
					correlator,
					'header x-correlator',
				)
			: [],
	);
}

/** A correlator comes back, unless it was none. */
function echoFindings(operation: Operation, exchange: Checked): string[] {
	const sent = exchange.headers['x-correlator'];
	if (sent === undefined || correlatorFindings(operation, exchange).length > 0) return [];
	return exchange.answerHeaders['x-correlator'] === sent
		? []
		: ['the answer does not echo x-correlator'];
}

function queryFindings({ pointer, parameters = [] }: Operation, query: string): string[] {
	const { members, findings } = formMembers(query, 'the query');
	for (const [index, parameter] of parameters.entries()) {
		if (isReference(parameter) || parameter.in !== 'query') continue;
		const value = members[parameter.name];
		delete members[parameter.name];
		if (value !== undefined) {
			findings.push(
				...schemaFindings(
					`${pointer}/parameters/${index}/schema`,
					value,
					`query.${parameter.name}`,
				),
			);
		} else if (parameter.required) findings.push(`the query has no ${parameter.name}`);
	}
	return [...findings, ...Object.keys(members).map((name) => `the query has an unknown ${name}`)];
}

function bodyFindings({ pointer, document, requestBody }: Operation, exchange: Checked): string[] {
	if (!requestBody) return exchange.body === '' ? [] : ['the request has a body'];
	const { content } = referred(document, requestBody);
	const type = mediaType(exchange.headers['content-type']);
	if (!(type in content)) return [`the request's content type is ${type || 'missing'}`];
	const schema = `${pointer}/requestBody/content/${escaped(type)}/schema`;
	if (type === 'application/x-www-form-urlencoded') {
		const { members, findings } = formMembers(exchange.body, 'the body');
		return [...findings, ...schemaFindings(schema, members, 'body')];
	}
	const body = fromJson(exchange.body);
	return body === undefined ? ['the body is not JSON'] : schemaFindings(schema, body, 'body');
}

/** The members of a form; a finding for each that occurs twice or is not form-encoded. */
function formMembers(form: string, what: string) {
	const members: Record<string, string> = {};
	const findings: string[] = [];
	// The characters form encoding leaves, and those that clients commonly leave besides.
	if (!/^([\w.*+~!'():/-]|%[\dA-Fa-f]{2}|[=&])*$/.test(form)) {
		findings.push(`${what} is not form-encoded`);
	}
	for (const [name, value] of new URLSearchParams(form)) {
		if (Object.hasOwn(members, name)) findings.push(`${what} has ${name} twice`);
		members[name] = value;
	}
	return { members, findings };
}

function mediaType(header: unknown): string {
	return String(header ?? '')
		.split(';', 1)[0]!
		.trim()
		.toLowerCase();
}

function fromJson(text: string): unknown {
	try {
		return JSON.parse(text) as unknown;
	} catch {
		return undefined;
	}
}
