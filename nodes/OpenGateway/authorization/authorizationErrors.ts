import {
	serverError,
	unexpectedResponse,
	type ErrorText,
	type ErrorTexts,
	type OpenGatewayError,
} from '../errors';
import type { HttpResponse } from '../http';
import { asObject } from '../json';
import { refusalError, refusalInAnswer, paymentRequired } from '../refusal';

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
		"Check the identifier and, in the credential, 'Scope' (empty is right for most operators) and 'Grant Type'. If they are right, give the correlator to the operator’s support.",
};

const notAccepted: ErrorText = {
	happened: 'The operator does not accept the Client ID, or its secret or key.',
	nextMove: 'you',
	remedy:
		'Correct them in the credential: the operator’s developer portal shows them. A private key needs its public key to be registered there, under the same Key ID.',
};

const internalFault: ErrorText = {
	happened:
		'The operator could not authorize the request about {device} because of an internal fault.',
	nextMove: 'operator',
	remedy: 'Try again later. If it happens again, give the correlator to the operator’s support.',
};

const unavailable: ErrorText = {
	happened: 'The operator cannot authorize the request about {device} right now.',
	nextMove: 'operator',
	remedy: 'Try again later.',
};

const nowhere: ErrorText = {
	happened: 'No authorization server responds at {address}.',
	nextMove: 'you',
	remedy: 'Check {field} in the credential.',
	misdirected: true,
};

const notOffered: ErrorText = {
	happened: 'The operator does not offer this grant type, or not at this address.',
	nextMove: 'you',
	remedy:
		"Select the 'Grant Type' that the operator’s documents name in the credential, and check its URLs.",
};

const grantNotEnabled: ErrorText = {
	happened: 'The application may not use this grant type.',
	nextMove: 'registration',
	remedy:
		"Have it enabled for the application in the operator’s developer portal, or select another 'Grant Type' in the credential.",
};

const scopeNotRegistered: ErrorText = {
	happened: 'The application is not registered for this API with this purpose.',
	nextMove: 'registration',
	remedy:
		"Add the API and its purpose to the application in the operator’s developer portal, or select the registered 'Purpose' in the credential. If 'Scope' is filled in there, correct it, or leave it empty.",
};

/**
 * The codes that end a flow. `authorization_pending` and `slow_down` are not among them: the flow
 * waits for them.
 */
export const authorizationErrors: Readonly<Record<string, AuthorizationErrorText>> = {
	invalid_client: { ...notAccepted, source: 'RFC 6749, 5.2' },
	unauthorized_client: { ...grantNotEnabled, source: 'RFC 6749, 4.1.2.1 and 5.2' },
	authorization_type_invalid: { ...grantNotEnabled, source: 'Glewlwyd, for client credentials' },
	invalid_scope: { ...scopeNotRegistered, source: 'RFC 6749, 4.1.2.1 and 5.2' },
	scope_invalid: { ...scopeNotRegistered, source: 'Glewlwyd, for client credentials' },
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
	server_error: { ...internalFault, source: 'RFC 6749, 4.1.2.1' },
	temporarily_unavailable: { ...unavailable, source: 'RFC 6749, 4.1.2.1' },
	HTTP_400: { ...invalidRequest, source: 'RFC 9110, 15.5.1' },
	HTTP_401: {
		...notAccepted,
		happened:
			'The authorization server at {address} does not accept the Client ID, or its secret or key.',
		source: 'RFC 9110, 15.5.2',
	},
	HTTP_402: { ...paymentRequired, source: 'RFC 9110, 15.5.3' },
	HTTP_403: {
		happened: 'The authorization server at {address} does not let the application in.',
		nextMove: 'you',
		remedy:
			"Check the Client ID, its secret or key, and 'Grant Type' in the credential. If they are right, have the grant type enabled for the application in the operator’s developer portal.",
		source: 'RFC 9110, 15.5.4',
	},
	HTTP_404: { ...nowhere, source: 'RFC 9110, 15.5.5' },
	HTTP_405: { ...nowhere, source: 'RFC 9110, 15.5.6' },
	HTTP_408: { ...unavailable, source: 'RFC 9110, 15.5.9' },
	HTTP_410: { ...nowhere, source: 'RFC 9110, 15.5.11' },
	HTTP_429: {
		happened: 'The operator received too many authorization requests at once.',
		nextMove: 'you',
		remedy: 'Try again later, with fewer devices at once.',
		source: 'RFC 6585, 4',
	},
	HTTP_500: { ...internalFault, source: 'RFC 9110, 15.6.1' },
	HTTP_502: { ...unavailable, source: 'RFC 9110, 15.6.3' },
	HTTP_503: { ...unavailable, source: 'RFC 9110, 15.6.4' },
	HTTP_504: { ...unavailable, source: 'RFC 9110, 15.6.5' },
};

/** What servers say to an assertion that names the device (CAMARA's profile, "JWT Bearer Flow"). */
export const jwtBearerErrors: Readonly<Record<string, AuthorizationErrorText>> = {
	invalid_grant: {
		happened:
			'The operator does not know {device}, its owner has not consented to this check, or the operator does not accept the signature of the request.',
		nextMove: 'you',
		remedy:
			'Check the identifier, and that the phone’s owner has consented: see docs/errors.md#consent. If no device is answered for, check that the public key is registered for the application, under the same Key ID.',
		source: 'RFC 7521, 4.1.1; CAMARA',
	},
};

/** For a client with Basic authentication whose id or secret a server has to decode (RFC 6749, 2.3.1). */
export const decodedBasicErrors: ErrorTexts = Object.fromEntries(
	Object.entries(authorizationErrors)
		.filter(([code]) => ['invalid_client', 'HTTP_401', 'HTTP_403'].includes(code))
		.map(([code, text]) => [
			code,
			{
				...text,
				remedy: `${text.remedy} Or select Client Secret (Post) as 'Client Authentication': some servers do not decode the special characters of Client Secret (Basic).`,
			},
		]),
);

const unknownCode: ErrorText = {
	happened: 'The operator refused to authorize the request about {device}.',
	nextMove: 'operator',
	remedy: 'Look its error code up with the operator, or give the correlator to its support.',
};

/**
 * An error response of an authorization server: `{error, error_description}` (RFC 6749 section
 * 5.2), `{code, message}` as Telefónica's document has it, or any other.
 * @param device in words
 * @param own texts of the client or the grant, in place of the general ones
 */
export function authorizationError(
	response: HttpResponse,
	device: string,
	own: ErrorTexts = {},
): OpenGatewayError {
	return refusalError(response, { ...authorizationErrors, ...own }, device);
}

/**
 * The error of a 2xx response that does not hold what was asked for: the refusal in it, if there is
 * one, or `UNEXPECTED_ANSWER`.
 * @param found e.g. `it holds no access token`
 */
export function missingInAnswer(
	response: HttpResponse,
	found: string,
	device: string,
	own: ErrorTexts = {},
): OpenGatewayError {
	const texts = { ...authorizationErrors, ...own };
	return refusalInAnswer(response, texts, device) ?? unexpectedResponse(response, found);
}

/** An error whose code did not come in a response of its own. */
export function authorizationErrorFor(
	code: string,
	response: Pick<HttpResponse, 'json'> & Partial<HttpResponse>,
	device: string,
): OpenGatewayError {
	const { error_description: message } = asObject(response.json);
	const text = Object.hasOwn(authorizationErrors, code) ? authorizationErrors[code] : undefined;
	return serverError(response, text ?? unknownCode, { code, message, device });
}
