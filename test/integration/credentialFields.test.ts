import { telefonica } from '../../sandbox/operators/telefonica';
import { openGatewayApi } from '../support/credential';
import { runNode } from '../support/engine';
import { startScriptedOperator } from '../support/scriptedOperator';
import { sandboxForSuite } from '../support/suite';

const sandbox = sandboxForSuite();

const FIXED_TOKEN = telefonica.authorization.fixedToken;

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

test('an authorization server may have an address of its own, which gets the secret alone', async () => {
	const ofAuthorization = await startScriptedOperator(({ path }) => ({
		body: path.endsWith('/token')
			? { access_token: FIXED_TOKEN, token_type: 'Bearer' }
			: { auth_req_id: '1', interval: 1 },
	}));
	const authorizationBaseUrl = `${ofAuthorization.baseUrl}/auth/`;
	expect((await run({ authorizationBaseUrl }))?.roaming).toBe(true);

	expect(ofAuthorization.received.map(({ path }) => path)).toEqual([
		'/auth/bc-authorize',
		'/auth/token',
	]);
	expect(
		(await sandbox.exchanges()).map(({ path, headers }) => [path, headers.authorization]),
	).toEqual([['/apigateway/device-status/v0/roaming', `Bearer ${FIXED_TOKEN}`]]);
	await ofAuthorization.close();
});

test.each([
	'/device-status/v0/roaming',
	'/device-status/v0/',
	'/device-roaming-status/v1/retrieve',
])('a Base URL is used without the path of an API that was pasted with it: %s', async (pasted) => {
	const baseUrl = sandbox.baseUrls.telefonica + pasted;
	expect((await run({ baseUrl }))?.roaming).toBe(true);
});

test('a Base URL may have trailing slashes and spaces around it', async () => {
	expect((await run({ baseUrl: ` ${sandbox.baseUrls.telefonica}// ` }))?.roaming).toBe(true);
});
