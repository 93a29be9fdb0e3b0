/** Nokia Network as Code: CAMARA Device Roaming Status behind RapidAPI, whose keys stand for OAuth. */
import type { Middleware } from 'koa';

import { camara } from './camara';

export const nokia = {
	path: '/nokia',
	/** What is behind RapidAPI answers as CAMARA has it. */
	errorBody: camara.errorBody,
	/** Keys that everybody knows: one whose owner has subscribed to the API, one whose has not. */
	apiKey: 'mock_nokia_api_key',
	unsubscribedApiKey: 'mock_nokia_unsubscribed_api_key',
	/** What `X-RapidAPI-Host` must say: RapidAPI tells by it which API is meant. */
	host: 'network-as-code.nokia.rapidapi.com',
};

/** Refuses as RapidAPI does, in bodies that are not CAMARA's. */
export const rapidApi: Middleware = async (ctx, next) => {
	const key = ctx.get('x-rapidapi-key');
	if (ctx.get('x-rapidapi-host') !== nokia.host) {
		ctx.status = 404;
		ctx.body = { message: "API doesn't exists" };
	} else if (key === nokia.unsubscribedApiKey) {
		ctx.status = 403;
		ctx.body = { message: 'You are not subscribed to this API.' };
	} else if (key !== nokia.apiKey) {
		ctx.status = 401;
		ctx.body = {
			message: 'Invalid API key. Go to https://docs.rapidapi.com/docs/keys for more info.',
		};
	} else await next();
};
