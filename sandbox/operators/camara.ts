/** CAMARA: its Security and Interoperability Profile, and Device Roaming Status v1.1. */
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

const roamingScope = 'device-roaming-status:read';
const purposeScopes = purposes.map(({ value }) => `dpv:${value}`);

export const camara: Dialect & Operator = {
	path: '/camara',
	errorBody: ({ status, code, message }) => ({ status, code, message }),
	scopes: {
		roaming: [...purposeScopes, roamingScope],
		simSwap: [...purposeScopes, 'sim-swap:check'],
	},
	openid: true,
	clientCredentials: true,
	fixedToken: 'mock_camara_access_token',
};

/** `POST /retrieve` of an operator that gives out access tokens. */
export function retrieveByToken(authorizedBy: AuthorizedBy, counters: Counters): Middleware {
	return operation('INVALID_ARGUMENT', camara, async (ctx) => {
		const authorized = await authorizedBy(bearerToken(ctx));
		if (!authorized) {
			ctx.set('www-authenticate', 'Bearer');
			throw new Refusal(401, 'UNAUTHENTICATED', 'The access token is missing, unknown or expired');
		}
		if (!authorized.scopes.has(roamingScope)) {
			throw new Refusal(403, 'PERMISSION_DENIED', `The access token is not for ${roamingScope}`);
		}
		const device = deviceIn(ctx);
		const { line } = authorized;
		counters.asked(line, device?.flatMap(({ identity = [] }) => identity) ?? []);
		if (line !== undefined && device) {
			throw new Refusal(
				422,
				'UNNECESSARY_IDENTIFIER',
				'The device is already identified by the access token.',
			);
		}
		return line === undefined ? statusOfDevice(device) : statusOf(line);
	});
}

/** `POST /retrieve` where no access token says which device is meant. */
export const retrieve = operation('INVALID_ARGUMENT', camara, async (ctx) =>
	statusOfDevice(deviceIn(ctx)),
);

/** What a body names a device by; no identity where this operator does not know such identifiers. */
interface Identifier {
	readonly kind: string;
	readonly value: unknown;
	readonly identity?: string;
}

function statusOfDevice(identifiers: Identifier[] | undefined): object {
	if (!identifiers) {
		throw new Refusal(422, 'MISSING_IDENTIFIER', 'The device cannot be identified.');
	}
	const chosen = identifiers.find(({ identity }) => identity !== undefined);
	if (chosen?.identity === undefined) {
		throw new Refusal(422, 'UNSUPPORTED_IDENTIFIER', 'The identifier provided is not supported.');
	}
	const status = statusOf(chosen.identity);
	// Whoever named several is told which was used.
	return identifiers.length > 1 ? { device: { [chosen.kind]: chosen.value }, ...status } : status;
}

function statusOf(identity: string): object {
	const { consent, status } = lineOf(identity);
	if (!consent) {
		throw new Refusal(404, 'IDENTIFIER_NOT_FOUND', 'No line of this operator has this identifier');
	}
	if (!consent.given) {
		throw new Refusal(403, 'PERMISSION_DENIED', "The line's owner has not consented");
	}
	if (isFixedLine(identity)) {
		throw new Refusal(
			422,
			'SERVICE_NOT_APPLICABLE',
			'The service is not available for the provided identifier.',
		);
	}
	if (!status) throw new Refusal(503, 'UNAVAILABLE', 'The network is unavailable');
	return { lastStatusTime: new Date().toISOString(), ...status };
}

/** The device in the body; undefined where it names none. */
function deviceIn(ctx: Context): Identifier[] | undefined {
	const { device } = members(jsonBody(ctx), 'The body', ['device']);
	if (device === undefined) return undefined;
	const identifiers = Object.entries(members(device, 'device', Object.keys(identify))).map(
		([kind, value]) => ({ kind, value, identity: identify[kind]?.(value) }),
	);
	if (identifiers.length === 0) throw new Invalid('device must hold at least one identifier');
	return identifiers;
}

/** How each kind of identifier names a line, as `identityOf` writes it. */
const identify: Record<string, (value: unknown) => string | undefined> = {
	phoneNumber(value) {
		const number = text(value, 'device.phoneNumber');
		if (!/^\+[1-9]\d{4,14}$/.test(number)) {
			throw new Invalid('device.phoneNumber must be in E.164 format with its "+"');
		}
		return identityOf(number);
	},
	/** Defined for future use: no operator supports it yet. */
	networkAccessIdentifier(value) {
		text(value, 'device.networkAccessIdentifier');
		return undefined;
	},
	ipv4Address(value) {
		const name = 'device.ipv4Address';
		const { publicAddress, privateAddress, publicPort } = members(value, name, [
			'publicAddress',
			'privateAddress',
			'publicPort',
		]);
		const told = port(publicPort, `${name}.publicPort`);
		if (told === undefined && privateAddress === undefined) {
			throw new Invalid(`${name} must hold publicPort or privateAddress`);
		}
		if (privateAddress !== undefined) ipv4(privateAddress, `${name}.privateAddress`);
		return identityOf(ipv4(publicAddress, `${name}.publicAddress`), told);
	},
	ipv6Address(value) {
		const address = text(value, 'device.ipv6Address');
		if (!isIPv6(address) || address.includes('%')) {
			throw new Invalid('device.ipv6Address must be an IPv6 address');
		}
		return identityOf(canonicalIPv6(address));
	},
};

function ipv4(value: unknown, name: string): string {
	const address = text(value, name);
	if (!isIPv4(address)) throw new Invalid(`${name} must be an IPv4 address`);
	return address;
}

function text(value: unknown, name: string): string {
	if (typeof value !== 'string') throw new Invalid(`${name} must be a string`);
	return value;
}
