import type { Device } from './index';
import { OpenGatewayError } from '../errors';
import type { Ipv4Address, Ipv6Address, Port } from './ipAddress';
import type { NetworkAccessIdentifier } from './networkAccessIdentifier';
import type { PhoneNumber } from './phoneNumber';

/** The parts of a device's identifier. */
interface Parts {
	readonly phoneNumber: PhoneNumber;
	readonly networkAccessIdentifier: NetworkAccessIdentifier;
	readonly ipv6Address: Ipv6Address;
	readonly publicAddress: Ipv4Address;
	readonly publicPort: Port;
	readonly privateAddress: Ipv4Address;
}

/** The parts by the names of their fields in the form, in the order in which they are carried. */
const FIELDS: Readonly<Record<keyof Parts, string>> = {
	phoneNumber: 'Phone Number',
	publicAddress: 'IPv4 Address',
	publicPort: 'Port',
	privateAddress: 'Private Address',
	ipv6Address: 'IPv6 Address',
	networkAccessIdentifier: 'Network Access Identifier',
};

/** How a request or a login hint carries each part; it cannot carry a part that is absent here. */
export type Carrier<Carried> = {
	readonly [Part in keyof Parts]?: (value: Parts[Part]) => Carried;
};

/**
 * All parts of a device's identifier as a request or a login hint carries them. Without one of them,
 * the operator would be asked about every device that shares the others.
 * @param name of the carrier, for errors
 * @throws {OpenGatewayError} `UNSUPPORTED_DEVICE` if a part cannot be carried
 */
export function carriedParts<Carried>(
	device: Device,
	carrier: Carrier<Carried>,
	name: string,
): Carried[] {
	return partsOf(device).map(([part, value]) => {
		const carry = carrier[part] as ((value: unknown) => Carried) | undefined;
		if (carry) return carry(value);
		throw new OpenGatewayError(`${name} does not support '${FIELDS[part]}'.`, {
			remedy: remedyFor(part, carrier),
			code: 'UNSUPPORTED_DEVICE',
		});
	});
}

/** Whether all parts of a device's identifier can be carried. */
export function canCarry(device: Device, carrier: Carrier<unknown>): boolean {
	return partsOf(device).every(([part]) => carrier[part]);
}

function partsOf(device: Device): [part: keyof Parts, value: unknown][] {
	const parts: Partial<Parts> = 'ipv4Address' in device ? device.ipv4Address : device;
	return (Object.keys(FIELDS) as (keyof Parts)[])
		.filter((part) => parts[part] !== undefined)
		.map((part) => [part, parts[part]]);
}

function remedyFor(part: keyof Parts, carrier: Carrier<unknown>): string {
	const isBesideAddress = part === 'publicPort' || part === 'privateAddress';
	if (isBesideAddress && carrier.publicAddress) {
		const instead = carrier.publicPort ? ", and fill in 'Port' instead" : '';
		return `Leave '${FIELDS[part]}' empty${instead}, or select another 'Identify Device By'.`;
	}
	const kinds = (
		['phoneNumber', 'publicAddress', 'ipv6Address', 'networkAccessIdentifier'] as const
	)
		.filter((kind) => carrier[kind])
		.map((kind) => FIELDS[kind]);
	const list = kinds.join(', ').replace(/, ([^,]*)$/, ' or $1');
	return `Select ${list} in 'Identify Device By'.`;
}
