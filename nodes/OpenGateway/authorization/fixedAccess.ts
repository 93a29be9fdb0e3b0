import { credentialText, invalidCredential } from '../credentialFields';
import { bearer, isBearerToken, type Access, type BackendGrant } from './grant';

/**
 * An access token that the operator handed out itself. It speaks for the application: one that was
 * made for a single line is refused by a CAMARA operator as soon as a device is named beside it.
 */
export function accessToken(credential: Record<string, unknown>): BackendGrant {
	const token = credentialText(credential, 'accessToken', 'Access Token').trim();
	if (!isBearerToken(token)) {
		throw invalidCredential(
			'The Access Token holds characters that no token has.',
			'Paste the token alone, without quotes and without the word Bearer.',
		);
	}
	return always(bearer(token, 'application'));
}

/** The key of an application at RapidAPI, through which Nokia offers Network as Code. */
export function apiKey(credential: Record<string, unknown>): BackendGrant {
	const key = credentialText(credential, 'apiKey', 'API Key').trim();
	if (!/^[!-~]+$/.test(key)) {
		throw invalidCredential(
			'The API Key holds characters that no key has.',
			'Paste the key alone, without quotes.',
		);
	}
	return always({ headers: { 'x-rapidapi-key': key }, subject: 'application' });
}

const always = (access: Access): BackendGrant => ({
	flow: 'backend',
	subject: 'application',
	obtain: async () => access,
});
