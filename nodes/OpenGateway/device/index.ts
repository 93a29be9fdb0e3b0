import { maskedIdentifier } from '../words';
import type { Ipv4Address, Ipv6Address, Port } from './ipAddress';
import type { NetworkAccessIdentifier } from './networkAccessIdentifier';
import type { PhoneNumber } from './phoneNumber';

export { canCarry, carriedParts, type Carrier } from './carriedParts';
export { ipv4AddressIn, parseIpv4Address, parseIpv6Address, parsePort } from './ipAddress';
export { parseNetworkAccessIdentifier } from './networkAccessIdentifier';
export { parsePhoneNumber } from './phoneNumber';

/**
 * A device with one identifier, in the shape of CAMARA's `Device`. Only the parsers beside it make
 * one, so it need not be checked again.
 */
export type Device =
	| { readonly phoneNumber: PhoneNumber }
	| { readonly networkAccessIdentifier: NetworkAccessIdentifier }
	| {
			readonly ipv4Address: {
				readonly publicAddress: Ipv4Address;
				readonly privateAddress?: Ipv4Address;
				readonly publicPort?: Port;
			};
	  }
	| { readonly ipv6Address: Ipv6Address };

/** The device as an error may name it: recognisable to the sender, useless to others. */
export function maskedDevice(device: Device): string {
	if ('ipv4Address' in device) return maskedIdentifier(device.ipv4Address.publicAddress);
	const [identifier = ''] = Object.values<string>(device);
	return maskedIdentifier(identifier);
}

/** Whether the identifier is an address, which passes from one subscriber to another. */
export function isAddress(device: Device): boolean {
	return 'ipv4Address' in device || 'ipv6Address' in device;
}

/** The device as an error calls it; `undefined` stands for the phone that only the operator knows. */
export function deviceInWords(device: Device | undefined): string {
	return device ? maskedDevice(device) : 'the signed-in phone';
}
