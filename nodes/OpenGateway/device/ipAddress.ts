import { invalidDevice, textOf, type Parsed } from './field';

/** Dotted quad without a mask. */
export type Ipv4Address = Parsed<'Ipv4Address'>;
/** RFC 5952, without a mask or zone. */
export type Ipv6Address = Parsed<'Ipv6Address'>;
declare const port: unique symbol;
/** TCP or UDP port, 1 to 65535. */
export type Port = number & { readonly [port]: true };

const IPV4_REMEDY =
	'Write the public address that your server sees, like 80.90.34.2, without a mask; a port goes into the field Port.';

/** @throws {OpenGatewayError} `INVALID_DEVICE` */
export function parseIpv4Address(input: unknown): Ipv4Address {
	const written = textOf(input, 'IPv4 address', IPV4_REMEDY);
	const octets = written.split('.');
	if (
		octets.length !== 4 ||
		!octets.every((octet) => /^(0|[1-9]\d{0,2})$/.test(octet) && Number(octet) <= 255)
	) {
		throw invalidDevice(
			'The IPv4 address is not four numbers from 0 to 255 with dots.',
			IPV4_REMEDY,
		);
	}
	return written as Ipv4Address;
}

/**
 * @returns `undefined` where no port is given: empty, or 0, as the field stands when left alone.
 * @throws {OpenGatewayError} `INVALID_DEVICE`
 */
export function parsePort(input: unknown): Port | undefined {
	const port = typeof input === 'string' && /^\s*\d{0,5}\s*$/.test(input) ? Number(input) : input;
	if (port === undefined || port === null || port === 0) return undefined;
	if (typeof port !== 'number' || !Number.isInteger(port) || port < 1 || port > 65_535) {
		throw invalidDevice(
			'The port is not a whole number from 1 to 65535.',
			'Leave it at 0 if it is not known.',
		);
	}
	return port as Port;
}

const IPV6_REMEDY =
	'Write one address of the device, like 2001:db8::1, without a mask, a zone, brackets or a port.';

/** @throws {OpenGatewayError} `INVALID_DEVICE` */
export function parseIpv6Address(input: unknown): Ipv6Address {
	const written = textOf(input, 'IPv6 address', IPV6_REMEDY);
	// The host part of a URL accepts exactly the IPv6 addresses, and writes them as RFC 5952 does.
	if (!/^[\da-f:.]{2,45}$/i.test(written) || !URL.canParse(`http://[${written}]`)) {
		throw invalidDevice('The IPv6 address is not one.', IPV6_REMEDY);
	}
	return new URL(`http://[${written}]`).hostname.slice(1, -1) as Ipv6Address;
}
