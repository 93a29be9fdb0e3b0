import type { Exchange } from '../../sandbox/exchanges';

/** Questions of the node, by whether their access token was issued for the line that they name. */
export interface TokensSeen {
	own: number;
	/** The paths of those with another line's token. */
	foreign: string[];
}

/** Which line each access token was issued for, and which one it was sent with. */
export function tokensSeen(exchanges: Exchange[]): TokensSeen {
	const hints = new Map<string, string>();
	const lines = new Map<string, string>();
	const seen: TokensSeen = { own: 0, foreign: [] };
	for (const { path, headers, body, answer, status } of exchanges) {
		// Whatever else asks the sandbox, such as its own tests, may send what it wants.
		if (headers['user-agent'] !== 'n8n') continue;
		const form = new URLSearchParams(body);
		const { auth_req_id: issuedId, access_token: token } = fields(answer);
		if (status === 200 && path.endsWith('/bc-authorize')) {
			hints.set(String(issuedId), form.get('login_hint') ?? '');
		} else if (status === 200 && path.endsWith('/token')) {
			const line = hints.get(form.get('auth_req_id') ?? '') ?? subjectOf(form.get('assertion'));
			if (line !== undefined) lines.set(String(token), line);
		} else {
			const line = lines.get(String(headers.authorization).replace('Bearer ', ''));
			const named = lineNamed(fields(body));
			if (line === undefined || named === undefined) continue;
			if (line === named) seen.own++;
			else seen.foreign.push(path);
		}
	}
	return seen;
}

function fields(json: string): Record<string, unknown> {
	try {
		return JSON.parse(json) as Record<string, unknown>;
	} catch {
		return {};
	}
}

function subjectOf(assertion: string | null): string | undefined {
	const [, claims = ''] = assertion?.split('.') ?? [];
	return fields(Buffer.from(claims, 'base64url').toString()).sub as string | undefined;
}

/** The line that a question names, as a login hint would: Telefónica's `ueId`. */
function lineNamed({ ueId, uePort }: Record<string, unknown>): string | undefined {
	const { msisdn, ipv4Addr, ipv6Addr } = (ueId ?? {}) as Record<string, string>;
	if (msisdn !== undefined) return `tel:${msisdn}`;
	const port = uePort === undefined ? '' : `:${String(uePort)}`;
	if (ipv4Addr !== undefined) return `ipport:${ipv4Addr}${port}`;
	return ipv6Addr === undefined ? undefined : `ipport:[${ipv6Addr}]${port}`;
}
