import type { Device } from '../device';
import { OpenGatewayError } from '../errors';

/**
 * Names the device's line to an authorization server: `tel:` (RFC 3966, a global number without
 * visual separators) or `ipport:` (CAMARA Security and Interoperability Profile, "login_hint").
 * @throws {OpenGatewayError} `UNSUPPORTED_DEVICE` for an identifier that no login hint exists for.
 */
export function loginHint(device: Device): string {
	if ('phoneNumber' in device) return `tel:${device.phoneNumber}`;
	if ('ipv6Address' in device) return `ipport:[${device.ipv6Address}]`;
	if ('ipv4Address' in device) {
		const { publicAddress, publicPort } = device.ipv4Address;
		return `ipport:${publicAddress}${publicPort === undefined ? '' : `:${publicPort}`}`;
	}
	throw new OpenGatewayError(
		'A network access identifier cannot be used with the backend flow (CIBA).',
		{
			remedy: 'Identify the device by its phone number, IPv4 address or IPv6 address.',
			code: 'UNSUPPORTED_DEVICE',
		},
	);
}
