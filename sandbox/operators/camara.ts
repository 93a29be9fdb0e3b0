/** CAMARA: its Security and Interoperability Profile, and Device Roaming Status v1.1. */
import { isIPv4, isIPv6 } from 'node:net';
import type { Context } from 'koa';
import { purposes } from '../../nodes/OpenGateway/authorization/purpose';
import {
	canonicalIPv6,
	identityOf,
	isLandline,
	type Subscriber,
	subscriberOf,
} from '../subscribers';
import {
	type Access,
	type Api,
	Invalid,
	jsonBody,
	members,
	type Operator,
	port,
	Refusal,
} from './operation';

export const roamingStatus: Api = {
	path: '/device-roaming-status/v1/retrieve',
	scopes: ['device-roaming-status:read'],
	answer: retrieving(({ status }) => status),
};

export const camara = {
	path: '/camara',
	authorization: {
		openid: true,
		clientCredentials: true,
		purposeScopes: purposes.map(({ value }) => `dpv:${value}`),
		simSwapScopes: ['sim-swap:check'],
		fixedToken: 'mock_camara_access_token',
	},
	codes: {
		invalid: 'INVALID_ARGUMENT',
		unauthenticated: 'UNAUTHENTICATED',
		forbidden: 'PERMISSION_DENIED',
	},
	errorBody: ({ status, code, message }) => ({ status, code, message }),
	apis: { roamingStatus },
} satisfies Operator;

/** Only a 3-legged token tells the subscriber, and then the body must not name a device. */
function retrieving(known: Known) {
	return (ctx: Context, { subscriber, asked }: Access): object => {
		const device = deviceIn(ctx);
		asked(device?.flatMap(({ identity = [] }) => identity) ?? []);
		if (subscriber !== undefined && device) {
			throw new Refusal(
				422,
				'UNNECESSARY_IDENTIFIER',
				'The device is already identified by the access token.',
			);
		}
		return subscriber === undefined ? statusOfDevice(device, known) : statusOf(subscriber, known);
	};
}

/** What an API answers about a subscriber; `undefined` if the network is unavailable. */
type Known = (subscriber: Subscriber) => object | undefined;

/** An identifier in the body; without an identity if the operator does not support its kind. */
interface Identifier {
	readonly kind: string;
	readonly value: unknown;
	readonly identity?: string;
}

function statusOfDevice(identifiers: Identifier[] | undefined, known: Known): object {
	if (!identifiers) {
		throw new Refusal(422, 'MISSING_IDENTIFIER', 'The device cannot be identified.');
	}
	const chosen = identifiers.find(({ identity }) => identity !== undefined);
	if (chosen?.identity === undefined) {
		throw new Refusal(422, 'UNSUPPORTED_IDENTIFIER', 'The identifier provided is not supported.');
	}
	const status = statusOf(chosen.identity, known);
	// The response tells which of several identifiers was used.
	return identifiers.length > 1 ? { device: { [chosen.kind]: chosen.value }, ...status } : status;
}

function statusOf(identity: string, known: Known): object {
	const subscriber = subscriberOf(identity);
	const { consent } = subscriber;
	const status = known(subscriber);
	if (!consent) {
		throw new Refusal(404, 'IDENTIFIER_NOT_FOUND', 'No subscriber has this identifier');
	}
	if (!consent.given) {
		throw new Refusal(403, 'PERMISSION_DENIED', "The phone's owner has not consented");
	}
	if (isLandline(identity)) {
		throw new Refusal(
			422,
			'SERVICE_NOT_APPLICABLE',
			'The service is not available for the provided identifier.',
		);
	}
	if (!status) throw new Refusal(503, 'UNAVAILABLE', 'The network is unavailable');
	return { lastStatusTime: new Date().toISOString(), ...status };
}

/** The device in the body, if there is one. */
function deviceIn(ctx: Context): Identifier[] | undefined {
	const { device } = members(jsonBody(ctx), 'The body', ['device']);
	if (device === undefined) return undefined;
	const identifiers = Object.entries(members(device, 'device', Object.keys(identify))).map(
		([kind, value]) => ({ kind, value, identity: identify[kind]?.(value) }),
	);
	if (identifiers.length === 0) throw new Invalid('device must hold at least one identifier');
	return identifiers;
}

/** Returns the subscriber's identity for each kind of identifier. */
const identify: Record<string, (value: unknown) => string | undefined> = {
	phoneNumber(value) {
		const number = text(value, 'device.phoneNumber');
		if (!/^\+[1-9]\d{4,14}$/.test(number)) {
			throw new Invalid('device.phoneNumber must be in E.164 format with its "+"');
		}
		return identityOf(number);
	},
	/** Reserved for future use by CAMARA; no operator supports it yet. */
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
