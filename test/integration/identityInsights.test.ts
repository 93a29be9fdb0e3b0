import { camaraErrors } from '../../nodes/OpenGateway/operators/sharedErrors';
import { vonage } from '../../nodes/OpenGateway/operators/vonage';
import { combination } from '../support/combinations';
import { credentialAt } from '../support/credential';
import { runNode } from '../support/engine';
import { startScriptedOperator } from '../support/scriptedOperator';
import { sandboxForSuite } from '../support/suite';

const sandbox = sandboxForSuite();

async function ask(phoneNumbers: string[], changes: object = {}) {
	const credential = {
		...(await credentialAt(sandbox, combination('vonage', '', 'applicationJwt'))),
		...changes,
	};
	const { outputs } = await runNode(
		phoneNumbers.map((phoneNumber) => ({ phoneNumber })),
		{
			credential,
			parameters: { phoneNumber: '={{ $json.phoneNumber }}', options: { retries: 0 } },
			onError: 'continueRegularOutput',
		},
	);
	return outputs[0]?.map(({ json }) => json) ?? [];
}
const phone = (ending: string) => `+3460000000${ending}`;

test('every device is asked about with one token, and a country withheld is no refusal', async () => {
	expect(await ask([phone('1'), phone('2'), phone('5')])).toMatchObject([
		{ roaming: true, country: 'DE', countryCode: null, countryName: ['DE'] },
		{ roaming: false, country: null },
		{ roaming: true, country: null, countryName: [] },
	]);
	const exchanges = await sandbox.exchanges();
	expect(exchanges).toHaveLength(3);
	expect(new Set(exchanges.map(({ headers }) => headers.authorization)).size).toBe(1);
});

test.each([
	['NOT_FOUND', phone('9')],
	['UNAUTHORIZED', phone('7')],
	['SUPPLIER_ERROR', phone('0')],
	['UNSUPPORTED_NETWORK_TYPE', '+34910000001'],
])(
	'an insight that failed is a refusal, although its response is HTTP 200: %s',
	async (code, to) => {
		const [answer] = await ask([to]);
		expect(answer?.error).toMatchObject({ code, nextMove: vonage.errors[code]?.nextMove });
		expect((answer?.error as { description: string }).description).toMatch(/\w/);
		expect((await sandbox.exchanges()).map(({ status }) => status)).toEqual([200]);
	},
);

/** The statuses of insights, beside CAMARA's codes. */
const ofInsights = Object.keys(vonage.errors).filter(
	(code) => !(code in camaraErrors) || code === 'UNAUTHORIZED' || code === 'NOT_FOUND',
);

test.each(ofInsights)(
	'the status %s is told with its text and the operator’s words',
	async (code) => {
		const status = { code, message: 'These are its words' };
		const operator = await startScriptedOperator(() => ({
			body: { request_id: '1', insights: { roaming: { status } } },
		}));
		const [answer] = await ask([phone('1')], { baseUrl: operator.baseUrl });
		await operator.close();
		const { happened = '', remedy, nextMove } = vonage.errors[code] ?? {};
		expect(answer?.error).toMatchObject({
			code,
			nextMove,
			message: expect.stringContaining(happened.split('{device}')[0] ?? '') as string,
			description: expect.stringContaining(status.message) as string,
		});
		expect((answer?.error as { message: string }).message).toContain(remedy);
	},
);

test('a JWT that the operator does not accept is the credential’s', async () => {
	const [answer] = await ask([phone('1')], { clientId: 'made-up-id' });
	expect(answer?.error).toMatchObject({
		status: 401,
		message: expect.stringContaining(vonage.errors['HTTP_401']?.remedy ?? '') as string,
		description: expect.stringContaining('credentials') as string,
	});
});

test('the purpose of the credential is the one of the request', async () => {
	await ask([phone('1')], { purpose: 'Marketing', scope: 'left-over' });
	const [{ body = '' } = {}] = await sandbox.exchanges();
	expect(JSON.parse(body)).toEqual({
		phone_number: phone('1'),
		purpose: 'Marketing',
		insights: { roaming: {} },
	});
});
