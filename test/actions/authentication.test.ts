import type { ICredentialDataDecryptedObject, INodeParameters } from 'n8n-workflow';
import { openGatewayApi } from '../support/credential';
import { runNode } from '../support/engine';

const BASE_URL = 'http://127.0.0.1:1';
const application = openGatewayApi({ baseUrl: BASE_URL });
const signIn: ICredentialDataDecryptedObject = {
	operator: 'camara',
	baseUrl: BASE_URL,
	oauthTokenData: { access_token: 'made-up' },
};

test.each<
	[
		what: string,
		needed: string,
		code: string,
		credential: ICredentialDataDecryptedObject,
		parameters: INodeParameters,
	]
>([
	[
		'Create Authorization URL',
		'Open Gateway API',
		'INVALID_CREDENTIAL',
		signIn,
		{ resource: 'authorization', operation: 'createUrl', redirectUri: 'https://n8n.example.com' },
	],
	[
		'Authorization Callback',
		'Open Gateway API',
		'UNSUPPORTED_DEVICE',
		signIn,
		{ identifierType: 'authorizationCallback' },
	],
	[
		'Signed-In Phone',
		'Open Gateway OAuth2 API',
		'UNSUPPORTED_DEVICE',
		application,
		{ identifierType: 'signedInPhone' },
	],
])('%s needs a credential of the type %s', async (what, needed, code, credential, parameters) => {
	const { outputs } = await runNode([{}], {
		credential,
		parameters,
		onError: 'continueRegularOutput',
	});

	const text = `'${what}' needs a credential of the type ${needed}. Select one in the node`;
	expect(outputs[0]?.map(({ json }) => json.error)).toEqual([
		expect.objectContaining({ code, message: expect.stringContaining(text), status: null }),
	]);
});
