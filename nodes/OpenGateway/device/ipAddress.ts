import { invalidDevice, textOf, type Parsed } from './field';

/** Dotted quad without a mask. */
export type Ipv4Address = Parsed<'Ipv4Address'>;
/** In the form of RFC 5952, without a mask or zone. */
export type Ipv6Address = Parsed<'Ipv6Address'>;
declare const port: unique symbol;
/** TCP or UDP port, 1 to 65535. */
export type Port = number & { readonly [port]: true };

const IPV4_REMEDY =
	"Write the public address that your server sees, like 80.90.34.2, without a mask. A port goes into 'Port'.";

/** @throws {OpenGatewayError} `INVALID_DEVICE` */
export function parseIpv4Address(input: unknown): Ipv4Address {
	const written = textOf(input, 'IPv4 Address', IPV4_REMEDY);
	const octets = written.split('.');
	if (
		octets.length !== 4 ||
		!octets.every((octet) => /^(0|[1-9]\d{0,2})$/.test(octet) && Number(octet) <= 255)
	) {
		throw invalidDevice("'IPv4 Address' is not four numbers from 0 to 255 with dots.", IPV4_REMEDY);
	}
	return written as Ipv4Address;
}

/**
 * @returns `undefined` if no port is given: the field is empty, or 0, its default
 * @throws {OpenGatewayError} `INVALID_DEVICE`
 */
export function parsePort(input: unknown): Port | undefined {
	const port = typeof input === 'string' && /^\s*\d{0,5}\s*$/.test(input) ? Number(input) : input;
	if (port === undefined || port === null || port === 0) return undefined;
	if (typeof port !== 'number' || !Number.isInteger(port) || port < 1 || port > 65_535) {
		throw invalidDevice(
			"'Port' is not a whole number from 1 to 65535.",
			'Leave it at 0 if you do not know it.',
		);
	}
	return port as Port;
}

const IPV6_REMEDY =
	'Write one address of the device, like 2001:db8::1, without a mask, a zone, brackets or a port.';

/** @throws {OpenGatewayError} `INVALID_DEVICE` */
export function parseIpv6Address(input: unknown): Ipv6Address {
	const written = textOf(input, 'IPv6 Address', IPV6_REMEDY);
	// The host of a URL accepts exactly the IPv6 addresses, and is written in the form of RFC 5952.
	if (!/^[\da-f:.]{2,45}$/i.test(written) || !URL.canParse(`http://[${written}]`)) {
		throw invalidDevice("'IPv6 Address' is not a valid address.", IPV6_REMEDY);
	}
	return new URL(`http://[${written}]`).hostname.slice(1, -1) as Ipv6Address;
}
