import type { Device } from '../../nodes/OpenGateway/device';
import { telefonica } from '../../nodes/OpenGateway/operators/telefonica';
import { ipv4, ipv4AndPort, ipv6, nai, phone } from '../support/identifiers';
import { refusal, refusedWith } from '../support/refusal';

const BASE_URL = 'https://api.example.com/apigateway';
const { roamingStatus } = telefonica.apis;

test.each<[what: string, device: Device, json: object]>([
	['phone number', phone, { ueId: { msisdn: '+34600000001' } }],
	['network access identifier', nai, { ueId: { externalId: '1@domain.com' } }],
	['IPv4 address', ipv4, { ueId: { ipv4Addr: '80.90.34.2' } }],
	['IPv4 address and port', ipv4AndPort, { ueId: { ipv4Addr: '80.90.34.2' }, uePort: 16_790 }],
	['IPv6 address', ipv6, { ueId: { ipv6Addr: '2001:db8::1' } }],
])('a request identifies the device by its %s alone', (_what, device, json) => {
	expect(roamingStatus?.request(BASE_URL, device, 'subscriber')).toStrictEqual({
		url: `${BASE_URL}/device-status/v0/roaming`,
		json,
	});
});

test('a request without a device is refused, even with a token of that device', () => {
	expect(refusal(() => roamingStatus?.request(BASE_URL, undefined, 'subscriber'))).toEqual(
		refusedWith('UNSUPPORTED_DEVICE', /Telefónica requires.*Identify the phone by its number/),
	);
});

test('the scope joins the purpose to the API with a #', () => {
	expect(roamingStatus?.scope('FraudPreventionAndDetection', true)).toBe(
		'dpv:FraudPreventionAndDetection#device-status-roaming-read',
	);
});

test('the authorization server is under the same base URL', () => {
	expect(telefonica.endpoints?.(BASE_URL)).toEqual({
		authorization: `${BASE_URL}/authorize`,
		backchannelAuthentication: `${BASE_URL}/bc-authorize`,
		token: `${BASE_URL}/token`,
	});
});
