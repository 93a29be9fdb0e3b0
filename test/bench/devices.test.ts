import { type Result, freshDevices, rightResults } from '../../bench/devices';

const PHONE_NUMBERS = ['+34600000001', '+34600000002', '+34600000003'];
const RESULTS: Result[] = [
	{ roaming: true, countryCode: 262, countryName: ['DE'] },
	{ roaming: false },
	{ roaming: true, countryCode: 340, countryName: ['BL', 'GF', 'GP', 'MF', 'MQ'] },
];

test('no device is new twice', () => {
	const devices = [...freshDevices(500), ...freshDevices(500)];
	expect(new Set(devices).size).toBe(1000);
	for (const device of devices) expect(device).toMatch(/^\+346\d{7}[1236]$/);
});

describe('of three results', () => {
	test('all are right in the form of the operator', () => {
		expect(rightResults(PHONE_NUMBERS, RESULTS)).toBe(3);
	});

	test('all are right in the form of this node', () => {
		const put = RESULTS.map(({ roaming, countryCode, countryName }, index) => ({
			device: { phoneNumber: PHONE_NUMBERS[index] },
			roaming,
			countryCode: countryCode ?? null,
			countryName: countryName ?? [],
		}));
		expect(rightResults(PHONE_NUMBERS, put)).toBe(3);
	});

	test.each<[string, Result[], number]>([
		['one is missing', RESULTS.slice(0, 2), 2],
		['one is an error', [{}, ...RESULTS.slice(1)], 2],
		['two have changed places', [RESULTS[1]!, RESULTS[0]!, RESULTS[2]!], 1],
		[
			'one is about another device',
			[{ ...RESULTS[0], device: { phoneNumber: PHONE_NUMBERS[2] } }, ...RESULTS.slice(1)],
			2,
		],
		['one tells another country', [{ ...RESULTS[0], countryCode: 208 }, ...RESULTS.slice(1)], 2],
		[
			'one tells fewer territories',
			[...RESULTS.slice(0, 2), { ...RESULTS[2], countryName: [] }],
			2,
		],
	])('fewer are right if %s', (_case, given, right) => {
		expect(rightResults(PHONE_NUMBERS, given)).toBe(right);
	});
});
