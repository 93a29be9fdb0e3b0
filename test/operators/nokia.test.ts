import { camara } from '../../nodes/OpenGateway/operators/camara';
import { nokia } from '../../nodes/OpenGateway/operators/nokia';
import { withChoice } from '../../nodes/OpenGateway/operators';
import { ipv4, phone } from '../support/identifiers';
import { refusal, refusedWith } from '../support/refusal';
import { responseOf } from '../support/response';

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

const readError = (status: number, json: unknown) => nokia.readError(responseOf({ status, json }));

test.each([
	[401, 'UNAUTHENTICATED', { message: 'Invalid API key.' }],
	[403, 'PERMISSION_DENIED', { message: 'You are not subscribed to this API.' }],
	[429, 'TOO_MANY_REQUESTS', { message: 'You have exceeded the rate limit.' }],
])('a refusal of RapidAPI without a code has that of its status: %i', (status, code, json) => {
	expect(readError(status, json)).toEqual({ code, message: json.message });
	expect(readError(status, undefined)).toEqual({ code, message: undefined });
});

test.each([[400], [404], [500], [502], [503]])('the status %i alone is not an error', (status) => {
	expect(readError(status, { message: 'Bad gateway' })).toBeUndefined();
});

test('the code of a response comes before that of its status', () => {
	const error = { code: 'QUOTA_EXCEEDED', message: 'No' };
	expect(readError(403, { status: 403, ...error })).toEqual(error);
});

test('the error texts are those of CAMARA, except those of the key and the subscription', () => {
	const { UNAUTHENTICATED, PERMISSION_DENIED, ...others } = nokia.errors;
	expect(UNAUTHENTICATED?.nextMove).toBe('you');
	expect(UNAUTHENTICATED?.happened).toContain('API Key');
	expect(PERMISSION_DENIED?.nextMove).toBe('registration');
	expect(PERMISSION_DENIED?.remedy).toContain('RapidAPI');
	expect({ ...camara.errors, ...others }).toEqual(camara.errors);
});
