import { createHash } from 'node:crypto';
import { bindBrowser, isBound } from '../../nodes/OpenGateway/authorization/browserBinding';

const cookieOf = (setCookie: string) => setCookie.split(';', 1)[0] ?? '';

test('the cookie is for this host and the browser alone, as long as the URL is accepted', () => {
	const [cookie, ...attributes] = bindBrowser(600).setCookie.split('; ');

	expect(cookie).toMatch(/^__Host-openGateway-[\w-]{8}=[\w-]{43}$/);
	expect(attributes).toEqual(['Path=/', 'Secure', 'HttpOnly', 'SameSite=Lax', 'Max-Age=600']);
	expect(bindBrowser(1.5).setCookie).toMatch(/; Max-Age=2$/);
});

test('the hash is of the cookie’s value, and no two bindings are alike', () => {
	const bindings = Array.from({ length: 100 }, () => bindBrowser(600));

	for (const { hash, setCookie } of bindings) {
		const [, value = ''] = cookieOf(setCookie).split('=');
		expect(createHash('sha256').update(value).digest('base64url')).toBe(hash);
	}
	expect(new Set(bindings.map(({ setCookie }) => cookieOf(setCookie).split('=')[0])).size).toBe(
		100,
	);
});

test('a browser is recognised by its cookie, among others', () => {
	const { hash, setCookie } = bindBrowser(600);
	const cookie = cookieOf(setCookie);
	const [name = '', value = ''] = cookie.split('=');

	for (const cookies of [
		cookie,
		`a=b; ${cookie}; c=d=e; f`,
		`${cookieOf(bindBrowser(600).setCookie)};${cookie}`,
		`${name}=older; ${cookie}`,
	]) {
		expect(isBound(cookies, hash)).toBe(true);
	}
	for (const cookies of [
		...[undefined, null, '', {}, [cookie], ';', '='],
		...[name, `${name}=`, `${name}=${value}x`, `${name}=${value.slice(1)}`],
		...[value, `other=${value}`, `${name}x=${value}`, `x${cookie}`, `${name}=${hash}`],
		cookieOf(bindBrowser(600).setCookie),
	]) {
		expect(isBound(cookies, hash)).toBe(false);
	}
});
