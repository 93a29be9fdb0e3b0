import { execFileSync } from 'node:child_process';
import { createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { existsSync, mkdtempSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import axios, { type AxiosRequestConfig } from 'axios';
import { jwtVerify } from 'jose';
import { freePort } from '../../localN8n/process/ports';
import type { Program } from '../../localN8n/process/program';
import { CIBA } from '../../sandbox/applications';
import type { Exchange } from '../../sandbox/exchanges';
import { describeWithServers, startNativeServer, START_TIMEOUT_MS } from './nativeServer';
import { record } from './recordings';
import {
	startScriptedOperator,
	type ReceivedRequest,
	type ScriptedAnswer,
} from './scriptedOperator';

const PROGRAM = '/usr/bin/glewlwyd';
const MODULES = '/usr/lib/glewlwyd';
/** Its tables, with an administrator of this name and password. */
const SCHEMA = '/usr/share/dbconfig-common/data/glewlwyd/install/sqlite3';
/** Of all paths. */
const PREFIX = 'glewlwyd';
const ADMINISTRATOR = 'admin';
/** Of the administrator and of every subscriber; they exist for as long as the suite runs. */
const PASSWORD = 'password';

const MISSING =
	'These tests need Glewlwyd. Install it (Debian: apt install glewlwyd dbconfig-sqlite3).';

const GRANT_ALL = `INSERT INTO g_client_user_scope (gs_id, gcus_username, gcus_client_id)
	SELECT gs_id, gu_username, gc_client_id FROM g_scope, g_user, g_client`;

const SCOPES = ['openid', 'dpv:FraudPreventionAndDetection', 'device-roaming-status:read'];
/** Of all applications. */
export const REDIRECT_URI = 'http://127.0.0.1:5678/webhook/roaming-back';

/** What a phone's owner does about a request for consent; `late`: only after the first poll. */
export interface Decision {
	readonly allows: boolean;
	readonly late: boolean;
}

const ALLOWS_AT_ONCE: Decision = { allows: true, late: false };

/** An application as Glewlwyd knows it. */
interface Registered {
	readonly clientId: string;
	readonly clientSecret: string;
}

/** An operator whose authorization server is Glewlwyd, and whose API answers by its access tokens. */
export interface GlewlwydOperator {
	/** Of the API, and of the adapter in front of Glewlwyd. */
	readonly baseUrl: string;
	readonly issuer: string;
	/** By phone number; whoever is not named allows at once. */
	readonly decisions: Map<string, Decision>;
	/** The addresses of which the next request is answered with HTTP 500 alone. */
	readonly failing: Set<string>;
	/** The address of an instance that publishes another issuer than its address. */
	readonly misnamed: string;
	readonly secret: Registered;
	/** Its secret holds characters that form encoding changes. */
	readonly oddSecret: Registered;
	/** Authenticates itself by its keys, in PEM. */
	readonly signing: Registered & { readonly privateKeys: Record<'rsa' | 'ec', string> };
	/** May use no grant but CIBA. */
	readonly cibaAlone: Registered;
	/** What the redirect URI is called with when this subscriber's phone has opened the URL. */
	signIn(authorizationUrl: string, phoneNumber: string): Promise<Record<string, string>>;
}

/** The customers of the operator. */
export const SUBSCRIBERS = Array.from(
	{ length: 24 },
	(_, index) => `+346000001${String(index).padStart(2, '0')}`,
);

/** What the API says about a phone number, and about no other. */
export const answerAbout = (phoneNumber: string) => ({
	roaming: true,
	countryCode: 262,
	countryName: ['DE'],
	lastStatusTime: `2026-11-01T00:00:${phoneNumber.slice(-2)}Z`,
});

/**
 * A Glewlwyd of its own for the tests of one file. If it is not installed, they are skipped aloud, or
 * with CI set, fail.
 */
export function describeWithGlewlwyd(
	name: string,
	suite: (operator: GlewlwydOperator) => void,
): void {
	const present = [PROGRAM, SCHEMA].every((path) => existsSync(path));
	describeWithServers(name, { present, missing: MISSING }, () => {
		let running: Running;
		beforeAll(async () => {
			if (!present) throw new Error(MISSING);
			running = await startGlewlwydOperator();
		}, START_TIMEOUT_MS);
		afterAll(async () => await running?.stop());
		afterEach(() => {
			running?.operator.decisions.clear();
			running?.operator.failing.clear();
		});
		suite(
			new Proxy({} as GlewlwydOperator, {
				get: (_, property) => running.operator[property as keyof GlewlwydOperator],
			}),
		);
	});
}

interface Running {
	readonly operator: GlewlwydOperator;
	stop(): Promise<void>;
}

async function startGlewlwydOperator(): Promise<Running> {
	const folder = mkdtempSync(join(tmpdir(), 'glewlwyd-'));
	const tokenKey = generateKeyPairSync('ec', { namedCurve: 'P-256' });
	const database = join(folder, 'database');
	const port = await freePort(0);
	const server = glewlwydAt(`http://127.0.0.1:${port}`);
	const decisions = new Map<string, Decision>();
	const failing = new Set<string>();
	const exchanges: Exchange[] = [];
	const answers = adapterOf(server, decisions, tokenKey.publicKey);
	const adapter = await startScriptedOperator(async (request) => {
		const answer: ScriptedAnswer = failing.delete(adapter.baseUrl + request.path)
			? { status: 500, body: { error: 'server_error' } }
			: await answers(request);
		exchanges.push(exchangeOf(request, answer));
		return answer;
	});
	const baseUrl = `${adapter.baseUrl}/${PREFIX}`;
	const issuer = `${baseUrl}/oidc`;
	let program: Program | undefined;
	const stop = async () => {
		record({ kind: 'exchanges', exchanges });
		await program?.stop();
		await adapter.close();
		await rm(folder, { recursive: true, force: true });
	};
	try {
		program = await startProgram(database, port, adapter.baseUrl);
		const clients = await server.configure(issuer, tokenKey.privateKey);
		// Subscribers have granted all scopes to all applications, and still decide about each request.
		execFileSync('sqlite3', [database, GRANT_ALL]);
		const addresses = { baseUrl, issuer, misnamed: `${baseUrl}/misnamed` };
		const { signIn } = server;
		return { operator: { ...addresses, decisions, failing, ...clients, signIn }, stop };
	} catch (error) {
		await stop();
		throw error;
	}
}

/** @param externalUrl the address that it publishes, and that assertions have to be for */
async function startProgram(database: string, port: number, externalUrl: string): Promise<Program> {
	const folder = dirname(database);
	// A journal that is written ahead takes a fraction of the time.
	execFileSync('sqlite3', [database, 'PRAGMA journal_mode = WAL', `.read ${SCHEMA}`]);
	const settings = {
		port,
		bind_address: '127.0.0.1',
		external_url: externalUrl,
		login_url: 'login.html',
		api_prefix: PREFIX,
		log_mode: 'console',
		log_level: 'INFO',
		cookie_domain: '127.0.0.1',
		session_key: 'session',
		admin_scope: 'g_admin',
		profile_scope: 'g_profile',
		hash_algorithm: 'SHA512',
		user_module_path: `${MODULES}/user`,
		client_module_path: `${MODULES}/client`,
		user_auth_scheme_module_path: `${MODULES}/scheme`,
		plugin_module_path: `${MODULES}/plugin`,
		database: { type: 'sqlite3', path: database },
	};
	const file = join(folder, 'glewlwyd.conf');
	writeFileSync(file, libconfig(settings));
	return await startNativeServer({
		command: PROGRAM,
		args: [`--config-file=${file}`],
		cwd: folder,
		ready: /Glewlwyd started/,
	});
}

/** The format of libconfig: JSON's values, after names without quotes. */
function libconfig(settings: object): string {
	return Object.entries(settings)
		.map(([name, value]) =>
			typeof value === 'object'
				? `${name} = { ${libconfig(value as object)} };\n`
				: `${name} = ${JSON.stringify(value)};\n`,
		)
		.join('');
}

const http = axios.create({ validateStatus: () => true, proxy: false, maxRedirects: 0 });

/** Glewlwyd's own interface: of its administrator, of its users, and of what it forwards. */
function glewlwydAt(address: string) {
	/**
	 * Sends one request after the other: of requests at the same time, Glewlwyd 2.7 now and then stores
	 * the scopes of one with another, or fails.
	 */
	let latest: Promise<unknown> = Promise.resolve();
	async function send<Body>(method: string, path: string, more: AxiosRequestConfig) {
		const answer = latest.then(
			async () => await http.request<Body>({ method, url: address + path, ...more }),
		);
		latest = answer.catch(() => undefined);
		return await answer;
	}

	const sessions = new Map<string, Promise<string>>();

	/** The cookie of a user who has logged in. */
	async function session(username: string): Promise<string> {
		const login = async () => {
			const data = { username, password: PASSWORD };
			const answer = await send('POST', `/${PREFIX}/auth/`, { data });
			if (answer.status !== 200) throw new Error(`${username} cannot log in: ${answer.status}`);
			return String(answer.headers['set-cookie']?.[0]?.split(';')[0]);
		};
		const cookie = sessions.get(username) ?? login();
		sessions.set(username, cookie);
		return await cookie;
	}

	async function as<Body>(username: string, method: string, path: string, data?: object) {
		const headers = { cookie: await session(username) };
		const answer = await send<Body>(method, path, { headers, data });
		if (answer.status < 400) return answer;
		throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.data)}`);
	}

	return {
		/** Registers its scopes, subscribers and applications. */
		async configure(issuer: string, tokenKey: KeyObject) {
			const add = async (path: string, data: object) =>
				await as(ADMINISTRATOR, 'POST', `/${PREFIX}/${path}/`, data);
			for (const name of SCOPES.slice(1)) {
				await add('scope', { name, display_name: name, password_required: false });
			}
			await add('mod/plugin', pluginOf('oidc', issuer, tokenKey));
			await add('mod/plugin', pluginOf('misnamed', 'https://login.operator.example', tokenKey));
			for (const username of SUBSCRIBERS) {
				await add('user', { username, password: PASSWORD, scope: SCOPES, enabled: true });
			}
			const { clients, applications } = registrations();
			for (const client of clients) await add('client', client);
			return applications;
		},

		/** The phone's owner decides about every request for consent that waits for them. */
		async decide(phoneNumber: string, { allows }: Decision) {
			const { data: waiting } = await as<Array<{ user_req_id: string }>>(
				phoneNumber,
				'GET',
				`/${PREFIX}/oidc/ciba_user_list`,
			);
			for (const { user_req_id: id } of waiting) {
				const path = `/${PREFIX}/oidc/ciba_user_check?user_req_id=${id}`;
				await as(phoneNumber, 'GET', `${path}&${allows ? 'g_continue' : 'cancel'}`);
			}
		},

		async signIn(authorizationUrl: string, phoneNumber: string) {
			const { pathname, search } = new URL(authorizationUrl);
			const { headers } = await as(phoneNumber, 'GET', `${pathname}${search}&g_continue`);
			return Object.fromEntries(new URL(String(headers.location)).searchParams);
		},

		/** Passes a request on, and its response back. */
		async forward({ method, path, headers: received, body }: ReceivedRequest) {
			const headers = Object.fromEntries(
				['accept', 'authorization', 'content-type', 'user-agent', 'x-correlator']
					.filter((name) => received[name] !== undefined)
					.map((name) => [name, String(received[name])]),
			);
			const answer = await send<string>(method, path, {
				headers,
				data: body,
				responseType: 'text',
				transformResponse: (text: unknown) => text,
			});
			const { 'content-type': type = '' } = answer.headers;
			return {
				status: answer.status,
				body: answer.data,
				headers: { 'content-type': String(type) },
			};
		},
	};
}

/** An instance of its plugin for OpenID Connect, under `/<prefix>/<name>`. */
function pluginOf(name: string, issuer: string, tokenKey: KeyObject) {
	return {
		module: 'oidc',
		name,
		display_name: name,
		parameters: {
			iss: issuer,
			'jwt-type': 'ecdsa',
			'jwt-key-size': '256',
			key: tokenKey.export({ type: 'pkcs8', format: 'pem' }),
			cert: createPublicKey(tokenKey).export({ type: 'spki', format: 'pem' }),
			'access-token-duration': 3600,
			'refresh-token-duration': 3600,
			'code-duration': 60,
			'allow-non-oidc': true,
			'auth-type-code-enabled': true,
			'auth-type-client-enabled': true,
			'pkce-allowed': true,
			'pkce-required': true,
			'request-parameter-allow': true, // client assertions, too
			'client-jwks-parameter': 'jwks',
			'subject-type': 'public',
			'oauth-ciba-allowed': true,
			'oauth-ciba-mode-poll-allowed': true,
			'oauth-ciba-default-expiry': 30,
			'oauth-ciba-maximum-expiry': 60,
			// The API has to know whom a token is for.
			'additional-parameters': [
				{ 'user-parameter': 'username', 'token-parameter': 'phone_number' },
			],
		},
	};
}

/** The applications, as their owners know them and as Glewlwyd does. */
function registrations() {
	const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
	const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
	const pem = ({ privateKey }: { privateKey: KeyObject }) =>
		String(privateKey.export({ type: 'pkcs8', format: 'pem' }));
	const applications = {
		secret: { clientId: 'by-secret', clientSecret: 'a-made-up-secret' },
		oddSecret: { clientId: 'by-odd-secret', clientSecret: 'made up: 100% + /more?' },
		cibaAlone: { clientId: 'ciba-alone', clientSecret: 'another-made-up-secret' },
		signing: {
			clientId: 'by-key',
			clientSecret: '',
			privateKeys: { rsa: pem(rsa), ec: pem(ec) },
		},
	};
	record({ kind: 'privateKeys', pems: Object.values(applications.signing.privateKeys) });
	const jwk = ({ publicKey }: { publicKey: KeyObject }, kid: string) => ({
		...publicKey.export({ format: 'jwk' }),
		kid,
		use: 'sig',
	});
	const clients = Object.entries(applications).map(([name, { clientId, clientSecret }]) => ({
		client_id: clientId,
		name: clientId,
		enabled: true,
		confidential: true,
		redirect_uri: [REDIRECT_URI],
		scope: SCOPES,
		backchannel_token_delivery_mode: 'poll',
		authorization_type: name === 'cibaAlone' ? [CIBA] : [CIBA, 'code', 'client_credentials'],
		...(name === 'signing'
			? {
					token_endpoint_auth_method: ['private_key_jwt'],
					jwks: { keys: [jwk(rsa, 'rsa'), jwk(ec, 'ec')] },
				}
			: {
					token_endpoint_auth_method: ['client_secret_basic', 'client_secret_post'],
					client_secret: clientSecret,
				}),
	}));
	return { clients, applications };
}

/**
 * What stands in front of Glewlwyd: the API, and the login hint, of which Glewlwyd expects an object
 * of its own. Everything else passes unchanged.
 */
function adapterOf(
	server: ReturnType<typeof glewlwydAt>,
	decisions: ReadonlyMap<string, Decision>,
	tokenKey: KeyObject,
) {
	/** Phone numbers of the requests for consent, by `auth_req_id`. */
	const asked = new Map<string, string>();
	const decisionOf = (phoneNumber: string) => decisions.get(phoneNumber) ?? ALLOWS_AT_ONCE;

	async function backchannelAuthentication(request: ReceivedRequest) {
		const form = new URLSearchParams(request.body);
		const [, phoneNumber] = /^tel:(.+)$/.exec(form.get('login_hint') ?? '') ?? [];
		if (phoneNumber === undefined) return await server.forward(request);

		form.set('login_hint', JSON.stringify({ username: phoneNumber }));
		const answer = await server.forward({ ...request, body: form.toString() });
		if (answer.status !== 200) return answer;
		asked.set((JSON.parse(answer.body) as { auth_req_id: string }).auth_req_id, phoneNumber);
		const decision = decisionOf(phoneNumber);
		if (!decision.late) await server.decide(phoneNumber, decision);
		return answer;
	}

	async function token(request: ReceivedRequest) {
		const answer = await server.forward(request);
		const id = new URLSearchParams(request.body).get('auth_req_id');
		const phoneNumber = id === null ? undefined : asked.get(id);
		if (phoneNumber !== undefined && /authorization_pending/.test(answer.body)) {
			await server.decide(phoneNumber, decisionOf(phoneNumber));
		}
		return answer;
	}

	/** Device Roaming Status, "Identifying the device from the access token". */
	async function retrieve({ headers, body }: ReceivedRequest): Promise<ScriptedAnswer> {
		const bearer = String(headers.authorization).replace(/^Bearer /, '');
		const verified = await jwtVerify(bearer, tokenKey).catch(() => undefined);
		if (!verified) return { status: 401, body: { code: 'UNAUTHENTICATED' } };
		const { scope, phone_number: subscriber } = verified.payload;
		if (!String(scope).split(' ').includes('device-roaming-status:read')) {
			return { status: 403, body: { code: 'PERMISSION_DENIED' } };
		}
		const { device } = JSON.parse(body) as { device?: { phoneNumber?: string } };
		if (subscriber !== undefined && device !== undefined) {
			return { status: 422, body: { code: 'UNNECESSARY_IDENTIFIER' } };
		}
		if (subscriber === undefined && device === undefined) {
			return { status: 422, body: { code: 'MISSING_IDENTIFIER' } };
		}
		const phoneNumber = subscriber ?? device?.phoneNumber;
		return SUBSCRIBERS.includes(String(phoneNumber))
			? { body: answerAbout(String(phoneNumber)) }
			: { status: 404, body: { code: 'IDENTIFIER_NOT_FOUND' } };
	}

	const routes: Record<string, (request: ReceivedRequest) => Promise<ScriptedAnswer>> = {
		[`/${PREFIX}/oidc/ciba`]: backchannelAuthentication,
		[`/${PREFIX}/oidc/token`]: token,
		[`/${PREFIX}/device-roaming-status/v1/retrieve`]: retrieve,
	};
	return async (request: ReceivedRequest) =>
		await (routes[request.path] ?? server.forward)(request);
}

/** For the audit, which looks for secrets and tokens in all that the node has put out. */
function exchangeOf(request: ReceivedRequest, { status = 200, body }: ScriptedAnswer): Exchange {
	const answer = typeof body === 'string' ? body : JSON.stringify(body);
	return { at: new Date().toISOString(), ...request, status, answerHeaders: {}, answer };
}
