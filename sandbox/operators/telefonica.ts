/** Telefónica Open Gateway: CIBA, and Device Status v0.4. */
import { isIPv4, isIPv6 } from 'node:net';

import type { Context, Middleware } from 'koa';

import { purposes } from '../../nodes/OpenGateway/authorization/purpose';
import type { AuthorizedBy, Dialect } from '../authorization/dialect';
import { canonicalIPv6, identityOf, isFixedLine, lineOf } from '../lines';
import type { Counters } from '../statistics';
import {
	bearerToken,
	Invalid,
	jsonBody,
	members,
	operation,
	type Operator,
	port,
	Refusal,
} from './operation';

export const telefonica: Dialect & Operator = {
	path: '/apigateway',
	errorBody: ({ code, message }) => ({ code, message }),
	scopes: {
		roaming: purposes.map(({ value }) => `dpv:${value}#device-status-roaming-read`),
		simSwap: ['dpv:FraudPreventionAndDetection#sim-swap'],
	},
	openid: false,
	clientCredentials: false,
	fixedToken: 'mock_sandbox_access_token',
};

/** `POST /device-status/v0/roaming`: a line's roaming status. */
export function roaming(authorizedBy: AuthorizedBy, counters: Counters): Middleware {
	return operation('INVALID_INPUT', telefonica, async (ctx) => {
		const authorized = await authorizedBy(bearerToken(ctx));
		if (!authorized) {
			ctx.set('www-authenticate', 'Bearer');
			throw new Refusal(401, 'UNAUTHORIZED', 'The access token is missing, unknown or expired');
		}
		if (!telefonica.scopes.roaming.some((scope) => authorized.scopes.has(scope))) {
			throw new Refusal(403, 'FORBIDDEN', 'The access token is not for device-status-roaming-read');
		}

		const [first, ...others] = identitiesIn(ctx);
		const identities = [first, ...others];
		counters.asked(authorized.line, identities);
		if (identities.some((identity) => !lineOf(identity).consent || isFixedLine(identity))) {
			throw new Refusal(404, 'NOT_FOUND', 'No line has this identifier');
		}
		// The rule that matters most: a token speaks for the one line whose owner consented.
		const { line = first } = authorized;
		if (identities.some((identity) => identity !== line)) {
			throw new Refusal(403, 'FORBIDDEN', 'The access token is not for the line in ueId');
		}

		const { consent, status } = lineOf(line);
		if (!consent?.given) {
			throw new Refusal(403, 'FORBIDDEN', "The line's owner has not consented");
		}
		if (!status) throw new Refusal(503, 'SERVICE_UNAVAILABLE', 'The network is unavailable');
		return status;
	});
}

/** Every line the body names, as `identityOf` writes them. */
function identitiesIn(ctx: Context): [string, ...string[]] {
	const { ueId, uePort } = members(jsonBody(ctx), 'The body', ['ueId', 'uePort']);
	const ofAddress = port(uePort, 'uePort');
	const identifiers = members(ueId, 'ueId', ['msisdn', 'externalId', 'ipv4Addr', 'ipv6Addr']);
	const [first, ...others] = Object.entries(identifiers).map(([kind, identifier]) => {
		if (typeof identifier !== 'string') throw new Invalid(`ueId.${kind} must be a string`);
		if (kind === 'msisdn') return msisdn(identifier);
		if (kind === 'ipv4Addr') return identityOf(ipv4(identifier), ofAddress);
		if (kind === 'ipv6Addr') return identityOf(ipv6(identifier), ofAddress);
		return identifier;
	});
	if (first === undefined) throw new Invalid('ueId must hold at least one identifier');
	return [first, ...others];
}

/** A number with or without its "+", as E.164. */
function msisdn(value: string): string {
	if (!/^\+?\d{5,15}$/.test(value)) throw new Invalid('ueId.msisdn must have 5 to 15 digits');
	return value.startsWith('+') ? value : `+${value}`;
}

/** An address; with a mask wider than the one address it names a range, which is nobody's line. */
function ipv4(value: string): string {
	const [, address, bits] = /^([^/]+)(?:\/(\d{1,2}))?$/.exec(value) ?? [];
	if (address === undefined || !isIPv4(address) || Number(bits ?? 32) > 32) {
		throw new Invalid('ueId.ipv4Addr must be an IPv4 address');
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
		throw new Invalid('ueId.ipv6Addr must be an IPv6 address in lower case (RFC 5952)');
	}
	return bits === undefined || bits === '128' ? canonicalIPv6(address) : value;
}
