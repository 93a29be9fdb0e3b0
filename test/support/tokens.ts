import type { Exchange } from '../../sandbox/exchanges';

/**
 * The phone number that each access token was issued for, through the backend flow (CIBA), as the
 * exchanges with the operator tell.
 */
export function linesOfTokens(exchanges: readonly Exchange[]): ReadonlyMap<string, string> {
	const requests = new Map<string, string>();
	for (const { body, answer } of sentTo('/bc-authorize', exchanges)) {
		const hint = new URLSearchParams(body).get('login_hint') ?? '';
		const { auth_req_id: request } = JSON.parse(answer) as { auth_req_id?: string };
		if (request) requests.set(request, hint.replace('tel:', ''));
	}
	const tokens = new Map<string, string>();
	for (const { body, answer } of sentTo('/token', exchanges)) {
		const line = requests.get(new URLSearchParams(body).get('auth_req_id') ?? '');
		const { access_token: token } = JSON.parse(answer) as { access_token?: string };
		if (token && line) tokens.set(token, line);
	}
	return tokens;
}

/** The exchanges at the paths that end so. */
export function sentTo(ending: string, exchanges: readonly Exchange[]): readonly Exchange[] {
	return exchanges.filter(({ path }) => path.endsWith(ending));
}
