import type { INodeParameters } from 'n8n-workflow';
import { openGatewayApi } from '../support/credential';
import { runNode } from '../support/engine';

const APPLICATION = openGatewayApi({ baseUrl: 'http://127.0.0.1:1' });
const SIGN_IN = { ...APPLICATION, oauthTokenData: { access_token: 'made-up' } };
const CREATE_URL = {
	resource: 'authorization',
	operation: 'createUrl',
	redirectUri: 'https://n8n.example.com',
};

test.each<[choice: string, needed: string, code: string, parameters: INodeParameters]>([
	['Create Authorization URL', 'Open Gateway API', 'INVALID_CREDENTIAL', CREATE_URL],
	[
		'Authorization Callback',
		'Open Gateway API',
		'UNSUPPORTED_DEVICE',
		{ identifierType: 'authorizationCallback' },
	],
	[
		'Signed-In Phone',
		'Open Gateway OAuth2 API',
		'UNSUPPORTED_DEVICE',
		{ identifierType: 'signedInPhone' },
	],
])('%s needs a credential of the type %s', async (choice, needed, code, parameters) => {
	const { outputs } = await runNode([{}], {
		credential: needed === 'Open Gateway API' ? SIGN_IN : APPLICATION,
		parameters,
		onError: 'continueRegularOutput',
	});

	const text = `'${choice}' needs a credential of the type ${needed}. Select one in the node`;
	expect(outputs[0]?.map(({ json }) => json.error)).toEqual([
		expect.objectContaining({ code, message: expect.stringContaining(text), status: null }),
	]);
});
