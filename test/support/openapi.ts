/**
 * Checks exchanges against the operators' own OpenAPI documents, which are not part of this
 * repository: they lie in the folder that OPEN_GATEWAY_SPECS names, or in ../shared/specs.
 */
import { existsSync, readFileSync } from 'node:fs';
import { isIPv4, isIPv6 } from 'node:net';
import { join, resolve } from 'node:path';
import Ajv, { type ValidateFunction } from 'ajv';
import { parse } from 'yaml';
import type { Exchange } from '../../sandbox/exchanges';
import { ODDITY_HEADER } from '../../sandbox/oddities';
import type { Delivery } from '../../sandbox/subscriptions/deliveries';
import {
	type Described,
	type Document,
	documents,
	isReference,
	type Parameter,
	type Referable,
	referred,
	type Schema,
	undocumented,
} from './openapiDocuments';

interface Operation extends Described {
	document: Document;
	/** The operation's place: the document's name and a JSON pointer. */
	pointer: string;
}

const SPECS = resolve(__dirname, '..', '..', process.env.OPEN_GATEWAY_SPECS ?? '../shared/specs');

/** Whether the documents are present: without them there are no findings. */
export const openApiDocumentsPresent = documents.every(({ file }) => existsSync(join(SPECS, file)));
if (!openApiDocumentsPresent) {
	console.warn(
		`SKIPPED: nothing is checked against the operator's OpenAPI documents, which are not in ${SPECS}. OPEN_GATEWAY_SPECS names another folder.`,
	);
}

/** The patterns of a schema of Telefónica's Device Status; none if the documents are absent. */
export function operatorsPatterns(schema: string): RegExp[] {
	if (!openApiDocumentsPresent) return [];
	const file = join(SPECS, 'telefonica/devicestatus_openapi.yaml');
	const { components } = parse(readFileSync(file, 'utf8')) as Document;
	const patterns: RegExp[] = [];
	JSON.stringify(components.schemas[schema], (keyword, value: unknown) => {
		if (keyword === 'pattern') patterns.push(new RegExp(String(value)));
		return value;
	});
	if (patterns.length === 0) throw new Error(`${file} has no pattern for ${schema}`);
	return patterns;
}

/** An exchange under an operator's path; other paths of the sandbox are not the operator's. */
type Checked = Pick<
	Exchange,
	'method' | 'path' | 'headers' | 'body' | 'status' | 'answerHeaders' | 'answer'
>;

/**
 * The faults of a request and its response by the operator's documents, one sentence each.
 * @returns an empty list if both are valid, `undefined` if the documents are absent
 */
export function openApiFindings(exchange: Checked): string[] | undefined {
	const request = requestFindings(exchange);
	return request && [...new Set([...request, ...answerFindings(exchange)!])];
}

/** As `openApiFindings`, for the request alone. */
export function requestFindings(exchange: Checked): string[] | undefined {
	return findings(exchange, (operation) => [
		...authenticationFindings(operation, exchange),
		...correlatorFindings(operation, exchange),
		...queryFindings(operation, exchange.path.split('?')[1] ?? ''),
		...bodyFindings(operation, exchange),
	]);
}

/** As `openApiFindings`, for the response alone. */
export function answerFindings(exchange: Checked): string[] | undefined {
	if (exchange.answerHeaders[ODDITY_HEADER]) return [];
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

/** As `openApiFindings`, for an event that an operator sent. */
export function eventFindings({
	api,
	headers,
	body,
}: Pick<Delivery, 'api' | 'headers' | 'body'>): string[] | undefined {
	if (!openApiDocumentsPresent) return undefined;
	const subscribing = operationOf(`POST ${api}`);
	const callback = Object.values(subscribing?.callbacks?.notifications ?? {})[0]?.post;
	if (!subscribing || !callback) return [`no document knows the events of ${api}`];
	const { document, pointer } = subscribing;
	const operation = { ...callback, document, pointer };
	const exchange = {
		method: 'POST',
		path: api,
		headers,
		body,
		status: 0,
		answerHeaders: {},
		answer: '',
	};
	const { content } = referred(document, callback.requestBody!);
	const type = mediaType(headers['content-type']);
	if (!(type in content)) return [`the event's content type is ${type || 'missing'}`];
	const event = fromJson(body) as { type: string } | undefined;
	if (event === undefined) return ['the event is not JSON'];
	const { discriminator } = referred<Schema>(document, content[type]!.schema);
	const schema = discriminator!.mapping[event.type];
	return [
		...(headers.authorization !== undefined && !/^Bearer \S+$/.test(headers.authorization)
			? ['the event has no Bearer token']
			: []),
		...correlatorFindings(operation, exchange),
		...(schema === undefined
			? [`the event is of the unknown type ${event.type}`]
			: schemaFindings(pointer.replace(/#.*$/, schema), event, 'event')),
	];
}

function findings(exchange: Checked, check: (operation: Operation) => string[]) {
	if (!openApiDocumentsPresent) return undefined;
	const operation = operationOf(calledBy(exchange));
	if (operation) return check(operation);
	return isUndocumented(exchange) ? [] : [`no document knows ${calledBy(exchange)}`];
}

/** Whether the exchange is of an operation that no document describes. */
export function isUndocumented(exchange: Checked): boolean {
	return undocumented.some((known) => known.test(calledBy(exchange)));
}

/** Method and path. */
function calledBy({ method, path }: Checked): string {
	return `${method} ${path.split('?', 1)[0]!}`;
}

const ajv = new Ajv({
	strict: false,
	allErrors: true,
	validateSchema: false,
	formats: {
		uri: (value: string) => URL.canParse(value),
		'uri-reference': (value: string) => URL.canParse(value, 'https://example.com'),
		int32: { type: 'number', validate: (value: number) => (value | 0) === value },
		// The documents allow a mask behind the address, which the standard formats do not.
		ipv4: (value: string) => isIPv4(value.replace(/\/\d+$/, '')),
		ipv6: (value: string) => isIPv6(value.replace(/\/\d+$/, '')),
		// RFC 3339 section 5.6, with its time zone.
		'date-time': /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/,
	},
});

let operations: Map<string, Operation> | undefined;

/** The operation that is called by a method and a path. */
function operationOf(called: string): Operation | undefined {
	operations ??= load();
	const known = operations.get(called);
	if (known) return known;
	const isTemplate = ([template]: [string, unknown]) =>
		template.includes('{') && new RegExp(`^${template.replace(/\{\w+\}/g, '[^/]+')}$`).test(called);
	return [...operations].find(isTemplate)?.[1];
}

/** Every documented operation, by its method and path. */
function load(): Map<string, Operation> {
	const found = new Map<string, Operation>();
	for (const { file, at, complete } of documents) {
		// Parsed once for each place, since each place completes the document in its own way.
		const document = parse(readFileSync(join(SPECS, file), 'utf8')) as Document;
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

/** Forbids undocumented properties: no document does, but the operators reject them. */
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
			// The credential's test asks whether a path is served, which needs no access.
			if (exchange.status === 401 && exchange.headers.authorization === undefined) return [];
			return /^Bearer [\w.~+/-]+=*$/.test(String(exchange.headers.authorization))
				? []
				: ['the request has no Bearer token'];
		default:
			return [];
	}
}

/** A client authenticates in exactly one way; with JWT bearer, by the assertion (RFC 7523). */
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

/** The correlator is checked if the document describes that header. */
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

/** The response echoes a valid correlator. */
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
