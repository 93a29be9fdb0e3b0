import axios from 'axios';
import type { AuthorizationServer } from '../../nodes/OpenGateway/authorization';
import { readResponse, type Send } from '../../nodes/OpenGateway/http';
import {
	startScriptedOperator,
	type ScriptedAnswer,
	type ScriptedOperator,
} from './scriptedOperator';

/** Sends over HTTP, as the node's host does. */
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

/** The authorization server of a flow that may neither wait nor retry, but for `changes`. */
export function authorizationServerAt(
	baseUrl: string,
	changes: Partial<AuthorizationServer> = {},
): AuthorizationServer {
	const paths = {
		authorization: '/authorize',
		backchannelAuthentication: '/bc-authorize',
		token: '/token',
	};
	return {
		endpoint: (name) => baseUrl + paths[name],
		send,
		wait: async () => await Promise.reject(new Error('There is nothing to wait for')),
		backoff: () => ({ next: async () => false }),
		startedAt: Date.now(),
		setAside: () => undefined,
		correlator: 'made-up-correlator',
		...changes,
	};
}

/** An authorization server for the tests of one file, which gives `answer` to each request. */
export function authorizationServerForSuite() {
	let operator: ScriptedOperator;
	const suite = {
		answer: {} as ScriptedAnswer,
		get received() {
			return operator.received;
		},
		/** The requests' bodies, read as forms. */
		get forms() {
			return operator.received.map(({ body }) => Object.fromEntries(new URLSearchParams(body)));
		},
		server: () => authorizationServerAt(operator.baseUrl),
	};
	beforeEach(async () => {
		suite.answer = {
			body: { access_token: 'made-up-token', token_type: 'Bearer', expires_in: 60 },
		};
		operator = await startScriptedOperator(() => suite.answer);
	});
	afterEach(async () => await operator.close());
	return suite;
}
