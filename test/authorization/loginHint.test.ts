import { hasLoginHint, loginHint } from '../../nodes/OpenGateway/authorization/loginHint';
import type { Device } from '../../nodes/OpenGateway/device';
import {
	ipv4,
	ipv4AndBoth,
	ipv4AndPort,
	ipv4AndPrivate,
	ipv6,
	nai,
	phone,
} from '../support/identifiers';
import { refusal, refusedWith } from '../support/refusal';

test.each<[hint: string, device: Device]>([
	['tel:+34600000001', phone],
	['ipport:80.90.34.2', ipv4],
	['ipport:80.90.34.2:16790', ipv4AndPort],
	['ipport:[2001:db8::1]', ipv6],
])('a login hint identifies the subscriber: %s', (hint, device) => {
	expect(loginHint(device)).toBe(hint);
	expect(hasLoginHint(device)).toBe(true);
});

test.each<[what: string, remedy: RegExp, device: Device]>([
	['network access identifier', /Phone Number, IPv4 Address or IPv6 Address/, nai],
	// The profile has no form for a private address, which tells devices behind one address apart.
	['private address', /'Private Address'.*'Port' instead/, ipv4AndPrivate],
	['private address beside a port', /'Private Address'/, ipv4AndBoth],
])('a %s has no login hint', (_what, remedy, device) => {
	expect(hasLoginHint(device)).toBe(false);
	expect(refusal(() => loginHint(device))).toEqual(refusedWith('UNSUPPORTED_DEVICE', remedy));
});
