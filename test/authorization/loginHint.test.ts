import { loginHint } from '../../nodes/OpenGateway/authorization/loginHint';
import {
	parseIpv4Address,
	parseIpv6Address,
	parseNetworkAccessIdentifier,
	parsePhoneNumber,
	parsePort,
	type Device,
} from '../../nodes/OpenGateway/device';
import { refusal, refusedWith } from '../support/refusal';

const publicAddress = parseIpv4Address('80.90.34.2');
const privateAddress = parseIpv4Address('10.0.0.1');

test.each<[hint: string, device: Device]>([
	['tel:+34600000001', { phoneNumber: parsePhoneNumber('+34 600 00 00 01') }],
	['ipport:80.90.34.2', { ipv4Address: { publicAddress } }],
	['ipport:80.90.34.2:16790', { ipv4Address: { publicAddress, publicPort: parsePort(16_790) } }],
	// The profile has no form for a private address.
	['ipport:80.90.34.2', { ipv4Address: { publicAddress, privateAddress } }],
	['ipport:[2001:db8::1]', { ipv6Address: parseIpv6Address('2001:0DB8::1') }],
])('a login hint identifies the subscriber: %s', (hint, device) => {
	expect(loginHint(device)).toBe(hint);
});

test('a network access identifier has no login hint', () => {
	const networkAccessIdentifier = parseNetworkAccessIdentifier('123456789@domain.com');
	expect(refusal(() => loginHint({ networkAccessIdentifier }))).toEqual(
		refusedWith('UNSUPPORTED_DEVICE', /Phone Number, IPv4 Address or IPv6 Address/),
	);
});
