import { deviceIn, subjectOf, type Version } from '../operators/camara';
import { type Access, Invalid, members, Refusal } from '../operators/operation';
import { type EventName, eventNames, TYPE_PREFIX } from './version';

/** A request to create a subscription. */
export interface SubscriptionRequest {
	readonly sink: string;
	/** The token that events are delivered with. */
	readonly credential?: { readonly accessToken: string; readonly expiresAt: number };
	readonly event: EventName;
	readonly identity: string;
	/** The identifier by which the request names the device; absent if the token tells the device. */
	readonly device?: Readonly<Record<string, unknown>>;
	/** As the request has it, but with the device's chosen identifier alone. */
	readonly config: object;
	/** In milliseconds since 1970, as are all times here. */
	readonly expiresAt?: number;
	readonly maxEvents: number;
	readonly initialEvent: boolean;
}

/** Only these may stay on the loopback without TLS, because nobody else can read what they are sent. */
const LOOPBACK_SINK = /^http:\/\/(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d{1,5})?(\/|$)/i;

/**
 * Reads a request.
 *
 * @param version its rules about the device
 * @throws {Invalid} if it breaks the document; {Refusal} with the code of what an operator does not offer
 */
export function subscriptionRequest(
	body: unknown,
	access: Access,
	version: Version,
): SubscriptionRequest {
	const { protocol, sink, sinkCredential, types, config } = members(body, 'The body', [
		...['protocol', 'sink', 'sinkCredential', 'types', 'config'],
	]);
	if (text(protocol, 'protocol') !== 'HTTP') {
		throw new Refusal(400, 'INVALID_PROTOCOL', 'Only HTTP is supported');
	}
	const address = text(sink, 'sink');
	if (!URL.canParse(address) || !(address.startsWith('https://') || LOOPBACK_SINK.test(address))) {
		throw new Refusal(400, 'INVALID_SINK', 'sink must be an https URL');
	}
	const credential = credentialIn(sinkCredential);
	const event = eventIn(types);
	const own = members(config, 'config', [
		...['subscriptionDetail', 'subscriptionExpireTime', 'subscriptionMaxEvents', 'initialEvent'],
	]);
	const { subscriptionExpireTime, subscriptionMaxEvents = Infinity, initialEvent = false } = own;
	const expiresAt =
		subscriptionExpireTime === undefined
			? undefined
			: time(subscriptionExpireTime, 'subscriptionExpireTime');
	if (
		subscriptionMaxEvents !== Infinity &&
		!(Number.isInteger(subscriptionMaxEvents) && Number(subscriptionMaxEvents) >= 1)
	) {
		throw new Invalid('subscriptionMaxEvents must be a whole number from 1');
	}
	if (typeof initialEvent !== 'boolean') throw new Invalid('initialEvent must be true or false');
	const detail = members(own.subscriptionDetail, 'subscriptionDetail', ['device']);
	const { identity, identifier } = subjectOf(deviceIn(detail.device), access, version);
	if (expiresAt !== undefined && expiresAt <= Date.now()) {
		throw new Refusal(400, 'OUT_OF_RANGE', 'subscriptionExpireTime has passed');
	}
	return {
		sink: address,
		credential,
		event,
		identity,
		device: identifier,
		config: { ...own, subscriptionDetail: identifier ? { device: identifier } : {} },
		expiresAt,
		maxEvents: Number(subscriptionMaxEvents),
		initialEvent,
	};
}

function credentialIn(sent: unknown): SubscriptionRequest['credential'] {
	if (sent === undefined) return undefined;
	const { credentialType, accessToken, accessTokenExpiresUtc, accessTokenType } = members(
		sent,
		'sinkCredential',
		// The rest is of other types.
		[
			...['credentialType', 'accessToken', 'accessTokenExpiresUtc', 'accessTokenType'],
			...['identifier', 'secret', 'refreshToken', 'refreshTokenEndpoint'],
		],
	);
	if (
		text(credentialType, 'credentialType') !== 'ACCESSTOKEN' ||
		Object.keys(sent as object).length > 4
	) {
		throw new Refusal(400, 'INVALID_CREDENTIAL', 'Only an access token is supported');
	}
	if (text(accessTokenType, 'accessTokenType') !== 'bearer') {
		throw new Refusal(400, 'INVALID_TOKEN', 'Only a bearer token is supported');
	}
	const expiresAt = time(accessTokenExpiresUtc, 'accessTokenExpiresUtc');
	if (expiresAt <= Date.now()) throw new Refusal(400, 'INVALID_TOKEN', 'The token has expired');
	return { accessToken: text(accessToken, 'accessToken'), expiresAt };
}

function eventIn(types: unknown): EventName {
	if (!Array.isArray(types) || types.length === 0) {
		throw new Invalid('types must be a list of one event type');
	}
	const events = types.map((type) => eventNames.find((name) => type === TYPE_PREFIX + name));
	const [event] = events;
	if (event === undefined || events.includes(undefined)) {
		throw new Invalid('types has an unknown event type');
	}
	if (events.length > 1) {
		throw new Refusal(
			422,
			'MULTIEVENT_SUBSCRIPTION_NOT_SUPPORTED',
			'A subscription is for one event type',
		);
	}
	return event;
}

function text(value: unknown, name: string): string {
	if (typeof value !== 'string' || value === '') throw new Invalid(`${name} must be a string`);
	return value;
}

/** RFC 3339 section 5.6, with its time zone. */
function time(value: unknown, name: string): number {
	const written = text(value, name);
	const isTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(written);
	const read = isTime ? Date.parse(written) : NaN;
	if (Number.isNaN(read)) throw new Invalid(`${name} must be a time with its zone (RFC 3339)`);
	return read;
}
