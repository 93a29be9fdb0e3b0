import type { OpenGatewayError } from '../../nodes/OpenGateway/errors';
import { readSettings } from '../../nodes/OpenGateway/triggers/settings';

const fields: Record<string, unknown> = {
	event: ['started'],
	identifierType: 'phoneNumber',
	devices: '+34600000001',
	detectBy: 'automatic',
	interval: 15,
	options: {},
};
const read = (changes: Record<string, unknown> = {}) => {
	const all: Record<string, unknown> = { ...fields, ...changes };
	return readSettings((name) => all[name]);
};
const refusal = (changes: Record<string, unknown>): OpenGatewayError => {
	try {
		read(changes);
	} catch (error) {
		return error as OpenGatewayError;
	}
	throw new Error('It was read');
};

test('the fields as they open in the editor are read', () => {
	expect(read()).toEqual({
		changes: new Set(['started']),
		devices: [{ phoneNumber: '+34600000001' }],
		detection: 'automatic',
		interval: 900_000,
		initialStatus: false,
		lifecycleEvents: false,
		subscriptionLifetime: 7 * 24 * 3_600_000,
		sendOptions: { maxConcurrency: 100, requestsPerSecond: undefined, retries: 4, timeout: 15_000 },
	});
});

test.each([
	['on lines', '+34600000001\n+34600000002\r\n\n  +34600000003  '],
	['between commas or semicolons', '+34600000001, +34600000002;+34600000003,'],
	['in a list', ['+34600000001', '+34600000002', '+34600000003']],
	['in lists of lists', [['+34600000001'], ['+34600000002\n+34600000003']]],
	['several times', '+34600000001,+34600000002,+34 600 000 001,+34600000003,0034600000002'],
])('devices are read %s, each once', (_, devices) => {
	expect(read({ devices }).devices).toEqual([
		{ phoneNumber: '+34600000001' },
		{ phoneNumber: '+34600000002' },
		{ phoneNumber: '+34600000003' },
	]);
});

test('numbers without a country take the calling code of the option', () => {
	const options = { defaultCallingCode: '34' };
	expect(read({ devices: '600000001', options }).devices).toEqual([
		{ phoneNumber: '+34600000001' },
	]);
});

test.each([
	['80.90.34.2:16790', { publicAddress: '80.90.34.2', publicPort: 16790 }],
	['80.90.34.2', { publicAddress: '80.90.34.2' }],
])('of an IPv4 address, %s is read', (devices, ipv4Address) => {
	expect(read({ identifierType: 'ipv4Address', devices }).devices).toEqual([{ ipv4Address }]);
});

test('IPv6 addresses and network access identifiers are read', () => {
	expect(read({ identifierType: 'ipv6Address', devices: '2001:db8::1' }).devices).toEqual([
		{ ipv6Address: '2001:db8::1' },
	]);
	const devices = '123456789@domain.com';
	expect(read({ identifierType: 'networkAccessIdentifier', devices }).devices).toEqual([
		{ networkAccessIdentifier: devices },
	]);
});

test('all devices that cannot be read are told of at once, masked, and none is watched', () => {
	const error = refusal({ devices: '+34600000001, 600000002, +34 60' });
	expect(error.context.code).toBe('INVALID_DEVICE');
	expect(error.message).toContain('2 of 3 devices');
	expect(error.message).toContain('no. 2');
	expect(error.message).toContain('no. 3');
	expect(error.message).not.toMatch(/600000002/);
});

test('of many, the first ten are told of, and the number of the others', () => {
	const devices = Array.from({ length: 25 }, (_, at) => `60000${at}`);
	const error = refusal({ devices });
	expect(error.message).toContain('no. 10');
	expect(error.message).not.toContain('no. 11');
	expect(error.message).toContain('And 15 more');
});

test.each<[string, Record<string, unknown>, string, RegExp]>([
	['no events', { event: [] }, 'INVALID_OPTION', /Trigger On/],
	['no devices', { devices: ' \n ' }, 'INVALID_DEVICE', /'Devices' is empty/],
	['no list at all', { devices: undefined }, 'INVALID_DEVICE', /'Devices' is empty/],
	['an interval of no time', { interval: 0 }, 'INVALID_OPTION', /Ask Every/],
	['an interval of two days', { interval: 2880 }, 'INVALID_OPTION', /Ask Every/],
	['a lifetime of no time', { options: { subscriptionLifetime: 0 } }, 'INVALID_OPTION', /Lifetime/],
	['a lifetime in words', { options: { subscriptionLifetime: 'x' } }, 'INVALID_OPTION', /Lifetime/],
	['many retries', { options: { retries: 99 } }, 'INVALID_OPTION', /Retries/],
])('%s: the error names the field', (_, changes, code, message) => {
	const error = refusal(changes);
	expect(error.context.code).toBe(code);
	expect(error.message).toMatch(message);
	expect(error.context.remedy).not.toBe('');
});
