import type { ICredentialDataDecryptedObject } from 'n8n-workflow';
import { openGatewayApi } from '../support/credential';
import { runNode } from '../support/engine';
import { startScriptedOperator, type ScriptedOperator } from '../support/scriptedOperator';

/** A redirect is not followed: secrets and tokens would go wherever it points. */
let elsewhere: ScriptedOperator;
let operator: ScriptedOperator;

beforeEach(async () => {
	elsewhere = await startScriptedOperator(() => ({
		body: { auth_req_id: 'made-up', roaming: true },
	}));
	operator = await startScriptedOperator(({ path }) => ({
		status: 307,
		headers: { location: `${elsewhere.baseUrl}${path}` },
		body: '',
	}));
});
afterEach(async () => {
	await Promise.all([operator.close(), elsewhere.close()]);
});

test.each<[sent: string, credential: () => ICredentialDataDecryptedObject, identifierType: string]>(
	[
		[
			'the secret of an application',
			() => openGatewayApi({ baseUrl: operator.baseUrl }),
			'phoneNumber',
		],
		[
			'the token of a phone that signed in',
			() => ({
				operator: 'camara',
				baseUrl: operator.baseUrl,
				oauthTokenData: { access_token: 'kept', token_type: 'Bearer' },
			}),
			'signedInPhone',
		],
	],
)('%s does not go where a redirect points', async (_sent, credential, identifierType) => {
	const { outputs } = await runNode([{}], {
		credential: credential(),
		parameters: { identifierType, phoneNumber: '+34600000001' },
		onError: 'continueRegularOutput',
	});

	expect(outputs[0]?.map(({ json }) => json.error)).toMatchObject([
		{
			code: 'UNEXPECTED_ANSWER',
			status: 307,
			message: expect.stringContaining('HTTP 307') as string,
		},
	]);
	expect(operator.received).toHaveLength(1);
	expect(elsewhere.received).toEqual([]);
});
