import axios, { type AxiosResponse } from 'axios';

type Page = AxiosResponse<string>;

/** The parts of a phone's browser that the frontend flow needs: redirects, cookies and a form. */
export function phone() {
	const cookies = new Map<string, { path: string; pair: string }>();

	async function request(method: 'GET' | 'POST', url: string, form?: string): Promise<Page> {
		const { pathname } = new URL(url);
		const sent = [...cookies.values()].filter(({ path }) => pathname.startsWith(path));
		const answer: Page = await axios.request({
			method,
			url,
			data: form,
			maxRedirects: 0,
			validateStatus: () => true,
			proxy: false,
			responseType: 'text',
			headers: {
				accept: 'text/html',
				...(sent.length > 0 && { cookie: sent.map(({ pair }) => pair).join('; ') }),
			},
		});
		for (const cookie of answer.headers['set-cookie'] ?? []) {
			const [pair = '', ...attributes] = cookie.split(/; */);
			const path = attributes.find((one) => /^path=/i.test(one))?.slice('path='.length) ?? '/';
			const [name = ''] = pair.split('=', 1);
			cookies.set(`${name} ${path}`, { path, pair });
		}
		return answer;
	}

	/** Follows redirects within the operator, up to a page or a redirect away from it. */
	async function arrive(answer: Page, from: string): Promise<{ answer: Page; url: string }> {
		const { location } = answer.headers as { location?: string };
		if (location === undefined) return { answer, url: from };
		const next = new URL(location, from);
		if (next.origin !== new URL(from).origin || next.pathname === '/callback') {
			return { answer, url: next.href };
		}
		return await arrive(await request('GET', next.href), next.href);
	}

	return {
		open: async (url: string) => await arrive(await request('GET', url), url),
		async submit(url: string, form: Record<string, string>) {
			const body = new URLSearchParams(form).toString();
			return await arrive(await request('POST', url, body), url);
		},
	};
}

/** The query that the redirect URI is called with, once the phone's owner has allowed it. */
export async function phoneThatAllows(
	authorizationUrl: string,
	phoneNumber = '+34600000001',
): Promise<Record<string, string>> {
	const ours = phone();
	const { url } = await ours.open(authorizationUrl);
	const back = await ours.submit(url, { subscriber: phoneNumber, decision: 'allow' });
	return Object.fromEntries(new URL(back.url).searchParams);
}
