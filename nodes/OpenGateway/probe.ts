import { randomUUID } from 'crypto';
import { apis, type Api, type ApiName } from './apis';
import {
	TEST_DEVICE,
	TEST_PHONE,
	type Access,
	type AuthorizationServer,
	type Trial,
} from './authorization';
import type { ApiHost, Application } from './credential/application';
import type { Device } from './device';
import { OpenGatewayError, quoted } from './errors';
import { authorizationServer, dialectOf, fieldOf, request } from './gateway';
import type { Transport } from './http';

/** An application that its operator lets in. */
export interface Probed {
	/** What could not be tried, and why, each to be read after “Not tried:”. */
	readonly untried: readonly string[];
}

/**
 * Checks that the operator lets the application in, and that it offers the first of its APIs at the
 * Base URL, without asking about anybody.
 * @throws {OpenGatewayError} that names the fields of the credential to mend, or says that the
 * operator cannot answer now
 */
export async function probe(application: Application, transport: Transport): Promise<Probed> {
	const { grant, operator } = application;
	const api: Api<unknown, ApiName> =
		apis.find(({ name }) => operator.apis[name] !== undefined) ?? apis[0];
	const scope = application.scope(dialectOf(api, operator));
	const correlator = randomUUID();
	const server = await authorizationServer(application, transport, correlator).catch(
		(error: unknown) => {
			throw ofDiscovery(error);
		},
	);

	let access: Access | undefined;
	const obtain = async () => {
		if (grant.flow === 'backend') access = await grant.obtain(TEST_DEVICE, scope, server);
	};
	const trials: readonly Trial[] = grant.trials ?? [{ endpoint: 'token', requests: [obtain] }];
	const outcomes: Outcome[] = [];
	for (const trial of trials) {
		const isKnown = outcomes.some(isLetIn);
		outcomes.push(await tryAuthorization(trial, scope, server, application, isKnown));
	}
	const hasOwnAccess = grant.trials?.length === 0;
	if (hasOwnAccess) await obtain();
	if (hasOwnAccess || outcomes.some(isLetIn)) {
		const ask = (host: ApiHost, device: Device) => async () =>
			await request(api, host, device, access ?? NO_ACCESS, transport, correlator);
		outcomes.push(
			access === undefined
				? await tryPath(ask, api, application)
				: await tryApi(ask, api, application, !hasOwnAccess),
		);
	}
	const { busy } = outcomes.find((outcome) => outcome.busy) ?? {};
	if (busy && !outcomes.some(isLetIn)) throw busy;
	return {
		untried: [
			...(grant.flow === 'frontend'
				? ['the scope and the redirect URI, which the operator checks when a phone signs in']
				: []),
			...outcomes.flatMap(({ untried }) => untried ?? []),
		],
	};
}

interface Outcome {
	readonly isLetIn?: true;
	readonly untried?: string;
	/** That the operator cannot answer now, which counts unless it let the application in elsewhere. */
	readonly busy?: OpenGatewayError;
}

const isLetIn = (outcome: Outcome) => outcome.isLetIn === true;

/**
 * What a refusal says about the credential. `device`: nothing, it is due to what the test made up.
 * `unclear`: that, or the address is not the operator's.
 */
type Meaning =
	'application' | 'forbidden' | 'grantType' | 'scope' | 'address' | 'busy' | 'device' | 'unclear';

type ClearMeaning = Exclude<Meaning, 'unclear'>;

/** What codes mean whatever their status. OAuth's come after the client was accepted, or say so. */
const MEANINGS: Readonly<Record<string, Meaning>> = {
	invalid_client: 'application',
	unauthorized_client: 'grantType',
	unsupported_grant_type: 'grantType',
	unsupported_response_type: 'grantType',
	invalid_scope: 'scope',
	insufficient_scope: 'scope',
	server_error: 'busy',
	temporarily_unavailable: 'busy',
	QUOTA_EXCEEDED: 'busy',
	// Of an insight (Vonage), with HTTP 200.
	UNAUTHORIZED: 'application',
	INVALID_PURPOSE: 'scope',
	SUPPLIER_ERROR: 'busy',
	INTERNAL_ERROR: 'busy',
	...meaningDevice(
		'invalid_grant',
		'expired_token',
		'unknown_user_id',
		'access_denied',
		'consent_required',
		'login_required',
		'interaction_required',
		'expired_login_hint_token',
		'missing_user_code',
		'invalid_user_code',
		'invalid_binding_message',
		'DEVICE_NOT_FOUND',
		'IDENTIFIER_NOT_FOUND',
		'DEVICE_NOT_APPLICABLE',
		'SERVICE_NOT_APPLICABLE',
		'MISSING_IDENTIFIER',
		'UNIDENTIFIABLE_DEVICE',
		'UNNECESSARY_IDENTIFIER',
		'UNSUPPORTED_IDENTIFIER',
		'UNSUPPORTED_DEVICE_IDENTIFIERS',
		'IDENTIFIER_MISMATCH',
		'DEVICE_IDENTIFIERS_MISMATCH',
		'UNABLE_TO_PROVIDE_ROAMING_STATUS',
	),
};

function meaningDevice(...codes: string[]): Record<string, Meaning> {
	return Object.fromEntries(codes.map((code) => [code, 'device']));
}

const ABOUT_DEVICE =
	/\b(?:device|line|msisdn|subscriber|customer|phone|number|identifier|consent|login_hint)s?\b/i;
const ABOUT_APPLICATION =
	/\b(?:client|app|application|user|key|token|credential|scope|permission|subscribed|subscription)s?\b/i;

/** What a 403 means: gateways have it for unknown devices as well as for what is not subscribed to. */
function meaningOfForbidden(words: string): Meaning {
	if (ABOUT_DEVICE.test(words)) return 'device';
	const isUnknown = /not exist|not found|unknown/i.test(words);
	return isUnknown && !ABOUT_APPLICATION.test(words) ? 'device' : 'forbidden';
}

/** @returns `undefined` if there is no refusal, but a fault of the credential that the error names */
function meaningOf({ context }: OpenGatewayError): Meaning | undefined {
	const { code, status, misdirected, serverMessage = '' } = context;
	if (status === undefined && /^(UNREACHABLE|TIMEOUT)$/.test(code)) return 'address';
	if (Object.hasOwn(MEANINGS, code)) return MEANINGS[code];
	if (status === undefined) return undefined;
	if (status === 408 || status === 425 || status === 429 || status >= 500) return 'busy';
	// Some servers have web pages for these.
	if (status === 401) return 'application';
	if (status === 403) return meaningOfForbidden(serverMessage);
	if (status === 405 || (misdirected && status !== 404)) return 'address';
	return 'unclear';
}

/** What the words of an API say if its code is not clear. */
function meaningOfApiWords({ context: { serverMessage = '' } }: OpenGatewayError): ClearMeaning {
	return /\b(?:api[ _-]?key|token|credentials?)\b/i.test(serverMessage) ? 'application' : 'device';
}

/** What the words of an authorization server say if its code is not clear. */
function meaningOfWords({ context: { serverMessage = '' } }: OpenGatewayError): ClearMeaning {
	if (/login_hint|\buser\b/i.test(serverMessage)) return 'device';
	if (/\bscopes?\b/i.test(serverMessage)) return 'scope';
	if (/\bgrant[ _-]?type\b/i.test(serverMessage)) return 'grantType';
	return /\bclient[ _-]?(?:id|secret|assertion|auth\w*|credentials?)\b/i.test(serverMessage)
		? 'application'
		: 'device';
}

interface Refused {
	readonly error: OpenGatewayError;
	readonly meaning: Meaning;
}

/**
 * Makes the requests until what a response means is clear.
 * @returns the clearest refusal, if none of them is granted
 */
async function refusalTo(
	...requests: readonly (() => Promise<unknown>)[]
): Promise<Refused | undefined> {
	let clearest: Refused | undefined;
	for (const make of requests) {
		const refused = await make().then(
			() => undefined,
			(error: unknown) => {
				const meaning = error instanceof OpenGatewayError ? meaningOf(error) : undefined;
				if (meaning === undefined) throw error;
				return { error: error as OpenGatewayError, meaning };
			},
		);
		if (refused === undefined) return undefined;
		const isClear = refused.meaning !== 'unclear' && refused.meaning !== 'forbidden';
		if (clearest === undefined || (isClear && refused.meaning !== 'busy')) clearest = refused;
		if (isClear) break;
	}
	return clearest;
}

/**
 * What a refusal means, compared with that at an address which nobody serves.
 * @param byWords what its words say if it is unclear
 */
async function compared(
	refused: Refused,
	elsewhere: () => Promise<unknown>,
	byWords: ClearMeaning,
): Promise<ClearMeaning> {
	const { meaning, error } = refused;
	// Some authorization servers have web pages for HTTP 401 and 403, as web sites have.
	const { misdirected, status } = error.context;
	if (meaning !== 'unclear' && !misdirected) return meaning;
	if (meaning === 'unclear' && status !== 404 && byWords !== 'device') return byWords;
	if (isAlike(refused, await refusalTo(elsewhere))) return 'address';
	return meaning === 'unclear' ? 'device' : meaning;
}

/** Whether two refusals differ in nothing but the paths and numbers in their words. */
function isAlike(one: Refused, other: Refused | undefined): boolean {
	const essence = ({ error: { context } }: Refused) => {
		const { code, status, serverMessage = '' } = context;
		return JSON.stringify([code, status, serverMessage.replace(/\S*[\d/•]\S*/g, '')]);
	};
	return other !== undefined && essence(one) === essence(other);
}

/** Whether a client that was let in may have been forbidden the made-up device alone. */
function isPerhapsOfDevice({ meaning, error }: Refused): boolean {
	const words = error.context.serverMessage ?? '';
	return meaning === 'forbidden' && !ABOUT_APPLICATION.test(words);
}

const ofMadeUpDevice = ({ context: { status } }: OpenGatewayError) =>
	`an answer, as the operator refuses the made-up device of this test (HTTP ${status})`;

/** An address beside this one at which nobody serves anything. */
function unserved(address: string): string {
	const url = new URL(address);
	url.pathname += '-unserved';
	return url.href;
}

/** @param isKnown whether the authorization server let the client in before */
async function tryAuthorization(
	{ endpoint, requests: [first, ...others], byStranger }: Trial,
	scope: string,
	server: AuthorizationServer,
	application: Application,
	isKnown: boolean,
): Promise<Outcome> {
	const refused = await refusalTo(
		...[first, ...others].map((make) => async () => await make(scope, server)),
	);
	// An authorization endpoint does not authenticate the client.
	const accepted: Outcome = endpoint === 'authorization' ? {} : { isLetIn: true };
	if (!refused) return accepted;
	const { error } = refused;
	const nowhere = {
		...server,
		endpoint: (name: typeof endpoint) => unserved(server.endpoint(name)),
	};
	const elsewhere = async () => await first(scope, nowhere);
	const meaning = await compared(refused, elsewhere, meaningOfWords(error));
	const url = server.endpoint(endpoint);
	const field = fieldOf(application, url);
	if (meaning === 'address') throw atAddress(error, [field], url);
	if (meaning === 'busy') {
		const untried = `what is behind '${field}', where the operator cannot answer now (HTTP ${error.context.status})`;
		return { busy: inWords(meaning, error, application), untried };
	}
	if (isKnown && isPerhapsOfDevice(refused)) return { untried: ofMadeUpDevice(error) };
	if (meaning !== 'device') throw inWords(meaning, error, application);

	const isByAnybody =
		byStranger && isAlike(refused, await refusalTo(async () => await byStranger(scope, server)));
	if (!isByAnybody) return accepted;
	if (ABOUT_KEY.test(error.context.serverMessage ?? '')) {
		throw inWords('application', error, application);
	}
	const proof = listOf(application.provedBy);
	return {
		...accepted,
		untried: `${proof}, as the operator refuses the made-up number of this test whoever signs`,
	};
}

const ABOUT_KEY = /\b(?:keys?|kid|jwks?|signature|sign(?:ed|ing)?|issuer|iss|alg(?:orithm)?)\b/i;

const NO_ACCESS: Access = { headers: {}, subject: 'application' };

type Ask = (host: ApiHost, device: Device) => () => Promise<unknown>;

/** Asks the API without access, which it refuses otherwise than an address that nobody serves. */
async function tryPath(
	ask: Ask,
	api: Api<unknown, ApiName>,
	application: Application,
): Promise<Outcome> {
	const [device = TEST_DEVICE] = devicesOf(api, application);
	const refused = await refusalTo(ask(application, device));
	if (!refused) return {};
	const { error, meaning } = refused;
	if (meaning === 'busy') return { untried: ofBusyApi(error) };
	if (meaning === 'address') throw ofBaseUrl(error, api, application);
	const elsewhere = await refusalTo(ask(withoutApi(api, application), device));
	if (!isAlike(refused, elsewhere)) return {};
	const isOfToken =
		meaning === 'application' ||
		meaning === 'forbidden' ||
		/\b(?:token|authorization|bearer)\b/i.test(error.context.serverMessage ?? '');
	if (!isOfToken) throw ofBaseUrl(error, api, application);
	return {
		untried: "'Base URL', as the operator refuses a request without a token at every address",
	};
}

/** @param isObtained whether the authorization server issued the access, and so let the client in */
async function tryApi(
	ask: Ask,
	api: Api<unknown, ApiName>,
	application: Application,
	isObtained: boolean,
): Promise<Outcome> {
	const devices = devicesOf(api, application);
	const refused = await refusalTo(...devices.map((device) => ask(application, device)));
	if (!refused) return { isLetIn: true };
	const { error } = refused;
	const elsewhere = ask(withoutApi(api, application), devices[0] ?? TEST_DEVICE);
	const meaning = await compared(refused, elsewhere, meaningOfApiWords(error));
	if (meaning === 'device') return { isLetIn: true };
	if (meaning === 'address') throw ofBaseUrl(error, api, application);
	if (meaning === 'busy' && isObtained) return { untried: ofBusyApi(error) };
	if (meaning === 'busy') return { busy: inWords(meaning, error, application) };
	if (isObtained && isPerhapsOfDevice(refused)) return { untried: ofMadeUpDevice(error) };
	throw inWords(meaning === 'application' && isObtained ? 'token' : meaning, error, application);
}

/** The made-up devices that the API's requests can name. */
function devicesOf(api: Api<unknown, ApiName>, { operator, baseUrl }: ApiHost): Device[] {
	return [TEST_DEVICE, TEST_PHONE].filter((device) => {
		try {
			return dialectOf(api, operator).request(baseUrl, device, 'application');
		} catch {
			return false;
		}
	});
}

/** The operator with an API of the same name that nobody serves. */
function withoutApi(api: Api<unknown, ApiName>, host: ApiHost): ApiHost {
	const { operator } = host;
	const dialect = dialectOf(api, operator);
	const elsewhere: typeof dialect = {
		...dialect,
		request: (...asked) => {
			const made = dialect.request(...asked);
			return { ...made, url: unserved(made.url) };
		},
	};
	return { ...host, operator: { ...operator, apis: { [api.name]: elsewhere } } };
}

const ofBusyApi = ({ context: { status } }: OpenGatewayError) =>
	`the API, which cannot answer now (HTTP ${status})`;

function ofBaseUrl(
	refusal: OpenGatewayError,
	api: Api<unknown, ApiName>,
	application: Application,
): OpenGatewayError {
	const { operator, baseUrl } = application;
	const fields = ['Base URL', ...(operator.choice ? [operator.choice.displayName] : [])];
	return atAddress(refusal, fields, baseUrl + dialectOf(api, operator).path);
}

/** What is wrong with the content of a discovery document says so itself. */
function ofDiscovery(error: unknown): unknown {
	const isUnanswered = error instanceof OpenGatewayError && meaningOf(error) === 'address';
	return isUnanswered && error.context.status === undefined
		? atAddress(error, ['Discovery URL'], '')
		: error;
}

/** The refusal in the words of the test. */
function inWords(
	meaning: Exclude<ClearMeaning, 'address' | 'device'> | 'token',
	refusal: OpenGatewayError,
	{ provedBy }: Application,
): OpenGatewayError {
	const proof = listOf(provedBy);
	const wording: Record<typeof meaning, readonly [happened: string, remedy: string]> = {
		application: [
			'The operator does not accept the application.',
			`Compare ${proof} with the operator’s developer portal.`,
		],
		forbidden: [
			'The operator does not let the application use this API.',
			`Check ${proof}. If that is right, have the API added to the application in the operator’s developer portal.`,
		],
		token: [
			'The API does not accept the token that the authorization server gave.',
			"Check that 'Base URL' and the address of the authorization server are of the same environment.",
		],
		grantType: [
			'The operator does not let the application use this grant type.',
			"Select another 'Grant Type', or have this one enabled in the operator’s developer portal.",
		],
		scope: [
			'The application is not registered for this scope.',
			"Correct 'Scope' or leave it empty. If it is empty, select the registered 'Purpose', or have the API added to the application in the operator’s developer portal.",
		],
		busy: [
			`The operator cannot answer now (HTTP ${refusal.context.status}), which says nothing about the credential.`,
			'Try again later.',
		],
	};
	return reworded(refusal, ...wording[meaning]);
}

/**
 * Nobody responds at an address, or somebody else than the operator.
 * @param fields that the address comes from
 */
function atAddress(
	refusal: OpenGatewayError,
	fields: readonly string[],
	url: string,
): OpenGatewayError {
	const check = `Check ${listOf(fields)}`;
	if (refusal.context.status === undefined) {
		return reworded(refusal, refusal.message, `${check}, and that n8n may reach the address.`);
	}
	const { origin, pathname } = new URL(url);
	return reworded(refusal, `The operator does not serve ${origin}${pathname}.`, `${check}.`);
}

function reworded(
	{ context: { code, status, serverMessage } }: OpenGatewayError,
	happened: string,
	remedy: string,
): OpenGatewayError {
	return new OpenGatewayError(happened, {
		...{ remedy, code, status },
		...(serverMessage !== undefined && { serverMessage: withoutTestDevice(serverMessage) }),
	});
}

/** `'Client ID' and 'Client Secret'` */
function listOf(fields: readonly string[]): string {
	const names = fields.map((field) => `'${field}'`);
	return [names.slice(0, -1).join(', '), ...names.slice(-1)].filter(Boolean).join(' and ');
}

/** Nobody entered it. */
function withoutTestDevice(words: string): string {
	const { publicAddress } = TEST_DEVICE.ipv4Address;
	const { phoneNumber } = TEST_PHONE;
	return [publicAddress, phoneNumber, phoneNumber.slice(1)]
		.map(quoted)
		.reduce((left, device) => left.replaceAll(device, 'the made-up device'), words);
}
