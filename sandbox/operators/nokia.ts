/** Nokia Network as Code: CAMARA Device Roaming Status behind RapidAPI, whose keys stand for OAuth. */
import type { Middleware } from 'koa';
import { subscriptionsAt, v07, v08 } from '../subscriptions/version';
import { camara, roamingStatus } from './camara';
import type { Operator } from './operation';

export const rapidApi = {
	/** `X-RapidAPI-Host`, by which RapidAPI knows which API is meant. */
	host: 'network-as-code.nokia.rapidapi.com',
	/** A public key whose owner has subscribed to the API. */
	key: 'mock_nokia_api_key',
	/** A public key whose owner has not. */
	unsubscribedKey: 'mock_nokia_unsubscribed_api_key',
};

/** Refuses as RapidAPI does, in bodies that are not CAMARA's. */
const front: Middleware = async (ctx, next) => {
	const key = ctx.get('x-rapidapi-key');
	if (ctx.get('x-rapidapi-host') !== rapidApi.host) {
		ctx.status = 404;
		ctx.body = { message: "API doesn't exists" };
	} else if (key === rapidApi.unsubscribedKey) {
		ctx.status = 403;
		ctx.body = { message: 'You are not subscribed to this API.' };
	} else if (key !== rapidApi.key) {
		ctx.status = 401;
		ctx.body = {
			message: 'Invalid API key. Go to https://docs.rapidapi.com/docs/keys for more info.',
		};
	} else await next();
};

export const nokia = {
	path: '/nokia',
	front,
	unknownPath: (path) => ({
		status: 404,
		body: { message: `Endpoint '${path}' does not exist` },
	}),
	credential: { 'API Key': rapidApi.key },
	codes: camara.codes,
	errorBody: camara.errorBody,
	apis: {
		roamingStatus: { ...roamingStatus, path: '/device-status/device-roaming-status/v1/retrieve' },
	},
	subscriptions: [
		subscriptionsAt('v0.7', v07, '/device-status'),
		subscriptionsAt('v0.8', v08, '/device-status'),
	],
} satisfies Operator;
