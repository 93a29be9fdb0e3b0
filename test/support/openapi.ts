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
	parameters?: { name: string; in: string; required?: boolean }[];
	requestBody?: Referable<{ content: Content }>;
	responses: Record<string, Referable<{ content?: Content }>>;
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

/** Each document, and where the operator's base URL puts its paths. */
const documents = [
	{ file: 'telefonica/authorization_openapi.yaml', at: '/apigateway' },
	{ file: 'telefonica/devicestatus_openapi.yaml', at: '/apigateway/device-status/v0' },
];

/** Whether the documents are there: without them `openApiFindings` finds nothing. */
export const openApiDocumentsPresent = documents.every(({ file }) => existsSync(join(specs, file)));
if (!openApiDocumentsPresent) {
	console.warn(
		`SKIPPED: nothing is checked against the operator's OpenAPI documents, which are not in ${specs}. OPEN_GATEWAY_SPECS names another folder.`,
	);
}

/** An exchange under /apigateway: no other is the operator's. */
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
		...queryFindings(operation, exchange.path.split('?')[1] ?? ''),
		...bodyFindings(operation, exchange),
	]);
}

/** As `openApiFindings`, of the answer alone. */
export function answerFindings(exchange: Checked): string[] | undefined {
	return findings(exchange, ({ pointer, document, responses }) => {
		const documented = responses[exchange.status];
		if (!documented) return [`the status ${exchange.status} is not documented`];
		const { content } = referred(document, documented);
		if (!content) return [];
		const type = mediaType(exchange.answerHeaders['content-type']);
		if (!(type in content)) return [`the answer's content type is ${type || 'missing'}`];
		const answer = fromJson(exchange.answer);
		if (answer === undefined) return ['the answer is not JSON'];
		const at =
			'$ref' in documented
				? pointer.replace(/#.*$/, documented.$ref)
				: `${pointer}/responses/${exchange.status}`;
		return schemaFindings(`${at}/content/${escaped(type)}/schema`, answer, 'answer');
	});
}

function findings(exchange: Checked, check: (operation: Operation) => string[]) {
	if (!openApiDocumentsPresent) return undefined;
	operations ??= load();
	const path = exchange.path.split('?', 1)[0]!;
	const operation = operations.get(`${exchange.method} ${path}`);
	return operation ? check(operation) : [`no document knows ${exchange.method} ${path}`];
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
	},
});

let operations: Map<string, Operation> | undefined;

/** Every documented operation, by its method and path. */
function load(): Map<string, Operation> {
	const found = new Map<string, Operation>();
	for (const [index, document] of parsed().entries()) {
		const { file, at } = documents[index]!;
		if (file.includes('authorization')) complete(document.components.schemas);
		closeBodies(document);
		ajv.addSchema(document, file);
		for (const [path, methods] of Object.entries(document.paths)) {
			for (const [method, described] of Object.entries(methods)) {
				const pointer = `${file}#/paths/${escaped(path)}/${method}`;
				found.set(`${method.toUpperCase()} ${at}${path}`, { ...described, document, pointer });
			}
		}
	}
	return found;
}

function parsed(): Document[] {
	return documents.map(({ file }) => parse(readFileSync(join(specs, file), 'utf8')) as Document);
}

/** Says in the schemas of the authorization document what it says in words only, or by mistake. */
function complete(schemas: Record<string, Schema>): void {
	// It requires a property that it does not have.
	schemas.AuthorizationRequestId!.required = ['auth_req_id'];
	// It requires nothing of a token request, so that an empty one would be valid.
	schemas.AccessTokenCIBARequest!.required = ['grant_type', 'auth_req_id'];
	schemas.AccessTokenAuthCodeRequest!.required = ['grant_type', 'code', 'redirect_uri'];
	// The forms of these two are in their descriptions.
	Object.assign(schemas.AuthorizeRequest!.properties!.login_hint!, {
		pattern: String.raw`^(tel:\+[1-9]\d{4,14}|ipport:([\d.]{7,15}|\[[\da-fA-F:.]{2,45}\])(:\d{1,5})?)$`,
	});
	Object.assign(schemas.AuthorizeRequest!.properties!.scope!, {
		pattern: '^dpv:[A-Za-z]+[# ][A-Za-z0-9:-]+$',
	});
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

function authenticationFindings({ security = [] }: Operation, { headers }: Checked): string[] {
	const scheme = security.flatMap((one) => Object.keys(one))[0];
	const authorization = String(headers.authorization ?? '');
	if (scheme === 'basicAuth') {
		const [, encoded = ''] = /^Basic ([A-Za-z0-9+/]+=*)$/.exec(authorization) ?? [];
		const credentials = Buffer.from(encoded, 'base64').toString();
		// Each part is form-encoded (RFC 6749, section 2.3.1).
		return /^([\w.*+~!'()-]|%[\dA-F]{2})+:([\w.*+~!'()-]|%[\dA-F]{2})+$/i.test(credentials)
			? []
			: ['the request does not authenticate its client with form-encoded Basic credentials'];
	}
	if (scheme === 'three_legged' && !/^Bearer [\w.~+/-]+=*$/.test(authorization)) {
		return ['the request has no Bearer token'];
	}
	return [];
}

function queryFindings({ pointer, parameters = [] }: Operation, query: string): string[] {
	const { members, findings } = formMembers(query, 'the query');
	for (const [index, parameter] of parameters.entries()) {
		if (parameter.in !== 'query') continue;
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
