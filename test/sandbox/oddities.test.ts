import axios from 'axios';
import { oddAnswers, oddRefusals, ODDITY_HEADER } from '../../sandbox/oddities';
import { rapidApi } from '../../sandbox/operators/nokia';
import { sandboxUnderTest } from '../support/suite';

const sandbox = sandboxUnderTest();
afterEach(async () => await sandbox.setOddities({}));

async function ask(ending: string) {
	const { status, headers, data } = await axios.post<unknown>(
		`${sandbox.baseUrls.nokia}/device-status/device-roaming-status/v1/retrieve`,
		{ device: { phoneNumber: `+3460000000${ending}` } },
		{
			headers: { 'x-rapidapi-key': rapidApi.key, 'x-rapidapi-host': rapidApi.host },
			validateStatus: () => true,
			proxy: false,
		},
	);
	return { status, data, oddity: headers[ODDITY_HEADER] as unknown };
}

const all = [
	...Object.entries(oddAnswers).map(([name, body]) => ({ name, status: 200, body })),
	...Object.entries(oddRefusals).map(([name, { status, body }]) => ({ name, status, body })),
];

test.each(all)('a device, or every device, is answered with $name', async ({ name, ...odd }) => {
	for (const key of ['1', '*']) {
		await sandbox.setOddities({ [key]: name });
		expect(await ask('1')).toEqual({ status: odd.status, data: odd.body, oddity: name });
		expect((await ask('2')).oddity).toBe(key === '*' ? name : undefined);
	}
});

test('an oddity that nobody knows is refused', async () => {
	await expect(sandbox.setOddities({ '1': 'unheardOf' })).rejects.toMatchObject({ status: 400 });
	await expect(sandbox.setOddities({ '12': 'detail' })).rejects.toMatchObject({ status: 400 });
});
