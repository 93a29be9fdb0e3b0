import type { OpenGatewayError } from '../errors';
import {
	asObject,
	serverError,
	unexpectedResponse,
	type HttpResponse,
	type ErrorText,
} from '../http';

const notConsented: ErrorText = {
	happened: 'The owner of {line} has not consented to this check.',
	nextMove: 'lineOwner',
	remedy:
		'Only the line’s owner can change that, with the operator, which captures consent outside this flow (in its app, its customer portal, its shops or by message): it cannot be asked for from here. Some operators ask on the phone’s own screen; with them, use the frontend flow.',
};

const notAnswered: ErrorText = {
	happened: 'The operator needs an answer from the owner of {line}, and was not able to ask.',
	nextMove: 'lineOwner',
	remedy: 'Send the device to a new authorization URL, on mobile data, and let its owner answer.',
};

const notRegistered: ErrorText = {
	happened: 'The application is not registered for Device Status with this purpose.',
	nextMove: 'registration',
	remedy:
		'Add the API and its purpose to the application in the operator’s developer portal, or choose the registered Purpose in the credential.',
};

const malformed: ErrorText = {
	happened: 'The operator found the request to authorize the check of {line} malformed.',
	nextMove: 'you',
	remedy:
		'Check the identifier and the URLs in the credential; if they are right, give the correlator to the operator’s support.',
};

const notOffered: ErrorText = {
	happened: 'The operator does not offer this grant type, or not at this address.',
	nextMove: 'you',
	remedy:
		'In the credential, choose the Grant Type that the operator’s documents name, and check its URLs.',
};

/**
 * Error codes of RFC 6749 sections 4.1.2.1 and 5.2, RFC 7521 section 4, CIBA core sections 11 and
 * 13, OpenID Connect Core section 3.1.2.6 and RFC 9449 section 5. `authorization_pending` and
 * `slow_down` are no errors: they are waited for.
 */
export const authorizationErrors: Readonly<Record<string, ErrorText>> = {
	invalid_client: {
		happened: 'The operator does not accept the Client ID, or its secret or key.',
		nextMove: 'you',
		remedy:
			'Correct them in the credential: they are shown in the operator’s developer portal. With a private key, its public key must be registered there, under the same Key ID.',
	},
	unauthorized_client: {
		happened: 'The application may not use this grant type.',
		nextMove: 'registration',
		remedy:
			'Have it enabled for the application in the operator’s developer portal, or choose another Grant Type in the credential.',
	},
	invalid_scope: notRegistered,
	unknown_user_id: {
		happened: 'The owner of {line} is not a customer of any operator reached.',
		nextMove: 'you',
		remedy: 'Check the identifier. Lines of other operators cannot be asked about here.',
	},
	access_denied: notConsented,
	consent_required: notConsented,
	login_required: notAnswered,
	interaction_required: notAnswered,
	account_selection_required: notAnswered,
	expired_token: {
		happened: 'The authorization for {line} expired before the operator decided on it.',
		nextMove: 'operator',
		remedy: 'Try again later.',
	},
	invalid_grant: {
		happened:
			'The operator does not take this authorization for {line}: it is used up, expired, revoked, or its signature is unknown.',
		nextMove: 'you',
		remedy:
			'Begin again: each authorization can be used only once. With JWT Bearer, check that the public key is registered for the application; if it stays, give the correlator to the operator’s support.',
	},
	invalid_request: malformed,
	invalid_request_object: malformed,
	invalid_binding_message: malformed,
	missing_user_code: malformed,
	invalid_user_code: malformed,
	expired_login_hint_token: malformed,
	unsupported_grant_type: notOffered,
	unsupported_response_type: notOffered,
	invalid_dpop_proof: {
		happened:
			'The operator insists on tokens that are bound to a key (DPoP), which are not supported.',
		nextMove: 'operator',
		remedy: 'Ask the operator to let the application use bearer tokens.',
	},
	server_error: {
		happened: 'The operator had a fault of its own while it authorized the check of {line}.',
		nextMove: 'operator',
		remedy: 'Try again later; if it stays, give the correlator to the operator’s support.',
	},
	temporarily_unavailable: {
		happened: 'The operator cannot authorize the check of {line} at the moment.',
		nextMove: 'operator',
		remedy: 'Try again later.',
	},
};

const unknownCode: ErrorText = {
	happened: 'The operator refused to authorize the check of {line}.',
	nextMove: 'operator',
	remedy: 'Look its error code up with the operator, or give the correlator to its support.',
};

/**
 * An error answer of an authorization server: `{error, error_description}` (RFC 6749 section 5.2),
 * or `{code, message}` as Telefónica's document has it.
 */
export function authorizationError(answer: HttpResponse, line: string): OpenGatewayError {
	const { error, code } = asObject(answer.json);
	if (typeof error === 'string') return authorizationErrorFor(error, answer, line);
	if (typeof code !== 'string' && typeof code !== 'number') {
		return unexpectedResponse(answer, `HTTP ${answer.status} without an OAuth error code`);
	}
	return authorizationErrorFor(
		answer.status === 401 ? 'invalid_client' : String(code),
		answer,
		line,
	);
}

/** The same, for a code that came another way than in an answer's body. */
export function authorizationErrorFor(
	code: string,
	answer: Pick<HttpResponse, 'json'> & Partial<HttpResponse>,
	line: string,
): OpenGatewayError {
	const body = asObject(answer.json);
	const message = body.error_description ?? body.message;
	const meaning = Object.hasOwn(authorizationErrors, code) ? authorizationErrors[code] : undefined;
	return serverError(answer, meaning ?? unknownCode, { code, message, line });
}
