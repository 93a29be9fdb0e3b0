import { invalidDevice, textOf, type Parsed } from './field';

/** Dotted quad without a mask. */
export type Ipv4Address = Parsed<'Ipv4Address'>;
/** In the form of RFC 5952, without a mask or zone. */
export type Ipv6Address = Parsed<'Ipv6Address'>;
declare const port: unique symbol;
/** TCP or UDP port, 1 to 65535. */
export type Port = number & { readonly [port]: true };

const IPV4_REMEDIES = {
	'IPv4 Address':
		"Write the public address that your server sees, like 80.90.34.2, without a mask. A port goes into 'Port'.",
	'Private Address':
		'Write the address in the operator’s network, like 10.0.0.1, without a mask, or leave it empty.',
};

/**
 * Servers show it as an IPv4-mapped IPv6 address, too: `::ffff:80.90.34.2`.
 * @param name of the field, as the form shows it
 * @throws {OpenGatewayError} `INVALID_DEVICE`
 */
export function parseIpv4Address(
	input: unknown,
	name: keyof typeof IPV4_REMEDIES = 'IPv4 Address',
): Ipv4Address {
	const remedy = IPV4_REMEDIES[name];
	const written = textOf(input, name, remedy);
	const mapped = written.includes(':') ? ipv4AddressIn(canonical(written)) : undefined;
	if (mapped !== undefined) return mapped;
	const octets = written.split('.');
	if (
		octets.length !== 4 ||
		!octets.every((octet) => /^(0|[1-9]\d{0,2})$/.test(octet) && Number(octet) <= 255)
	) {
		throw invalidDevice(`'${name}' is not four numbers from 0 to 255 with dots.`, remedy);
	}
	return written as Ipv4Address;
}

/**
 * @returns `undefined` if no port is given: the field is empty, or 0, its default
 * @throws {OpenGatewayError} `INVALID_DEVICE`
 */
export function parsePort(input: unknown): Port | undefined {
	const written = typeof input === 'string' ? input.trim() : input;
	const port = typeof written === 'string' && /^\d{0,5}$/.test(written) ? Number(written) : written;
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
	const address = canonical(textOf(input, 'IPv6 Address', IPV6_REMEDY));
	if (address) return address;
	throw invalidDevice("'IPv6 Address' is not a valid address.", IPV6_REMEDY);
}

/** `undefined` if it is not an IPv6 address. */
function canonical(written: string): Ipv6Address | undefined {
	// The host of a URL accepts exactly the IPv6 addresses, and is written in the form of RFC 5952.
	if (!/^[\da-f:.]{2,45}$/i.test(written) || !URL.canParse(`http://[${written}]`)) return undefined;
	return new URL(`http://[${written}]`).hostname.slice(1, -1) as Ipv6Address;
}

/** The IPv4 address of a device that an IPv4-mapped IPv6 address names (RFC 4291 section 2.5.5.2). */
export function ipv4AddressIn(address: Ipv6Address | undefined): Ipv4Address | undefined {
	const [, ...groups] = /^::ffff:([\da-f]{1,4}):([\da-f]{1,4})$/.exec(address ?? '') ?? [];
	if (groups.length === 0) return undefined;
	const octets = groups
		.map((group) => parseInt(group, 16))
		.flatMap((pair) => [pair >> 8, pair & 255]);
	return octets.join('.') as Ipv4Address;
}
