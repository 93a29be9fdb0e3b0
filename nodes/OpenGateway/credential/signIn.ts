import { OpenGatewayError } from '../errors';

/** The OAuth2 credential holds no token, or none that can be refreshed. */
export function notSignedIn(): OpenGatewayError {
	return new OpenGatewayError('The OAuth2 credential is not connected.', {
		remedy: "Open it and select 'Connect my account' on the phone itself, on mobile data.",
		code: 'NOT_SIGNED_IN',
	});
}
