import { credentialText, invalidCredential } from '../credentialFields';
import { bearer, fixedAccess, isBearerToken, type BackendGrant } from './grant';

/**
 * An access token that the operator handed out itself. It speaks for the application: a CAMARA
 * operator refuses a token of a single device as soon as a device is named beside it.
 */
export function accessToken(credential: Record<string, unknown>): BackendGrant {
	const token = credentialText(credential, 'accessToken', 'Access Token').trim();
	if (!isBearerToken(token)) {
		throw invalidCredential(
			"'Access Token' contains characters that no token has.",
			'Paste the token alone, without quotes and without the word Bearer.',
		);
	}
	return fixedAccess(bearer(token, 'application').headers);
}
