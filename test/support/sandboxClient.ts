import axios, { type AxiosResponse } from 'axios';
import { applications, CIBA } from '../../sandbox/applications';
import { telefonica } from '../../sandbox/operators/telefonica';

type Answered = Promise<AxiosResponse<Record<string, unknown>>>;
interface Application {
	clientId: string;
	clientSecret: string;
}

const http = axios.create({ validateStatus: () => true, proxy: false });

export const scope = telefonica.apis.roamingStatus.scopes[0]!;

/** The scope of CAMARA's operator. */
export const CAMARA_SCOPE = 'openid dpv:FraudPreventionAndDetection device-roaming-status:read';

/** The requests of the backend flow, which tests may change. */
export function clientOf(
	baseUrl: string,
	application: Application = applications.roaming,
	ownScope = scope,
) {
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
			form('/bc-authorize', { login_hint: loginHint, scope: ownScope, ...more }),

		poll: (authReqId: unknown) =>
			form('/token', { grant_type: CIBA, auth_req_id: String(authReqId) }),

		/** An access token for the subscriber that the hint names. */
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

		/** As `roaming`, at an operator of CAMARA. */
		retrieve: (token: string, body: unknown, headers: Record<string, string> = {}): Answered =>
			http.post(`${baseUrl}/device-roaming-status/v1/retrieve`, body, {
				headers: {
					authorization: `Bearer ${token}`,
					'content-type': 'application/json',
					...headers,
				},
			}),

		/** Any request with a token; a body is sent as JSON. */
		call: (method: string, path: string, token: string, data?: unknown): Answered =>
			http.request({
				method,
				url: `${baseUrl}${path}`,
				data,
				headers: {
					authorization: `Bearer ${token}`,
					...(data !== undefined && { 'content-type': 'application/json' }),
				},
			}),

		/** A 2-legged token, by client credentials. */
		async ownToken(own = ownScope): Promise<string> {
			const { data } = await form('/token', { grant_type: 'client_credentials', scope: own });
			return String(data.access_token);
		},
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
