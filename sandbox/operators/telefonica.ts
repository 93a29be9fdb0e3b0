/** Telefónica Open Gateway: CIBA, and Device Status v0.4. */
import { isIPv4, isIPv6 } from 'node:net';
import type { Context } from 'koa';
import { purposes } from '../../nodes/OpenGateway/authorization/purpose';
import { canonicalIPv6, identityOf, isLandline } from '../subscribers';
import { type Access, Invalid, jsonBody, members, type Operator, port, Refusal } from './operation';

export const telefonica = {
	path: '/apigateway',
	authorization: {
		openid: false,
		discovery: false,
		clientCredentials: 'no',
		purposeScopes: [],
		simSwapScopes: ['dpv:FraudPreventionAndDetection#sim-swap'],
		fixedToken: 'mock_sandbox_access_token',
	},
	codes: { invalid: 'INVALID_INPUT', unauthenticated: 'UNAUTHORIZED', forbidden: 'FORBIDDEN' },
	errorBody: ({ code, message }) => ({ code, message }),
	apis: {
		roamingStatus: {
			path: '/device-status/v0/roaming',
			scopes: purposes.map(({ value }) => `dpv:${value}#device-status-roaming-read`),
			answer: roamingStatus,
		},
	},
} satisfies Operator;

function roamingStatus(ctx: Context, access: Access): object {
	const [first, ...others] = identitiesIn(ctx);
	const identities = [first, ...others];
	access.asked(identities);
	if (
		identities.some((identity) => !access.subscriberOf(identity).consent || isLandline(identity))
	) {
		throw new Refusal(404, 'NOT_FOUND', 'No subscriber has this identifier');
	}
	// The rule that matters most: a token is good for the one subscriber who consented.
	const { subscriber = first } = access;
	if (identities.some((identity) => identity !== subscriber)) {
		throw new Refusal(403, 'FORBIDDEN', 'The access token is not for the device in ueId');
	}

	const { consent, status } = access.subscriberOf(subscriber);
	if (!consent?.given) {
		throw new Refusal(403, 'FORBIDDEN', "The phone's owner has not consented");
	}
	if (!status) throw new Refusal(503, 'SERVICE_UNAVAILABLE', 'The network is unavailable');
	return status;
}

/** The identities of all subscribers that the body names. */
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

/** A number in E.164, sent with or without its "+". */
function msisdn(value: string): string {
	if (!/^\+?\d{5,15}$/.test(value)) throw new Invalid('ueId.msisdn must have 5 to 15 digits');
	return value.startsWith('+') ? value : `+${value}`;
}

/** An address; a mask for more than this address makes it a range, which is no subscriber's. */
function ipv4(value: string): string {
	const [, address, bits] = /^([^/]+)(?:\/(\d{1,2}))?$/.exec(value) ?? [];
	if (address === undefined || !isIPv4(address) || Number(bits ?? 32) > 32) {
		throw new Invalid('ueId.ipv4Addr must be an IPv4 address');
	}
	return bits === undefined || bits === '32' ? address : value;
}

/** As `ipv4`, in lower case and without leading zeros, as the document requires. */
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
