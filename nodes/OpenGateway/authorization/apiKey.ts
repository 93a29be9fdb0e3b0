import { credentialText, invalidCredential } from '../credentialFields';
import { fixedAccess, type BackendGrant } from './grant';

/** A key that stands for the application in a header of each request. */
export function apiKey(credential: Record<string, unknown>, header: string): BackendGrant {
	const key = credentialText(credential, 'apiKey', 'API Key').trim();
	if (!/^[!-~]+$/.test(key)) {
		throw invalidCredential(
			"'API Key' contains characters that no key has.",
			'Paste the key alone, without quotes.',
		);
	}
	return fixedAccess({ [header]: key });
}
