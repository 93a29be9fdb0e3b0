import { type Answer, freshDevices, rightAnswers } from '../../bench/devices';

const lines = ['+34600000001', '+34600000002', '+34600000003'];
const answers: Answer[] = [
	{ roaming: true, countryCode: 262, countryName: ['DE'] },
	{ roaming: false },
	{ roaming: true, countryCode: 340, countryName: ['BL', 'GF', 'GP', 'MF', 'MQ'] },
];

test('no device is asked about twice as if it were new', () => {
	const devices = [...freshDevices(500), ...freshDevices(500)];
	expect(new Set(devices).size).toBe(1000);
	for (const device of devices) expect(device).toMatch(/^\+346\d{7}[1236]$/);
});

describe('Of three answers', () => {
	test('all are right as the operator gives them', () => {
		expect(rightAnswers(lines, answers)).toBe(3);
	});

	test('all are right as this node puts them', () => {
		const put = answers.map(({ roaming, countryCode, countryName }, index) => ({
			device: { phoneNumber: lines[index] },
			roaming,
			countryCode: countryCode ?? null,
			countryName: countryName ?? [],
		}));
		expect(rightAnswers(lines, put)).toBe(3);
	});

	test.each<[string, Answer[], number]>([
		['one is missing', answers.slice(0, 2), 2],
		['one is an error', [{}, ...answers.slice(1)], 2],
		['two have changed places', [answers[1]!, answers[0]!, answers[2]!], 1],
		[
			'one is about another device',
			[{ ...answers[0], device: { phoneNumber: lines[2] } }, ...answers.slice(1)],
			2,
		],
		['one tells another country', [{ ...answers[0], countryCode: 208 }, ...answers.slice(1)], 2],
		[
			'one tells fewer territories',
			[...answers.slice(0, 2), { ...answers[2], countryName: [] }],
			2,
		],
	])('fewer are right where %s', (_what, given, right) => {
		expect(rightAnswers(lines, given)).toBe(right);
	});
});
