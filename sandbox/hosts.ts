import type { Middleware } from 'koa';

/** `Host` (RFC 9110 section 7.2) of a request to the loopback, with or without a port. */
const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d{1,5})?$/i;

/**
 * Refuses requests to any other host. A web page whose name its owner has pointed to 127.0.0.1 (DNS
 * rebinding) could otherwise read what the sandbox keeps, and change its settings.
 */
export const loopbackHosts: Middleware = async (ctx, next) => {
	if (LOOPBACK.test(ctx.req.headers.host ?? '')) return await next();
	ctx.status = 421; // Misdirected Request (RFC 9110 section 15.5.20)
	ctx.body = {
		code: 'MISDIRECTED_REQUEST',
		message: 'The sandbox answers at 127.0.0.1, localhost and [::1] only: see sandbox/README.md',
	};
};
