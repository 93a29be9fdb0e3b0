import { loginHint } from '../../nodes/OpenGateway/authorization/loginHint';
import type { Device } from '../../nodes/OpenGateway/device';
import { ipv4, ipv4AndPort, ipv4AndPrivate, ipv6, nai, phone } from '../support/identifiers';
import { refusal, refusedWith } from '../support/refusal';

test.each<[hint: string, device: Device]>([
	['tel:+34600000001', phone],
	['ipport:80.90.34.2', ipv4],
	['ipport:80.90.34.2:16790', ipv4AndPort],
	// The profile has no form for a private address.
	['ipport:80.90.34.2', ipv4AndPrivate],
	['ipport:[2001:db8::1]', ipv6],
])('a login hint identifies the subscriber: %s', (hint, device) => {
	expect(loginHint(device)).toBe(hint);
});

test('a network access identifier has no login hint', () => {
	expect(refusal(() => loginHint(nai))).toEqual(
		refusedWith('UNSUPPORTED_DEVICE', /Phone Number, IPv4 Address or IPv6 Address/),
	);
});
