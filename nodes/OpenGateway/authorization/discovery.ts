import { credentialUrl, invalidCredential } from '../credentialFields';
import { unexpectedResponse } from '../errors';
import { asObject, type Send } from '../http';
import type { Endpoints } from './grant';

const WELL_KNOWN = '/.well-known/openid-configuration';

/**
 * Reads what an operator publishes about its authorization server (OpenID Connect Discovery 1.0
 * section 4, CIBA core section 4).
 * @throws {OpenGatewayError} `UNEXPECTED_ANSWER`, or `INVALID_CREDENTIAL` for an unencrypted endpoint
 */
export async function discover(url: string, send: Send, correlator: string): Promise<Endpoints> {
	const address = url.includes('/.well-known/') ? url : url.replace(/\/+$/, '') + WELL_KNOWN;
	const headers = { accept: 'application/json', 'x-correlator': correlator };
	const response = await send(() => ({ method: 'GET', url: address, headers }));
	const published = asObject(response.json);
	if (response.status !== 200 || typeof published.issuer !== 'string') {
		throw unexpectedResponse(response, 'it is not an OpenID configuration');
	}
	// A document of another issuer would send the secret to another server (section 4.3).
	if (published.issuer.replace(/\/$/, '') !== address.replace(/\/\.well-known\/[^/]+/, '')) {
		throw unexpectedResponse(response, 'its issuer does not match the Discovery URL');
	}
	const endpoint = (name: string) => {
		if (published[name] === undefined) return undefined;
		try {
			return credentialUrl(published[name], name, '').href;
		} catch {
			throw invalidCredential(
				`The operator publishes a ${name} to which no secret may be sent.`,
				"Leave 'Discovery URL' empty in the credential and enter the URLs that the operator’s documents name, or ask its support.",
			);
		}
	};
	return {
		token: endpoint('token_endpoint'),
		authorization: endpoint('authorization_endpoint'),
		backchannelAuthentication: endpoint('backchannel_authentication_endpoint'),
	};
}
