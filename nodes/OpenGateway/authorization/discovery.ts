import { addressFault } from '../credentialFields';
import { OpenGatewayError, quoted } from '../errors';
import { isSuccess, type HttpResponse, type Send } from '../http';
import { asObject } from '../json';
import { readRefusal } from '../refusal';
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
 * @returns the endpoints to which secrets may be sent
 * @throws {OpenGatewayError} `UNEXPECTED_ANSWER`
 */
export async function discover(url: string, send: Send, correlator: string): Promise<Endpoints> {
	const address = url.includes('/.well-known/') ? url : url.replace(/(?<!\/)\/+$/, '') + WELL_KNOWN;
	const headers = { accept: 'application/json', 'x-correlator': correlator };
	const response = await send(() => ({ method: 'GET', url: address, headers }));
	const published = asObject(response.json);
	if (!isSuccess(response) || typeof published.issuer !== 'string') {
		const { words } = readRefusal(response);
		throw notDiscovered(response, 'it is not an OpenID configuration', words);
	}
	// A document of another issuer would send the secret to another server (section 4.3).
	if (published.issuer.replace(/\/$/, '') !== address.replace(/\/\.well-known\/[^/]+/, '')) {
		const found = 'its issuer does not match the Discovery URL';
		throw notDiscovered(response, found, `issuer: ${published.issuer}`);
	}
	const isLocal = isOnThisMachine(new URL(address));
	const endpoint = (name: string) => addressForSecrets(published[name], isLocal);
	return {
		token: endpoint('token_endpoint'),
		authorization: endpoint('authorization_endpoint'),
		backchannelAuthentication: endpoint('backchannel_authentication_endpoint'),
	};
}

/** `undefined` as well if no secret may be sent there: another endpoint may be all it takes. */
function addressForSecrets(published: unknown, mayBeLocal: boolean): string | undefined {
	if (typeof published !== 'string' || addressFault(published) !== undefined) return undefined;
	const url = new URL(published);
	// An operator elsewhere has no business with the servers beside n8n.
	if (!mayBeLocal && isOnThisMachine(url)) return undefined;
	return url.username + url.password + url.hash === '' ? url.href : undefined;
}

function isOnThisMachine({ hostname }: URL): boolean {
	return THIS_MACHINE.test(hostname);
}

/** @param words of the server */
function notDiscovered(
	{ status, correlator, url, sent }: HttpResponse,
	found: string,
	words: string | undefined,
): OpenGatewayError {
	const isTemporary = status >= 500 || status === 429;
	const instead =
		'leave it empty and enter the addresses that the operator’s documents name in the fields that appear';
	return new OpenGatewayError(`The document at ${url} cannot be read: ${found}.`, {
		remedy: isTemporary
			? `Try again later. If it happens again, check 'Discovery URL' in the credential, or ${instead}.`
			: `Check 'Discovery URL' in the credential, or ${instead}.`,
		code: 'UNEXPECTED_ANSWER',
		nextMove: isTemporary ? 'operator' : 'you',
		status,
		correlator,
		...(words !== undefined && { serverMessage: quoted(words, sent) }),
		...(!isTemporary && { misdirected: true }),
	});
}
