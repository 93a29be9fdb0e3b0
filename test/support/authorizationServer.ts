import axios from 'axios';
import type { AuthorizationServer } from '../../nodes/OpenGateway/authorization';
import { readResponse, type Send } from '../../nodes/OpenGateway/http';

/** Sends over HTTP, as the node does. */
export const send: Send = async (makeRequest) => {
	const request = makeRequest();
	const { status, headers, data } = await axios.request<string>({
		method: request.method,
		url: request.url,
		headers: request.headers,
		data: request.body,
		proxy: false,
		maxRedirects: 0,
		responseType: 'text',
		transformResponse: (body: unknown) => body,
		validateStatus: () => true,
	});
	return readResponse(request, status, { ...headers }, data);
};

/** An authorization server for a flow that must not wait, but for `changes`. */
export function authorizationServerAt(
	baseUrl: string,
	changes: Partial<AuthorizationServer> = {},
): AuthorizationServer {
	return {
		endpoints: {
			authorization: `${baseUrl}/authorize`,
			backchannelAuthentication: `${baseUrl}/bc-authorize`,
			token: `${baseUrl}/token`,
		},
		send,
		wait: async () => await Promise.reject(new Error('There is nothing to wait for')),
		backoff: () => ({ next: async () => false }),
		correlator: 'made-up-correlator',
		...changes,
	};
}
