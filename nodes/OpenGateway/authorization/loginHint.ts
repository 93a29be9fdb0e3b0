import { canCarry, carriedParts, type Carrier, type Device } from '../device';

/**
 * `tel:` (RFC 3966, a global number without visual separators) and `ipport:` (CAMARA Security and
 * Interoperability Profile, "Format of `login_hint`").
 */
const LOGIN_HINT: Carrier<string> = {
	phoneNumber: (phoneNumber) => `tel:${phoneNumber}`,
	publicAddress: (address) => `ipport:${address}`,
	publicPort: (port) => `:${port}`,
	ipv6Address: (address) => `ipport:[${address}]`,
};

/**
 * Identifies the subscriber to an authorization server.
 * @throws {OpenGatewayError} `UNSUPPORTED_DEVICE` for an identifier that a login hint cannot carry
 */
export function loginHint(device: Device): string {
	return carriedParts(device, LOGIN_HINT, 'The grant type').join('');
}

export function hasLoginHint(device: Device): boolean {
	return canCarry(device, LOGIN_HINT);
}
