import { parseIpv4Address, parsePhoneNumber, type Device } from '../../nodes/OpenGateway/device';
import { camara } from '../../nodes/OpenGateway/operators/camara';
import { nokia } from '../../nodes/OpenGateway/operators/nokia';

const baseUrl = nokia.defaultBaseUrl ?? '';
const device: Device = { phoneNumber: parsePhoneNumber('+99999991000') };

test.each(['application', 'line'] as const)(
	'the device is always named, and RapidAPI told which API is meant: %s',
	(subject) => {
		expect(nokia.roamingRequest(baseUrl, device, subject)).toStrictEqual({
			url: 'https://network-as-code.p-eu.rapidapi.com/device-status/device-roaming-status/v1/retrieve',
			headers: { 'x-rapidapi-host': 'network-as-code.nokia.rapidapi.com' },
			body: { device: { phoneNumber: '+99999991000' } },
		});
	},
);

test('an IPv4 address alone is refused, as at any operator of CAMARA', () => {
	const publicAddress = parseIpv4Address('80.90.34.2');
	for (const unnamed of [{ ipv4Address: { publicAddress } }, undefined]) {
		expect(() => nokia.roamingRequest(baseUrl, unnamed, 'application')).toThrow(
			expect.objectContaining({
				context: expect.objectContaining({ code: 'UNSUPPORTED_DEVICE' }),
			}),
		);
	}
});

test('there is no authorization server, and no scope', () => {
	expect(nokia.endpoints).toBeUndefined();
	expect(nokia.roamingScope('Marketing', true)).toBe('');
});

const readError = (status: number, json: unknown) =>
	nokia.readError({ status, json, correlator: '' });

test.each([
	[401, 'UNAUTHENTICATED', { message: 'Invalid API key.' }],
	[403, 'PERMISSION_DENIED', { message: 'You are not subscribed to this API.' }],
	[429, 'TOO_MANY_REQUESTS', { message: 'You have exceeded the rate limit.' }],
])('a refusal of RapidAPI has words, and its status for a code: %i', (status, code, json) => {
	expect(readError(status, json)).toEqual({ code, message: json.message });
	expect(readError(status, undefined)).toEqual({ code, message: undefined });
});

test.each([[400], [404], [500], [502], [503]])(
	'without a code of its own, the status %i says nothing',
	(status) => {
		expect(readError(status, { message: 'Bad gateway' })).toBeUndefined();
	},
);

test('a code of its own goes before the status', () => {
	expect(readError(403, { status: 403, code: 'QUOTA_EXCEEDED', message: 'No' })).toEqual({
		code: 'QUOTA_EXCEEDED',
		message: 'No',
	});
});

test('it says what CAMARA says, but of its key and its subscription', () => {
	const { UNAUTHENTICATED, PERMISSION_DENIED, ...others } = nokia.errors;
	expect(UNAUTHENTICATED).toMatchObject({
		happened: expect.stringMatching(/API Key/),
		nextMove: 'you',
	});
	expect(PERMISSION_DENIED).toMatchObject({
		nextMove: 'registration',
		remedy: expect.stringMatching(/RapidAPI/),
	});
	expect({ ...camara.errors, ...others }).toEqual(camara.errors);
});
