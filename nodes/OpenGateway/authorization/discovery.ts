import { credentialUrl, invalidCredential } from '../credentialFields';
import { asObject, unexpectedResponse, type Send } from '../http';
import type { Endpoints } from './grant';

const WELL_KNOWN = '/.well-known/openid-configuration';

/**
 * What an operator publishes about its authorization server (OpenID Connect Discovery 1.0
 * section 4, CIBA core section 4).
 * @throws {OpenGatewayError} `UNEXPECTED_ANSWER`, or `INVALID_CREDENTIAL` for an unencrypted endpoint
 */
export async function discover(url: string, send: Send, correlator: string): Promise<Endpoints> {
	const address = url.includes('/.well-known/') ? url : url.replace(/\/+$/, '') + WELL_KNOWN;
	const headers = { accept: 'application/json', 'x-correlator': correlator };
	const answer = await send(() => ({ method: 'GET', url: address, headers }));
	const published = asObject(answer.json);
	if (answer.status !== 200 || typeof published.issuer !== 'string') {
		throw unexpectedResponse(answer, 'it is no OpenID configuration');
	}
	// Another issuer's document would lead the secret to another server (section 4.3).
	if (published.issuer.replace(/\/$/, '') !== address.replace(/\/\.well-known\/[^/]+/, '')) {
		throw unexpectedResponse(answer, 'its issuer is another than the Discovery URL says');
	}
	const endpoint = (name: string) => {
		if (published[name] === undefined) return undefined;
		try {
			return credentialUrl(published[name], name, '').href;
		} catch {
			throw invalidCredential(
				`The ${name} that the operator publishes is not an address that secrets may be sent to.`,
				'Leave the Discovery URL empty in the credential and enter the URLs that the operator’s documents name, or ask its support.',
			);
		}
	};
	return {
		token: endpoint('token_endpoint'),
		authorization: endpoint('authorization_endpoint'),
		backchannelAuthentication: endpoint('backchannel_authentication_endpoint'),
	};
}
