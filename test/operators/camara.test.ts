import type { Device } from '../../nodes/OpenGateway/device';
import { withChoice } from '../../nodes/OpenGateway/operators';
import { camara } from '../../nodes/OpenGateway/operators/camara';
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

const BASE_URL = 'https://api.example.com/camara';
const URL = `${BASE_URL}/device-roaming-status/v1/retrieve`;
const { roamingStatus } = camara.apis;

test.each([
	['v1', '/device-roaming-status/v1/retrieve', 'device-roaming-status:read'],
	['v0.6', '/device-roaming-status/v0.6/retrieve', 'device-roaming-status:read'],
	['v0', '/device-roaming-status/v0/retrieve', 'device-roaming-status:read'],
	['v0.5', '/device-status/v0/roaming', 'device-status:roaming:read'],
])('version %s has its path, its scope and its rule about the device', (version, path, scope) => {
	const { apis, verifiesDevice } = withChoice(camara, version);
	const dialect = apis.roamingStatus!;
	const names = version === 'v0.5';
	expect(dialect.path).toBe(path);
	expect(dialect.scope('Marketing', true)).toBe(`openid dpv:Marketing ${scope}`);
	expect(dialect.request(BASE_URL, phone, 'application')).toStrictEqual({
		url: BASE_URL + path,
		json: { device: phone },
	});
	expect(dialect.request(BASE_URL, phone, 'subscriber').json).toEqual(
		names ? { device: phone } : {},
	);
	expect(verifiesDevice).toBe(names);
	if (names) {
		expect(refusal(() => dialect.request(BASE_URL, undefined, 'subscriber'))).toEqual(
			refusedWith('UNSUPPORTED_DEVICE', /'Identify Device By'/),
		);
	}
});

const devices: [what: string, device: Device][] = [
	['phone number', phone],
	['network access identifier', nai],
	['IPv4 address and port', ipv4AndPort],
	['IPv4 address and private address', ipv4AndPrivate],
	['IPv4 address with both', ipv4AndBoth],
	['IPv6 address', ipv6],
];

test.each(devices)('a request with a 2-legged token names the device: %s', (_what, device) => {
	expect(roamingStatus?.request(BASE_URL, device, 'application')).toStrictEqual({
		url: URL,
		json: { device },
	});
});

test('a device is written as the document has it', () => {
	expect(roamingStatus?.request(BASE_URL, ipv4AndPort, 'application').json).toEqual({
		device: { ipv4Address: { publicAddress: '80.90.34.2', publicPort: 16_790 } },
	});
});

test.each([...devices, ['none', undefined] as const])(
	'a request with a 3-legged token names no device, even if one is known: %s',
	(_what, device) => {
		const request = roamingStatus?.request(BASE_URL, device, 'subscriber');
		expect(request).toStrictEqual({ url: URL, json: {} });
	},
);

test.each<[device: string, remedy: RegExp, device: Device | undefined]>([
	['an IPv4 address alone', /'Port' or 'Private Address'/, ipv4],
	['no device', /'Identify Device By'/, undefined],
])('a request with a 2-legged token and %s is refused', (_what, remedy, device) => {
	expect(refusal(() => roamingStatus?.request(BASE_URL, device, 'application'))).toEqual(
		refusedWith('UNSUPPORTED_DEVICE', remedy),
	);
});

test('the scope has purpose and API side by side, and openid for a flow of OpenID Connect', () => {
	expect(roamingStatus?.scope('Marketing', true)).toBe(
		'openid dpv:Marketing device-roaming-status:read',
	);
	expect(roamingStatus?.scope('Marketing', false)).toBe('dpv:Marketing device-roaming-status:read');
});

test('every operator has addresses of its own', () => {
	expect(camara.defaultBaseUrl).toBeUndefined();
	expect(camara.endpoints).toBeUndefined();
});
