/** CAMARA: its Security and Interoperability Profile, and the roaming status in each version. */
import { isIPv4, isIPv6 } from 'node:net';
import type { Context } from 'koa';
import { purposes } from '../../nodes/OpenGateway/authorization/purpose';
import { canonicalIPv6, identityOf, isLandline, type Subscriber } from '../subscribers';
import { subscriptionsAt, v08 } from '../subscriptions/version';
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

/** The rules of a version about devices. */
export interface Version {
	/**
	 * Who names the device if the token is for one: the token alone, either (they must agree), or the
	 * request, always.
	 */
	readonly namedBy: 'token' | 'either' | 'request';
	readonly refusals: Readonly<
		Record<'missing' | 'unknown' | 'unsupported' | 'notApplicable', readonly [number, string]>
	>;
	/** Whether the answer has `lastStatusTime`. */
	readonly tellsTime: boolean;
}

/** Device Roaming Status 1.1. */
export const v1: Version = {
	namedBy: 'token',
	refusals: {
		missing: [422, 'MISSING_IDENTIFIER'],
		unknown: [404, 'IDENTIFIER_NOT_FOUND'],
		unsupported: [422, 'UNSUPPORTED_IDENTIFIER'],
		notApplicable: [422, 'SERVICE_NOT_APPLICABLE'],
	},
	tellsTime: true,
};

/** Device Roaming Status 0.6.1. */
export const v06: Version = {
	namedBy: 'either',
	refusals: {
		missing: [422, 'UNIDENTIFIABLE_DEVICE'],
		unknown: [404, 'DEVICE_NOT_FOUND'],
		unsupported: [422, 'UNSUPPORTED_DEVICE_IDENTIFIERS'],
		notApplicable: [422, 'DEVICE_NOT_APPLICABLE'],
	},
	tellsTime: true,
};

/** Device Status 0.5.1. */
const v05: Version = {
	...v06,
	namedBy: 'request',
	refusals: { ...v06.refusals, missing: [400, 'INVALID_ARGUMENT'] },
	tellsTime: false,
};

/** Device Roaming Status under this segment of the path. */
export function roamingStatusOf(segment: string, version: Version): Api {
	return {
		path: `/device-roaming-status/${segment}/retrieve`,
		scopes: ['device-roaming-status:read'],
		answer: retrieving(({ status }) => status, version),
	};
}

export const roamingStatus = roamingStatusOf('v1', v1);

export const camara = {
	path: '/camara',
	authorization: {
		openid: true,
		discovery: true,
		clientCredentials: 'withScope',
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
	apis: {
		roamingStatus,
		'roamingStatus v0.6': roamingStatusOf('v0.6', v06),
		'roamingStatus v0.5': {
			path: '/device-status/v0/roaming',
			scopes: ['device-status:roaming:read'],
			answer: retrieving(({ status }) => status, v05),
		},
		'roamingStatus v0': roamingStatusOf('v0', v06),
	},
	subscriptions: [subscriptionsAt('v0.8', v08)],
} satisfies Operator;

function retrieving(known: Known, version: Version) {
	return (ctx: Context, access: Access): object => {
		const { device: sent } = members(jsonBody(ctx), 'The body', ['device']);
		const device = deviceIn(sent);
		const { identity, identifier } = subjectOf(device, access, version);
		const status = statusOf(access.subscriberOf(identity), identity, known, version);
		// The response tells which of several identifiers was used.
		return device && device.length > 1 && identifier ? { device: identifier, ...status } : status;
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

/** The subscriber that a request is about. */
interface Subject {
	readonly identity: string;
	/** The identifier by which the request names it, as its only property. */
	readonly identifier?: Readonly<Record<string, unknown>>;
}

/** Only a 3-legged token tells the subscriber; whether the body may do so, too, depends on the version. */
export function subjectOf(
	device: readonly Identifier[] | undefined,
	{ subscriber, asked }: Pick<Access, 'subscriber' | 'asked'>,
	{ namedBy, refusals }: Version,
): Subject {
	const identities = device?.flatMap(({ identity = [] }) => identity) ?? [];
	asked(identities);
	if (subscriber === undefined || (namedBy === 'request' && !device)) {
		return subjectNamed(device, refusals);
	}
	if (namedBy === 'token' && device) {
		throw new Refusal(
			422,
			'UNNECESSARY_IDENTIFIER',
			'The device is already identified by the access token.',
		);
	}
	if (identities.some((identity) => identity !== subscriber)) {
		throw new Refusal(
			403,
			'INVALID_TOKEN_CONTEXT',
			'device is not consistent with the access token.',
		);
	}
	return { identity: subscriber };
}

function subjectNamed(
	identifiers: readonly Identifier[] | undefined,
	{ missing, unsupported }: Version['refusals'],
): Subject {
	if (!identifiers) throw new Refusal(...missing, 'The device cannot be identified.');
	const chosen = identifiers.find(({ identity }) => identity !== undefined);
	if (chosen?.identity === undefined) {
		throw new Refusal(...unsupported, 'The identifier provided is not supported.');
	}
	return { identity: chosen.identity, identifier: { [chosen.kind]: chosen.value } };
}

function statusOf(
	subscriber: Subscriber,
	identity: string,
	known: Known,
	{ refusals, tellsTime }: Version,
): object {
	refuseUnserved(subscriber, identity, refusals);
	const status = known(subscriber);
	if (!status) throw new Refusal(503, 'UNAVAILABLE', 'The network is unavailable');
	return { ...(tellsTime && { lastStatusTime: new Date().toISOString() }), ...status };
}

/** Refuses a subscriber who is unknown or has not consented, or whose line is none of a mobile network. */
export function refuseUnserved(
	{ consent }: Subscriber,
	identity: string,
	{ unknown, notApplicable }: Version['refusals'],
): void {
	if (!consent) throw new Refusal(...unknown, 'No subscriber has this identifier');
	if (!consent.given) {
		throw new Refusal(403, 'PERMISSION_DENIED', "The phone's owner has not consented");
	}
	if (isLandline(identity)) {
		throw new Refusal(
			...notApplicable,
			'The service is not available for the provided identifier.',
		);
	}
}

/** The identifiers of a device in a body, if there is one. */
export function deviceIn(device: unknown): Identifier[] | undefined {
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
