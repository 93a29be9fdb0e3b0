import { createHash, randomBytes, timingSafeEqual } from 'crypto';

/** Binds an authorization URL to the browser that was sent to it (RFC 9700 section 2.1.1). */
export interface BrowserBinding {
	/** SHA-256 (base64url) of the cookie's value. */
	readonly hash: string;
	/** The value of a header `Set-Cookie`. */
	readonly setCookie: string;
}

/** @param expiresIn of the authorization URL (s) */
export function bindBrowser(expiresIn: number): BrowserBinding {
	const value = randomBytes(32).toString('base64url');
	const hash = sha256(value).toString('base64url');
	const attributes = `Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=${Math.ceil(expiresIn)}`;
	return { hash, setCookie: `${cookieName(hash)}=${value}; ${attributes}` };
}

/**
 * Whether the browser has the cookie of this hash.
 * @param cookies the header `Cookie` of its request, unchecked
 */
export function isBound(cookies: unknown, hash: string): boolean {
	if (typeof cookies !== 'string') return false;
	const name = cookieName(hash);
	return cookies
		.split(';')
		.map((pair) => pair.trim().split('='))
		.filter((pair) => pair[0] === name)
		.some(([, value = '']) => timingSafeEqual(sha256(value), Buffer.from(hash, 'base64url')));
}

/**
 * Each authorization URL has a cookie of its own, so that a browser can be on its way with several.
 * Another host cannot set a cookie of this prefix (RFC 6265bis section 4.1.3.2).
 */
function cookieName(hash: string): string {
	return `__Host-openGateway-${hash.slice(0, 8)}`;
}

function sha256(text: string): Buffer {
	return createHash('sha256').update(text).digest();
}
