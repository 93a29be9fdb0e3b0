import { credentialUrl, invalidCredential } from '../credentialFields';
import { unexpectedResponse } from '../errors';
import { asObject, type Send } from '../http';
import type { Endpoints } from './grant';

const WELL_KNOWN = '/.well-known/openid-configuration';

/**
 * This machine, as `URL` spells it: its names (RFC 6761 section 6.3), its IPv4 and IPv6 addresses, the
 * unspecified ones included, and IPv4 addresses in IPv6.
 */
const THIS_MACHINE =
	/^((.+\.)?localhost\.?|(127|0)\.\d+\.\d+\.\d+|\[::(1|ffff:(7f[\da-f]{2}|0):[\da-f]{1,4})?\])$/;

/**
 * Reads what an operator publishes about its authorization server (OpenID Connect Discovery 1.0
 * section 4, CIBA core section 4).
 * @throws {OpenGatewayError} `UNEXPECTED_ANSWER`, or `INVALID_CREDENTIAL` for an endpoint that is not
 * encrypted, or that is on this machine although the document is not
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
	const isLocal = isOnThisMachine(new URL(address));
	const endpoint = (name: string) => {
		if (published[name] === undefined) return undefined;
		const url = secretsMayGoTo(published[name], name);
		// An operator elsewhere has no business with the servers beside n8n.
		if (url !== undefined && (isLocal || !isOnThisMachine(url))) return url.href;
		throw invalidCredential(
			`The operator publishes a ${name} to which no secret may be sent.`,
			"Leave 'Discovery URL' empty in the credential and enter the URLs that the operator’s documents name, or ask its support.",
		);
	};
	return {
		token: endpoint('token_endpoint'),
		authorization: endpoint('authorization_endpoint'),
		backchannelAuthentication: endpoint('backchannel_authentication_endpoint'),
	};
}

function isOnThisMachine({ hostname }: URL): boolean {
	return THIS_MACHINE.test(hostname);
}

function secretsMayGoTo(published: unknown, name: string): URL | undefined {
	try {
		return credentialUrl(published, name, '');
	} catch {
		return undefined;
	}
}
