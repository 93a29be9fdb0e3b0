import type { ICredentialDataDecryptedObject, IDataObject } from 'n8n-workflow';
import { signingAlgorithms } from '../../nodes/OpenGateway/authorization';
import { operators } from '../../nodes/OpenGateway/operators';
import { operators as sandboxOperators } from '../../sandbox/operators';
import { combinations, type Combination } from '../support/combinations';
import { openGatewayApi } from '../support/credential';
import { runNode } from '../support/engine';
import { phoneThatAllows } from '../support/phone';
import { sandboxForSuite } from '../support/suite';

const sandbox = sandboxForSuite();

type Signing = Combination & { readonly signingAlgorithm?: string };
/** Every combination that the credential offers; a client that signs does so with each algorithm. */
const all = combinations.flatMap((combination): Signing[] =>
	combination.authorizationGrant === 'jwtBearer' ||
	combination.clientAuthentication === 'privateKeyJwt'
		? Object.keys(signingAlgorithms).map((signingAlgorithm) => ({
				...combination,
				name: `${combination.name} ${signingAlgorithm}`,
				signingAlgorithm,
			}))
		: [combination],
);

/** A credential as a person fills it in for the combination. */
async function credentialOf(combination: Signing): Promise<ICredentialDataDecryptedObject> {
	const { operator, authorizationGrant, clientAuthentication, signingAlgorithm } = combination;
	const { baseUrls } = sandbox;
	const { roaming, secretPost, privateKey, jwtBearer } = await sandbox.applications();
	const signing = authorizationGrant === 'jwtBearer' ? jwtBearer : privateKey;
	const application = signingAlgorithm
		? signing
		: clientAuthentication === 'clientSecretPost'
			? secretPost
			: roaming;
	const kid = signingAlgorithm === 'ES256' ? 'ec' : 'rsa';
	return openGatewayApi({
		...combination,
		baseUrl: baseUrls[operator],
		discoveryUrl: `${baseUrls[operator]}/.well-known/openid-configuration`,
		clientId: application.clientId,
		clientSecret: application.clientSecret,
		...(signingAlgorithm && { privateKey: application.privateKeys?.[kid], keyId: kid }),
		accessToken: sandboxOperators[operator].authorization?.fixedToken,
		apiKey: sandboxOperators[operator].credential?.['API Key'],
	});
}

const PHONE_NUMBER = '+34600000001';

/** What the redirect URI is called with, once the phone's owner has allowed the check. */
async function allowedBy(credential: ICredentialDataDecryptedObject): Promise<IDataObject> {
	const { outputs } = await runNode([{}], {
		credential,
		parameters: {
			resource: 'authorization',
			operation: 'createUrl',
			redirectUri: 'http://127.0.0.1:5678/webhook/roaming-back',
			identifierType: 'phoneNumber',
			phoneNumber: PHONE_NUMBER,
		},
	});
	return await phoneThatAllows(String(outputs[0]?.[0]?.json.url));
}

test.each(all)('a device is answered for with $name', async (combination) => {
	const credential = await credentialOf(combination);
	const isFrontend = combination.authorizationGrant === 'authorizationCode';
	const { outputs, error } = await runNode([{}], {
		credential,
		// Read from `$vars`, so that no execution data holds an authorization code.
		parameters: isFrontend
			? { identifierType: 'authorizationCallback', callbackQuery: '={{ $vars }}' }
			: { phoneNumber: PHONE_NUMBER },
		variables: isFrontend ? await allowedBy(credential) : {},
	});

	expect(error?.description).toBeUndefined();
	const json = outputs[0]?.[0]?.json ?? {};
	expect(json).toMatchObject({
		roaming: true,
		countryCode: 262,
		countryName: ['DE'],
		country: 'DE',
	});
	// In the frontend flow, some operators alone know which device it is.
	const isUnnamed = isFrontend && !operators[combination.operator].verifiesDevice;
	expect(json.device).toEqual(isUnnamed ? null : { phoneNumber: PHONE_NUMBER });
	expect(json.lastStatusTime === null).toBe(combination.operator === 'telefonica');
});
