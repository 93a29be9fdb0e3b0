import type { Execution } from '../../localN8n/n8nApi';
import { tableOf } from '../../demo/table';

const abroad = {
	device: { phoneNumber: '+34600000003' },
	roaming: true,
	countryCode: 340,
	countryName: ['BL', 'GF'],
};

function execution(items: Record<string, Array<Record<string, unknown>>>): Execution {
	return {
		id: '7',
		status: 'success',
		mode: 'manual',
		error: undefined,
		itemsOf: (nodeName) => items[nodeName] ?? [],
	};
}

describe('the table', () => {
	test('has one row for each device, in the order of the list', () => {
		const [, , ...rows] = tableOf(
			execution({
				'One by one': [{ phoneNumber: '+34600000007' }, { phoneNumber: '+34600000003' }],
				Roaming: [abroad],
				'No answer': [{ phoneNumber: '+34600000007', error: { code: 'access_denied' } }],
			}),
		).split('\n');
		expect(rows).toEqual([
			expect.stringMatching(/^\+34600000007 .* – +– +– +No answer \(access_denied\)$/),
			expect.stringMatching(/^\+34600000003 .* yes +BL GF +340 +Roaming$/),
		]);
	});

	test('is refused if a device took another branch than it belongs in', () => {
		const run = execution({ 'One by one': [abroad.device], 'At home': [abroad] });
		expect(() => tableOf(run)).toThrow('a device took the wrong branch:\n+34600000003');
	});

	test.each([
		['no branch', {}],
		['two branches', { Roaming: [abroad], 'At home': [abroad] }],
	])('is refused if a device took %s', (_, branches) => {
		const run = execution({ 'One by one': [{ phoneNumber: '+34600000003' }], ...branches });
		expect(() => tableOf(run)).toThrow(/\+34600000003 took \d branches instead of one/);
	});
});
