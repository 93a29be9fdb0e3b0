import type { OpenGatewayError } from '../errors';
import { asObject, serverError, unexpectedAnswer, type HttpAnswer, type Meaning } from '../http';

const notConsented: Meaning = {
	happened: 'The owner of the line {device} has not consented to this check.',
	remedy:
		'Only the line’s owner can change that, with the operator: consent is captured outside this flow, which cannot ask for it.',
};

/** Error codes of RFC 6749 section 5.2, CIBA core sections 11 and 13, and OpenID Connect Core. */
const meanings: Record<string, Meaning> = {
	invalid_client: {
		happened: 'The operator does not accept the Client ID or the Client Secret.',
		remedy: 'Correct them in the credential; they are shown in the operator’s developer portal.',
	},
	unauthorized_client: {
		happened: 'The application may not use the backend flow (CIBA).',
		remedy: 'Have the flow enabled for the application in the operator’s developer portal.',
	},
	invalid_scope: {
		happened: 'The application is not registered for Device Status with this purpose.',
		remedy:
			'Add the API and its purpose to the application in the operator’s developer portal, or choose the registered Purpose in the credential.',
	},
	unknown_user_id: {
		happened: 'The line {device} is not a customer of any operator reached.',
		remedy: 'Check the identifier. Lines of other operators cannot be asked about here.',
	},
	access_denied: notConsented,
	expired_token: {
		happened: 'The authorization for {device} expired before the operator decided on it.',
		remedy: 'Try again later.',
	},
	invalid_grant: {
		happened: 'The operator no longer knows the authorization that it began for {device}.',
		remedy: 'Try again; if it stays, give the correlator to the operator’s support.',
	},
	invalid_request: {
		happened: 'The operator found the authorization request for {device} malformed.',
		remedy: 'Check the identifier; if it is right, give the correlator to the operator’s support.',
	},
	consent_required: notConsented,
	server_error: {
		happened: 'The operator had a fault of its own while it authorized the check of {device}.',
		remedy: 'Try again later; if it stays, give the correlator to the operator’s support.',
	},
	temporarily_unavailable: {
		happened: 'The operator cannot authorize the check of {device} at the moment.',
		remedy: 'Try again later.',
	},
};

const unknownCode: Meaning = {
	happened: 'The operator refused to authorize the check of {device}.',
	remedy: 'Look its error code up with the operator, or give the correlator to its support.',
};

/**
 * An error answer of an authorization server: `{error, error_description}` (RFC 6749 section 5.2),
 * or `{code, message}` as Telefónica's document has it.
 */
export function authorizationError(answer: HttpAnswer, device: string): OpenGatewayError {
	const { error, code } = asObject(answer.json);
	if (typeof error === 'string') return authorizationErrorFor(error, answer, device);
	if (code === undefined) {
		return unexpectedAnswer(answer, `HTTP ${answer.status} without an OAuth error code`);
	}
	return authorizationErrorFor(
		answer.status === 401 ? 'invalid_client' : String(code),
		answer,
		device,
	);
}

/** The same, for a code that the client concludes itself. */
export function authorizationErrorFor(
	code: string,
	answer: HttpAnswer,
	device: string,
): OpenGatewayError {
	const body = asObject(answer.json);
	const message = body.error_description ?? body.message;
	const meaning = Object.hasOwn(meanings, code) ? meanings[code] : undefined;
	return serverError(answer, meaning ?? unknownCode, { code, message, device });
}
