import {
	parseIpv4Address,
	parseIpv6Address,
	parseNetworkAccessIdentifier,
	parsePhoneNumber,
	parsePort,
	type Device,
} from '../../nodes/OpenGateway/device';
import { telefonica } from '../../nodes/OpenGateway/operators/telefonica';

const baseUrl = 'https://api.example.com/apigateway';
const publicAddress = parseIpv4Address('80.90.34.2');

test.each<[what: string, device: Device, body: object]>([
	[
		'phone number',
		{ phoneNumber: parsePhoneNumber('+34600000001') },
		{ ueId: { msisdn: '+34600000001' } },
	],
	[
		'network access identifier',
		{ networkAccessIdentifier: parseNetworkAccessIdentifier('123456789@domain.com') },
		{ ueId: { externalId: '123456789@domain.com' } },
	],
	['IPv4 address', { ipv4Address: { publicAddress } }, { ueId: { ipv4Addr: '80.90.34.2' } }],
	[
		'IPv4 address and port',
		{ ipv4Address: { publicAddress, publicPort: parsePort(16_790) } },
		{ ueId: { ipv4Addr: '80.90.34.2' }, uePort: 16_790 },
	],
	[
		'IPv6 address',
		{ ipv6Address: parseIpv6Address('2001:DB8::1') },
		{ ueId: { ipv6Addr: '2001:db8::1' } },
	],
])('asks by %s with no other property', (_what, device, body) => {
	expect(telefonica.roamingRequest(baseUrl, device, 'line')).toStrictEqual({
		url: 'https://api.example.com/apigateway/device-status/v0/roaming',
		body,
	});
});

test('has to be told which line is meant, even with a token for that line', () => {
	expect(() => telefonica.roamingRequest(baseUrl, undefined, 'line')).toThrow(
		expect.objectContaining({
			message: expect.stringMatching(/which line is meant/),
			context: { code: 'UNSUPPORTED_DEVICE', remedy: expect.stringMatching(/phone number/) },
		}),
	);
});

test('joins the purpose to the scope with a #', () => {
	expect(telefonica.roamingScope('FraudPreventionAndDetection', true)).toBe(
		'dpv:FraudPreventionAndDetection#device-status-roaming-read',
	);
});

test('has its authorization server under the same base URL', () => {
	expect(telefonica.endpoints?.(baseUrl)).toEqual({
		authorization: `${baseUrl}/authorize`,
		backchannelAuthentication: `${baseUrl}/bc-authorize`,
		token: `${baseUrl}/token`,
	});
});

test('gives every documented error code a meaning and a remedy, in whole sentences', () => {
	expect(Object.keys(telefonica.errors).sort()).toEqual([
		'FORBIDDEN',
		'INTERNAL_SERVER_ERROR',
		'INVALID_INPUT',
		'NOT_FOUND',
		'SERVICE_UNAVAILABLE',
		'UNAUTHORIZED',
	]);
	for (const { happened, remedy } of Object.values(telefonica.errors)) {
		expect(happened).toMatch(/^[A-Z].*\{line\}.*\.$/);
		expect(remedy).toMatch(/^[A-Z].*\.$/);
	}
});

const readError = (json: unknown) =>
	telefonica.readError({ status: 400, json, correlator: 'made-up-correlator' });

test('reads its error body', () => {
	expect(readError({ code: 'NOT_FOUND', message: 'No line' })).toEqual({
		code: 'NOT_FOUND',
		message: 'No line',
	});
	expect(readError({ code: 'NOT_FOUND' })).toEqual({ code: 'NOT_FOUND', message: undefined });
});

test.each([[undefined], [null], ['NOT_FOUND'], [['NOT_FOUND']], [{}], [{ code: 404 }]])(
	'reads no error body from %j',
	(json) => {
		expect(readError(json)).toBeUndefined();
	},
);
