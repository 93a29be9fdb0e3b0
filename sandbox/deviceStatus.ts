/** The operator's resource side: Telefónica Device Status v0.4, `POST /device-status/v0/roaming`. */
import type { IncomingHttpHeaders } from 'node:http';
import { isIPv4, isIPv6 } from 'node:net';

import { type Authorized, canonicalIPv6, roamingScopes } from './authorization';
import { identityOf, lineOf, type RoamingStatus } from './lines';

export interface Answer {
	status: number;
	headers?: Record<string, string>;
	body: RoamingStatus | ErrorInfo;
}

/** The body of every error of Device Status. */
export interface ErrorInfo {
	code: string;
	message: string;
}

class Refusal extends Error {
	constructor(
		readonly status: number,
		readonly code: string,
		message: string,
	) {
		super(message);
	}
}

const invalid = (message: string) => new Refusal(400, 'INVALID_INPUT', message);

/**
 * Answers one request for a line's roaming status.
 *
 * @param body the request's body as it came
 * @param authorizedBy what an access token allows; undefined where it allows nothing
 */
export async function roamingStatus(
	headers: IncomingHttpHeaders,
	body: string,
	authorizedBy: (token: string) => Promise<Authorized | undefined>,
): Promise<Answer> {
	try {
		const token = /^Bearer +(\S+)$/i.exec(headers.authorization ?? '')?.[1];
		const authorized = token && (await authorizedBy(token));
		if (!authorized) {
			throw new Refusal(401, 'UNAUTHORIZED', 'The access token is missing, unknown or expired');
		}
		if (!roamingScopes.some((scope) => authorized.scopes.has(scope))) {
			throw new Refusal(403, 'FORBIDDEN', 'The access token is not for device-status-roaming-read');
		}

		const identities = identitiesIn(headers['content-type'], body);
		if (identities.some((identity) => !lineOf(identity).consent)) {
			throw new Refusal(404, 'NOT_FOUND', 'No line has this identifier');
		}
		// The rule that matters most: a token speaks for the one line whose owner consented.
		if (identities.some((identity) => identity !== authorized.line)) {
			throw new Refusal(403, 'FORBIDDEN', 'The access token is not for the line in ueId');
		}

		const { status } = lineOf(authorized.line);
		if (!status) throw new Refusal(503, 'SERVICE_UNAVAILABLE', 'The network is unavailable');
		return { status: 200, body: status };
	} catch (error) {
		if (!(error instanceof Refusal)) throw error;
		return {
			status: error.status,
			body: { code: error.code, message: error.message },
			...(error.status === 401 && { headers: { 'www-authenticate': 'Bearer' } }),
		};
	}
}

/** Every line the body names, as `identityOf` writes them; a `Refusal` where it is not valid. */
function identitiesIn(contentType: string | undefined, body: string): string[] {
	if (!/^application\/json *(;|$)/i.test(contentType ?? '')) {
		throw invalid('The content type must be application/json');
	}
	const { ueId, uePort } = members(parsed(body), 'The body', ['ueId', 'uePort']);
	if (uePort !== undefined && !isPort(uePort)) {
		throw invalid('uePort must be an integer from 0 to 65535');
	}
	const identifiers = members(ueId, 'ueId', ['msisdn', 'externalId', 'ipv4Addr', 'ipv6Addr']);
	const identities = Object.entries(identifiers).map(([kind, identifier]) => {
		if (typeof identifier !== 'string') throw invalid(`ueId.${kind} must be a string`);
		if (kind === 'msisdn') return msisdn(identifier);
		if (kind === 'ipv4Addr') return identityOf(ipv4(identifier), uePort);
		if (kind === 'ipv6Addr') return identityOf(ipv6(identifier), uePort);
		return identifier;
	});
	if (identities.length === 0) throw invalid('ueId must hold at least one identifier');
	return identities;
}

function parsed(body: string): unknown {
	try {
		return JSON.parse(body);
	} catch {
		throw invalid('The body must be JSON');
	}
}

function members(value: unknown, name: string, allowed: string[]): Record<string, unknown> {
	if (typeof value !== 'object' || value === null || Array.isArray(value)) {
		throw invalid(`${name} must be an object`);
	}
	const unknown = Object.keys(value).find((key) => !allowed.includes(key));
	if (unknown !== undefined) throw invalid(`${name} has an unknown property`);
	return { ...value };
}

function isPort(value: unknown): value is number {
	return Number.isInteger(value) && Number(value) >= 0 && Number(value) <= 65535;
}

/** A number with or without its "+", as E.164. */
function msisdn(value: string): string {
	if (!/^\+?\d{5,15}$/.test(value)) throw invalid('ueId.msisdn must have 5 to 15 digits');
	return value.startsWith('+') ? value : `+${value}`;
}

/** An address; with a mask wider than the one address it names a range, which is nobody's line. */
function ipv4(value: string): string {
	const [, address, bits] = /^([^/]+)(?:\/(\d{1,2}))?$/.exec(value) ?? [];
	if (address === undefined || !isIPv4(address) || Number(bits ?? 32) > 32) {
		throw invalid('ueId.ipv4Addr must be an IPv4 address');
	}
	return bits === undefined || bits === '32' ? address : value;
}

/** As `ipv4`, in lower case and without leading zeros, as the document's patterns require. */
function ipv6(value: string): string {
	const [, address, bits] = /^([0-9a-f:]+)(?:\/(\d{1,3}))?$/.exec(value) ?? [];
	if (
		address === undefined ||
		!isIPv6(address) ||
		/\b0[0-9a-f]/.test(address) ||
		Number(bits ?? 128) > 128
	) {
		throw invalid('ueId.ipv6Addr must be an IPv6 address in lower case (RFC 5952)');
	}
	return bits === undefined || bits === '128' ? canonicalIPv6(address) : value;
}
