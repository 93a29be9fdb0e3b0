import { openGatewayApi } from '../support/credential';
import { runNode } from '../support/engine';
import { sandboxForSuite } from '../support/suite';

const sandbox = sandboxForSuite();

const run = async (changes: object) => {
	const { outputs } = await runNode([{}], {
		credential: openGatewayApi({ baseUrl: sandbox.baseUrls.telefonica, ...changes }),
		parameters: { phoneNumber: '+34600000001' },
		onError: 'continueRegularOutput',
	});
	return outputs[0]?.[0]?.json;
};

test.each([
	['Base URL', { baseUrl: 'api.example.com' }],
	['Base URL', { baseUrl: 'http://api.example.com' }],
	['Base URL', { baseUrl: 'https://id:word@api.example.com' }],
	['Client ID', { operator: 'camara', clientId: '' }],
	['Client Secret', { operator: 'camara', clientSecret: '' }],
	['Operator', { operator: 'toString' }],
	['Purpose', { purpose: 'Fun' }],
])(
	'a credential is refused before any request if its %s cannot be right',
	async (field, changes) => {
		expect(await run(changes)).toMatchObject({
			error: {
				code: 'INVALID_CREDENTIAL',
				message: expect.stringContaining(field) as string,
			},
		});
		expect(await sandbox.exchanges()).toEqual([]);
	},
);

test('a Base URL may have trailing slashes and spaces around it', async () => {
	expect((await run({ baseUrl: ` ${sandbox.baseUrls.telefonica}// ` }))?.roaming).toBe(true);
});
