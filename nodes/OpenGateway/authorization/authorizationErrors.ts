import { serverError, unexpectedResponse, type ErrorText, type OpenGatewayError } from '../errors';
import { asObject, type HttpResponse } from '../http';

/** An error code of an authorization server. */
export interface AuthorizationErrorText extends ErrorText {
	/** The specification and section that define the code. */
	readonly source: string;
}

const notConsented: ErrorText = {
	happened: 'The owner of {device} has not consented to this check.',
	nextMove: 'lineOwner',
	remedy:
		'The phone’s owner must give consent to the operator, for example in its app or customer portal. This workflow cannot ask for it: see docs/errors.md#consent.',
};

const notAnswered: ErrorText = {
	happened: 'The operator needs an answer from the owner of {device}, and could not ask.',
	nextMove: 'lineOwner',
	remedy: 'Send the phone to a new authorization URL, on mobile data, and let its owner answer.',
};

const invalidRequest: ErrorText = {
	happened: 'The operator rejected the authorization request for {device} as invalid.',
	nextMove: 'you',
	remedy:
		'Check the identifier and the URLs in the credential. If they are right, give the correlator to the operator’s support.',
};

const notOffered: ErrorText = {
	happened: 'The operator does not offer this grant type, or not at this address.',
	nextMove: 'you',
	remedy:
		"Select the 'Grant Type' that the operator’s documents name in the credential, and check its URLs.",
};

/**
 * The codes that end a flow. `authorization_pending` and `slow_down` are not among them: the flow
 * waits for them.
 */
export const authorizationErrors: Readonly<Record<string, AuthorizationErrorText>> = {
	invalid_client: {
		happened: 'The operator does not accept the Client ID, or its secret or key.',
		nextMove: 'you',
		remedy:
			'Correct them in the credential: the operator’s developer portal shows them. A private key needs its public key to be registered there, under the same Key ID.',
		source: 'RFC 6749, 5.2',
	},
	unauthorized_client: {
		happened: 'The application may not use this grant type.',
		nextMove: 'registration',
		remedy:
			"Have it enabled for the application in the operator’s developer portal, or select another 'Grant Type' in the credential.",
		source: 'RFC 6749, 4.1.2.1 and 5.2',
	},
	invalid_scope: {
		happened: 'The application is not registered for this API with this purpose.',
		nextMove: 'registration',
		remedy:
			"Add the API and its purpose to the application in the operator’s developer portal, or select the registered 'Purpose' in the credential.",
		source: 'RFC 6749, 4.1.2.1 and 5.2',
	},
	unknown_user_id: {
		happened: 'The owner of {device} is not a customer of any operator reached.',
		nextMove: 'you',
		remedy: 'Check the identifier. Other operators’ customers cannot be asked about here.',
		source: 'CIBA, 13',
	},
	access_denied: { ...notConsented, source: 'RFC 6749, 4.1.2.1; CIBA, 11 and 13' },
	consent_required: { ...notConsented, source: 'OpenID Connect, 3.1.2.6; CAMARA' },
	login_required: { ...notAnswered, source: 'OpenID Connect, 3.1.2.6' },
	interaction_required: { ...notAnswered, source: 'OpenID Connect, 3.1.2.6' },
	account_selection_required: { ...notAnswered, source: 'OpenID Connect, 3.1.2.6' },
	expired_token: {
		happened: 'The authorization for {device} expired before the operator decided on it.',
		nextMove: 'operator',
		remedy: 'Try again later.',
		source: 'CIBA, 11',
	},
	invalid_grant: {
		happened:
			'The operator does not accept this authorization for {device}: it was used before, has expired, was revoked, or its signature is unknown.',
		nextMove: 'you',
		remedy:
			'Begin again: each authorization can be used only once. With JWT Bearer, check that the public key is registered for the application. If it happens again, give the correlator to the operator’s support.',
		source: 'RFC 6749, 5.2; RFC 7521, 4.1.1',
	},
	invalid_request: { ...invalidRequest, source: 'RFC 6749, 4.1.2.1 and 5.2; CIBA, 13' },
	invalid_request_object: { ...invalidRequest, source: 'OpenID Connect, 3.1.2.6' },
	invalid_binding_message: { ...invalidRequest, source: 'CIBA, 13' },
	missing_user_code: { ...invalidRequest, source: 'CIBA, 13' },
	invalid_user_code: { ...invalidRequest, source: 'CIBA, 13' },
	expired_login_hint_token: { ...invalidRequest, source: 'CIBA, 13' },
	unsupported_grant_type: { ...notOffered, source: 'RFC 6749, 5.2' },
	unsupported_response_type: { ...notOffered, source: 'RFC 6749, 4.1.2.1' },
	invalid_dpop_proof: {
		happened:
			'The operator insists on tokens that are bound to a key (DPoP), which are not supported.',
		nextMove: 'operator',
		remedy: 'Ask the operator to let the application use bearer tokens.',
		source: 'RFC 9449, 5',
	},
	server_error: {
		happened:
			'The operator could not authorize the request about {device} because of an internal fault.',
		nextMove: 'operator',
		remedy: 'Try again later. If it happens again, give the correlator to the operator’s support.',
		source: 'RFC 6749, 4.1.2.1',
	},
	temporarily_unavailable: {
		happened: 'The operator cannot authorize the request about {device} right now.',
		nextMove: 'operator',
		remedy: 'Try again later.',
		source: 'RFC 6749, 4.1.2.1',
	},
};

const unknownCode: ErrorText = {
	happened: 'The operator refused to authorize the request about {device}.',
	nextMove: 'operator',
	remedy: 'Look its error code up with the operator, or give the correlator to its support.',
};

/**
 * An error response of an authorization server: `{error, error_description}` (RFC 6749 section
 * 5.2), or `{code, message}` as Telefónica's document has it.
 * @param device in words
 */
export function authorizationError(response: HttpResponse, device: string): OpenGatewayError {
	const { error, code } = asObject(response.json);
	if (typeof error === 'string') return authorizationErrorFor(error, response, device);
	if (typeof code !== 'string' && typeof code !== 'number') {
		return unexpectedResponse(response, `HTTP ${response.status} without an OAuth error code`);
	}
	return authorizationErrorFor(
		response.status === 401 ? 'invalid_client' : String(code),
		response,
		device,
	);
}

/** The same, for a code that did not come in a response's body. */
export function authorizationErrorFor(
	code: string,
	response: Pick<HttpResponse, 'json'> & Partial<HttpResponse>,
	device: string,
): OpenGatewayError {
	const { error_description: description, message } = asObject(response.json);
	const text = Object.hasOwn(authorizationErrors, code) ? authorizationErrors[code] : undefined;
	return serverError(response, text ?? unknownCode, {
		code,
		message: description ?? message,
		device,
	});
}
