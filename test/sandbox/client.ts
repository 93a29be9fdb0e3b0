import axios, { type AxiosResponse } from 'axios';

import { applications, roamingScopes } from '../../sandbox/authorization';

type Answered = Promise<AxiosResponse<Record<string, unknown>>>;
type Application = (typeof applications)[keyof typeof applications];

const http = axios.create({ validateStatus: () => true, proxy: false });

export const ciba = 'urn:openid:params:grant-type:ciba';
export const scope = roamingScopes[0]!;

/** The three requests of the backend flow, each of which a test may spoil. */
export function clientOf(baseUrl: string, application: Application = applications.roaming) {
	const form = (path: string, fields: Record<string, string>, headers = {}): Answered =>
		http.post(`${baseUrl}${path}`, new URLSearchParams(fields).toString(), {
			headers: {
				authorization: basic(application.clientId, application.clientSecret),
				'content-type': 'application/x-www-form-urlencoded',
				...headers,
			},
		});

	const client = {
		form,
		request: http.request,

		authorize: (loginHint: string, more: Record<string, string> = {}) =>
			form('/bc-authorize', { login_hint: loginHint, scope, ...more }),

		poll: (authReqId: unknown) =>
			form('/token', { grant_type: ciba, auth_req_id: String(authReqId) }),

		/** An access token for the line that the hint names. */
		async token(loginHint: string, more: Record<string, string> = {}): Promise<string> {
			const { data } = await client.authorize(loginHint, more);
			const answer = await client.poll(data.auth_req_id);
			return String(answer.data.access_token);
		},

		roaming: (token: string, body: unknown, headers: Record<string, string> = {}): Answered =>
			http.post(`${baseUrl}/device-status/v0/roaming`, body, {
				headers: {
					authorization: `Bearer ${token}`,
					'content-type': 'application/json',
					...headers,
				},
			}),
	};
	return client;
}

/** Client authentication with both parts form-encoded (RFC 6749, section 2.3.1). */
export function basic(clientId: string, clientSecret: string): string {
	const encoded = [clientId, clientSecret].map((part) =>
		new URLSearchParams({ part }).toString().slice('part='.length),
	);
	return `Basic ${Buffer.from(encoded.join(':')).toString('base64')}`;
}

export const seconds = (s: number) => new Promise((resolve) => setTimeout(resolve, s * 1000));
