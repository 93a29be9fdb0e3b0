import {
	parseIpv4Address,
	parseIpv6Address,
	parseNetworkAccessIdentifier,
	parsePhoneNumber,
	parsePort,
	type Device,
} from '../../nodes/OpenGateway/device';
import { OpenGatewayError } from '../../nodes/OpenGateway/errors';
import { camara } from '../../nodes/OpenGateway/operators/camara';

const baseUrl = 'https://api.example.com/camara';
const url = 'https://api.example.com/camara/device-roaming-status/v1/retrieve';
const publicAddress = parseIpv4Address('80.90.34.2');
const privateAddress = parseIpv4Address('10.0.0.1');
const publicPort = parsePort(16_790);

const devices: [what: string, device: Device][] = [
	['phone number', { phoneNumber: parsePhoneNumber('+34600000001') }],
	[
		'network access identifier',
		{ networkAccessIdentifier: parseNetworkAccessIdentifier('123456789@domain.com') },
	],
	['IPv4 address and port', { ipv4Address: { publicAddress, publicPort } }],
	['IPv4 address and private address', { ipv4Address: { publicAddress, privateAddress } }],
	['IPv4 address with both', { ipv4Address: { publicAddress, privateAddress, publicPort } }],
	['IPv6 address', { ipv6Address: parseIpv6Address('2001:DB8::1') }],
];

test.each(devices)('a 2-legged token goes with the device: %s', (_what, device) => {
	expect(camara.roamingRequest(baseUrl, device, 'application')).toStrictEqual({
		url,
		body: { device },
	});
});

test('a device is written as the document has it', () => {
	const device: Device = { ipv4Address: { publicAddress, publicPort } };
	expect(camara.roamingRequest(baseUrl, device, 'application').body).toEqual({
		device: { ipv4Address: { publicAddress: '80.90.34.2', publicPort: 16_790 } },
	});
});

test.each([...devices, ['none', undefined] as const])(
	'a 3-legged token never goes with a device, though one is known: %s',
	(_what, device) => {
		expect(camara.roamingRequest(baseUrl, device, 'line')).toStrictEqual({ url, body: {} });
	},
);

function refusal(device: Device | undefined) {
	try {
		camara.roamingRequest(baseUrl, device, 'application');
	} catch (error) {
		if (error instanceof OpenGatewayError) return { ...error.context, happened: error.message };
		throw error;
	}
	return undefined;
}

test('an IPv4 address alone is refused, and what to add is named', () => {
	expect(refusal({ ipv4Address: { publicAddress } })).toMatchObject({
		code: 'UNSUPPORTED_DEVICE',
		happened: expect.stringMatching(/IPv4 address alone/),
		remedy: expect.stringMatching(/Port.*Private Address/),
	});
});

test('a 2-legged token without a device is refused', () => {
	expect(refusal(undefined)).toMatchObject({
		code: 'UNSUPPORTED_DEVICE',
		happened: expect.stringMatching(/which device is meant/),
		remedy: expect.stringMatching(/phone number/),
	});
});

test('purpose and scope stand side by side, with openid where the flow is one of OpenID', () => {
	expect(camara.roamingScope('Marketing', true)).toBe(
		'openid dpv:Marketing device-roaming-status:read',
	);
	expect(camara.roamingScope('Marketing', false)).toBe('dpv:Marketing device-roaming-status:read');
});

test('every operator has addresses of its own', () => {
	expect(camara.defaultBaseUrl).toBeUndefined();
	expect(camara.endpoints).toBeUndefined();
});

test('every documented error code has a meaning and a remedy, in whole sentences', () => {
	expect(Object.keys(camara.errors)).toEqual(
		expect.arrayContaining([
			'IDENTIFIER_NOT_FOUND',
			'INVALID_ARGUMENT',
			'MISSING_IDENTIFIER',
			'NOT_FOUND',
			'PERMISSION_DENIED',
			'QUOTA_EXCEEDED',
			'SERVICE_NOT_APPLICABLE',
			'TOO_MANY_REQUESTS',
			'UNAUTHENTICATED',
			'UNAVAILABLE',
			'UNNECESSARY_IDENTIFIER',
			'UNSUPPORTED_IDENTIFIER',
		]),
	);
	for (const { happened, remedy } of Object.values(camara.errors)) {
		expect(happened).toMatch(/^[A-Z].*\.$/);
		expect(remedy).toMatch(/^[A-Z].*\.$/);
	}
});

test('its error body is read', () => {
	const json = { status: 404, code: 'IDENTIFIER_NOT_FOUND', message: 'No line' };
	expect(camara.readError({ status: 404, json, correlator: '' })).toEqual({
		code: 'IDENTIFIER_NOT_FOUND',
		message: 'No line',
	});
	expect(camara.readError({ status: 404, json: { status: 404 }, correlator: '' })).toBeUndefined();
});
