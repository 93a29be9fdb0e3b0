import type { Device } from '../device';
import { OpenGatewayError } from '../errors';

/**
 * Identifies the subscriber to an authorization server: `tel:` (RFC 3966, a global number without
 * visual separators) or `ipport:` (CAMARA Security and Interoperability Profile, "Format of `login_hint`").
 * @throws {OpenGatewayError} `UNSUPPORTED_DEVICE` for an identifier without a login hint
 */
export function loginHint(device: Device): string {
	if ('phoneNumber' in device) return `tel:${device.phoneNumber}`;
	if ('ipv6Address' in device) return `ipport:[${device.ipv6Address}]`;
	if ('ipv4Address' in device) {
		const { publicAddress, publicPort } = device.ipv4Address;
		return `ipport:${publicAddress}${publicPort === undefined ? '' : `:${publicPort}`}`;
	}
	throw new OpenGatewayError(
		'The backend flow (CIBA) does not support a network access identifier.',
		{
			remedy: "Select Phone Number, IPv4 Address or IPv6 Address in 'Identify Device By'.",
			code: 'UNSUPPORTED_DEVICE',
		},
	);
}
