import { randomUUID } from 'crypto';
import { apis, type Api, type ApiName } from '../apis';
import {
	TEST_DEVICE,
	TEST_PHONE,
	type Access,
	type AuthorizationServer,
	type Trial,
} from '../authorization';
import type { ApiHost, Application } from '../credential/application';
import type { Device } from '../device';
import { OpenGatewayError } from '../errors';
import { authorizationServer, dialectOf, fieldOf, request } from '../gateway';
import type { Transport } from '../http';
import { remembering } from '../sent';
import {
	compared,
	isAlike,
	isPerhapsOfDevice,
	meaningOf,
	meaningOfApiWords,
	meaningOfWords,
	refusalTo,
} from './meaning';
import { atAddress, inWords, listOf } from './wording';

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
export async function probe(application: Application, given: Transport): Promise<Probed> {
	const transport = { ...given, send: remembering(given.send) };
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
