import type { Exchange } from '../../sandbox/exchanges';

/** API requests of the node, by the device that their access token was issued for. */
export interface TokensSeen {
	/** Requests whose token was issued for the device that they name. */
	own: number;
	/** The paths of requests whose token was issued for another device. */
	foreign: string[];
}

/** Compares the device that each access token was issued for with the devices it was used for. */
export function tokensSeen(exchanges: Exchange[]): TokensSeen {
	const hints = new Map<string, string>();
	const subjects = new Map<string, string>();
	const seen: TokensSeen = { own: 0, foreign: [] };
	for (const { path, headers, body, answer, status } of exchanges) {
		// Other clients of the sandbox, such as its own tests, may send any token.
		if (headers['user-agent'] !== 'n8n') continue;
		const form = new URLSearchParams(body);
		const { auth_req_id: issuedId, access_token: token } = fields(answer);
		if (status === 200 && path.endsWith('/bc-authorize')) {
			hints.set(String(issuedId), form.get('login_hint') ?? '');
		} else if (status === 200 && path.endsWith('/token')) {
			const subject = hints.get(form.get('auth_req_id') ?? '') ?? subjectOf(form.get('assertion'));
			if (subject !== undefined) subjects.set(String(token), subject);
		} else {
			const subject = subjects.get(String(headers.authorization).replace('Bearer ', ''));
			const named = loginHintOf(fields(body));
			if (subject === undefined || named === undefined) continue;
			if (subject === named) seen.own++;
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

/** The device of a request in Telefónica's form (`ueId`), as a login hint would name it. */
function loginHintOf({ ueId, uePort }: Record<string, unknown>): string | undefined {
	const { msisdn, ipv4Addr, ipv6Addr } = (ueId ?? {}) as Record<string, string>;
	if (msisdn !== undefined) return `tel:${msisdn}`;
	const port = uePort === undefined ? '' : `:${String(uePort)}`;
	if (ipv4Addr !== undefined) return `ipport:${ipv4Addr}${port}`;
	return ipv6Addr === undefined ? undefined : `ipport:[${ipv6Addr}]${port}`;
}
