import { camara } from '../../nodes/OpenGateway/operators/camara';
import { nokia } from '../../nodes/OpenGateway/operators/nokia';
import { withChoice } from '../../nodes/OpenGateway/operators';
import { ipv4, phone } from '../support/identifiers';
import { refusal, refusedWith } from '../support/refusal';

const BASE_URL = nokia.defaultBaseUrl ?? '';
const { roamingStatus } = nokia.apis;

test.each([
	['nokia', 'https://network-as-code.p-eu.apihub.nokia.io'],
	['rapidApi', 'https://network-as-code.p-eu.rapidapi.com'],
])('a request through the hub %s names the device, and to the hub the API', (hub, baseUrl) => {
	const { apis, defaultBaseUrl = '' } = withChoice(nokia, hub);
	expect(apis.roamingStatus?.request(defaultBaseUrl, phone, 'application')).toStrictEqual({
		url: `${baseUrl}/device-status/device-roaming-status/v1/retrieve`,
		headers: { 'x-rapidapi-host': 'network-as-code.nokia.rapidapi.com' },
		json: { device: { phoneNumber: '+34600000001' } },
	});
});

test('a request with no device or an IPv4 address alone is refused', () => {
	for (const unidentified of [ipv4, undefined]) {
		expect(refusal(() => roamingStatus?.request(BASE_URL, unidentified, 'application'))).toEqual(
			refusedWith('UNSUPPORTED_DEVICE'),
		);
	}
});

test('there is no authorization server, and no scope', () => {
	expect(nokia.endpoints).toBeUndefined();
	expect(roamingStatus?.scope('Marketing', true)).toBe('');
});

test('the error texts are those of CAMARA, except those of the key and the subscription', () => {
	const own = { 401: ['UNAUTHENTICATED', 'UNAUTHORIZED'], 403: ['PERMISSION_DENIED', 'FORBIDDEN'] };
	for (const [status, codes] of Object.entries(own)) {
		for (const code of [`HTTP_${status}`, ...codes]) {
			expect(nokia.errors[code]?.remedy).toContain('API Hub');
			expect(nokia.errors[code]).not.toEqual(camara.errors[code]);
		}
	}
	expect(Object.keys(nokia.errors)).toEqual(Object.keys(camara.errors));
});
