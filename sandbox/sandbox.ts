/** The operators of the sandbox on the loopback, under one origin. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import Router from '@koa/router';
import Koa, { type Middleware } from 'koa';
import { credentialsOf, generateKeys } from './applications';
import { type Dialect, dialectOf } from './authorization/dialect';
import { type AuthorizationServer, COOKIE_KEYS, loadAuthorization } from './authorization/server';
import { controlRoutes } from './control';
import { Devices } from './devices';
import { bodyRead, Exchanges, fromJson, received, recorded } from './exchanges';
import { loopbackHosts } from './hosts';
import { ODDITY_HEADER, oddAnswers, oddRefusals } from './oddities';
import { type BaseUrls, baseUrlsAt, operators as operatorsByName } from './operators';
import { correlated, operation, type Operator, type Shared } from './operators/operation';
import { rateLimited } from './rate';
import { defaultSettings, type Settings, settingsSent } from './settings';
import { Counters } from './statistics';
import { subscriptionOperations } from './subscriptions/api';
import { Deliveries } from './subscriptions/deliveries';
import { defaultSubscriptionSettings } from './subscriptions/settings';
import { Subscriptions } from './subscriptions/subscriptions';

export interface Sandbox {
	/** e.g. `http://127.0.0.1:8480`. */
	readonly origin: string;
	/** E.g. `http://127.0.0.1:8480/apigateway` for Telefónica. */
	readonly baseUrls: BaseUrls;
	close(): Promise<void>;
}

/**
 * Starts the operators on 127.0.0.1, at which they answer, and at the other names of the loopback.
 *
 * @param port TCP port; 0 takes a free one
 * @param latencyMs delay of every response
 * @throws an error of Node.js, e.g. with the code EADDRINUSE
 */
export async function startSandbox({
	port,
	latencyMs,
}: {
	port: number;
	latencyMs: number;
}): Promise<Sandbox> {
	const exchanges = new Exchanges();
	const counters = new Counters();
	const settings: Settings = {
		...defaultSettings,
		latencyMs,
		subscriptions: defaultSubscriptionSettings(),
	};
	const devices = new Devices();
	const shared: Shared = { counters, settings, devices };
	const [authorizationServer, keys] = await Promise.all([loadAuthorization(), generateKeys()]);

	const server = createServer();
	// Longer than clients wait between two polls, so that they keep their connections.
	server.keepAliveTimeout = 60_000;
	server.listen({ host: '127.0.0.1', port, backlog: 4096 });
	await once(server, 'listening');
	const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

	const subscriptionSettings = () => settings.subscriptions;
	const deliveries = new Deliveries(subscriptionSettings);
	const subscriptions = new Subscriptions(devices, deliveries, subscriptionSettings, origin);

	const operators = Object.values(operatorsByName);
	const paths = operators.map(({ path }) => path);
	const router = new Router({ strict: true });

	for (const operator of operators) {
		const { path, authorization, authorizationPath = path, apis, front = passOn } = operator;
		const offers = [...Object.values(apis), ...(operator.subscriptions ?? [])];
		const dialect = authorization && dialectOf(authorizationPath, authorization, offers);
		const server = dialect && authorizationServer(origin, dialect, keys, settings, counters);
		if (server) routes(router, dialect, server);
		for (const api of Object.values(apis)) {
			router.post(path + api.path, front, operation(operator, api, server?.authorizedBy, shared));
		}
		for (const api of operator.subscriptions ?? []) {
			const at = path + api.path;
			const offered = subscriptionOperations(api, at, subscriptions, subscriptionSettings);
			for (const { method, path: below, operation: one } of offered) {
				router[method](at + below, front, operation(operator, one, server?.authorizedBy, shared));
			}
		}
	}

	for (const [name, kept] of Object.entries({ exchanges, statistics: counters })) {
		router.get(`/sandbox/${name}`, (ctx) => {
			ctx.body = kept;
		});
		router.delete(`/sandbox/${name}`, (ctx) => {
			kept.forget();
			ctx.status = 204;
		});
	}
	controlRoutes(router, devices, subscriptions, deliveries);
	router.get('/sandbox/oddities', (ctx) => {
		ctx.body = { answers: oddAnswers, refusals: oddRefusals };
	});
	router.get('/sandbox/applications', (ctx) => {
		ctx.body = credentialsOf(keys);
	});
	for (const [kid, pem] of Object.entries(keys.privateKeys)) {
		router.get(`/sandbox/keys/${kid}.pem`, (ctx) => {
			ctx.body = pem;
		});
	}
	for (const [name, parse] of Object.entries(settingsSent)) {
		router.put(`/sandbox/${name}`, (ctx) => {
			const sent = parse(fromJson(received(ctx)));
			if (sent) Object.assign(settings, sent);
			ctx.status = sent ? 204 : 400;
		});
	}

	const app = new Koa();
	app.keys = COOKIE_KEYS;
	app.use(loopbackHosts);
	app.use(async (ctx, next) => {
		ctx.state.jwks = keys.jwks;
		await next();
	});
	app.use(bodyRead);
	app.use(recorded(exchanges, paths));
	app.use(counters.counted(paths));
	app.use(answered(operators));
	app.use(correlated);
	app.use(rateLimited(settings, operators));
	app.use(async (ctx, next) => {
		const late = paths.some((path) => ctx.path.startsWith(path));
		if (late && settings.latencyMs > 0) await sleep(settings.latencyMs);
		await next();
	});
	app.use(router.routes());
	app.use(router.allowedMethods());
	server.on('request', app.callback());

	return {
		origin,
		baseUrls: baseUrlsAt(origin),
		async close() {
			subscriptions.forget();
			const closed = once(server, 'close');
			server.close();
			server.closeAllConnections();
			await closed;
		},
	};
}

const passOn: Middleware = async (_ctx, next) => await next();

/** Routes the requests to an authorization server. */
function routes(router: Router, dialect: Dialect, server: AuthorizationServer): void {
	const { path, discovery } = dialect;
	const { answer, interaction } = server;
	router.get(`${path}/authorize`, answer);
	router.get(`${path}/authorize/:uid`, answer);
	router.get(`${path}/interaction/:uid`, interaction.show);
	router.post(`${path}/interaction/:uid`, interaction.decide);
	router.post(`${path}/bc-authorize`, answer);
	router.post(`${path}/token`, answer);
	if (!discovery) return;
	router.get(`${path}/jwks`, answer);
	router.get(`${path}/.well-known/openid-configuration`, answer);
}

/** Writes a JSON body for errors that have none. */
const answered =
	(operators: readonly Operator[]): Middleware =>
	async (ctx, next) => {
		const refuse = (status: number, code: string, message: string) => {
			ctx.status = status;
			ctx.body = { code, message };
		};
		try {
			await next();
		} catch (error) {
			console.error(error);
			return refuse(500, 'INTERNAL_SERVER_ERROR', 'The sandbox has failed: see its output');
		}
		if (ctx.body || ctx.response.get(ODDITY_HEADER)) return;
		if (ctx.status === 400)
			refuse(400, 'INVALID_INPUT', 'These are not settings: see sandbox/README.md');
		const operator = operators.find(({ path }) => ctx.path.startsWith(path));
		if (ctx.status === 404 && operator?.unknownPath) {
			const { status, body } = operator.unknownPath(ctx.path);
			ctx.status = status;
			ctx.body = body;
		} else if (ctx.status === 404)
			refuse(404, 'NOT_FOUND', 'There is nothing at this path: see sandbox/README.md');
		if (ctx.status === 405)
			refuse(405, 'METHOD_NOT_ALLOWED', 'This path does not take this method');
	};
