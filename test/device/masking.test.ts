import {
	deviceInWords,
	maskedDevice,
	parseIpv4Address,
	parseIpv6Address,
	parseNetworkAccessIdentifier,
	parsePhoneNumber,
	parsePort,
	type Device,
} from '../../nodes/OpenGateway/device';

const phone = (number: string): Device => ({ phoneNumber: parsePhoneNumber(number) });
const publicAddress = parseIpv4Address('80.90.34.2');

test.each<[hidden: string, device: Device, masked: string]>([
	['600000001', phone('+34600000001'), '+346•••••001'],
	['12345', phone('+12345'), '+1•345'],
	['456789012', phone('+123456789012345'), '+123•••••••••345'],
	[
		'123456789',
		{ networkAccessIdentifier: parseNetworkAccessIdentifier('123456789@domain.com') },
		'•••@domain.com',
	],
	['34.2', { ipv4Address: { publicAddress } }, '80.90.•.•'],
	['16790', { ipv4Address: { publicAddress, publicPort: parsePort(16790) } }, '80.90.•.•'],
	['7344', { ipv6Address: parseIpv6Address('2001:db8:85a3::7344') }, '2001:db8:•'],
	['::1', { ipv6Address: parseIpv6Address('::1') }, '::•'],
])('a masked device can be recognised, but does not show %s', (hidden, device, masked) => {
	expect(maskedDevice(device)).toBe(masked);
	expect(masked).not.toContain(hidden);
	expect(deviceInWords(device)).toContain(masked);
});

test('a device that nobody named is called the signed-in phone', () => {
	expect(deviceInWords(undefined)).toBe('the signed-in phone');
});
