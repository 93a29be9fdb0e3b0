import type { ICredentialDataDecryptedObject, IDataObject } from 'n8n-workflow';
import { OpenGatewayApi } from '../../credentials/OpenGatewayApi.credentials';
import { applications } from '../../sandbox/applications';
import type { RunningSandbox } from '../../sandbox/client';
import { authorizationBaseUrlAt, operators } from '../../sandbox/operators';
import { nameInSandbox, signs, type Combination } from './combinations';

/** The credential as it opens in the editor, with these changes. */
export function asItOpens(changes: IDataObject = {}): ICredentialDataDecryptedObject {
	const defaults = new OpenGatewayApi().properties
		.filter(({ type }) => type !== 'notice')
		.toReversed() // n8n takes the default of the first field of a name
		.map(({ name, default: value }) => [name, value]);
	return { ...Object.fromEntries(defaults), ...changes } as ICredentialDataDecryptedObject;
}

/** The same, for an application that every operator of the sandbox knows by its secret. */
export function openGatewayApi(changes: IDataObject = {}): ICredentialDataDecryptedObject {
	return asItOpens({
		...applications.roaming,
		camaraClientAuthentication: 'clientSecretBasic',
		...changes,
	});
}

/** The token that {@link signedIn} holds. */
export const KEPT_TOKEN = 'kept';

/** The OAuth2 credential of a phone that has signed in, as n8n keeps it, at Other Operator. */
export const signedIn = (
	baseUrl: string,
	changes: IDataObject = {},
): ICredentialDataDecryptedObject => ({
	operator: 'camara',
	baseUrl,
	grantType: 'pkce',
	authentication: 'header',
	clientId: 'made-up-id',
	clientSecret: 'made-up-secret',
	accessTokenUrl: `${baseUrl}/token`,
	oauthTokenData: { access_token: KEPT_TOKEN, refresh_token: 'refresh', token_type: 'Bearer' },
	...(changes as ICredentialDataDecryptedObject),
});

/**
 * A credential as a person fills it in for the combination, at its operator of the sandbox.
 * @param signingAlgorithm of a client that signs
 */
export async function credentialAt(
	sandbox: RunningSandbox,
	combination: Combination,
	signingAlgorithm = 'RS256',
): Promise<ICredentialDataDecryptedObject> {
	const { authorizationGrant, clientAuthentication } = combination;
	const name = nameInSandbox(combination);
	const baseUrl = sandbox.baseUrls[name];
	const { roaming, secretPost, privateKey, jwtBearer } = await sandbox.applications();
	const bySecret = clientAuthentication === 'clientSecretPost' ? secretPost : roaming;
	const byKey = authorizationGrant === 'jwtBearer' ? jwtBearer : privateKey;
	const application = signs(combination) ? byKey : bySecret;
	const kid = signingAlgorithm === 'ES256' ? 'ec' : 'rsa';
	return openGatewayApi({
		...combination.fields,
		baseUrl,
		authorizationBaseUrl: authorizationBaseUrlAt(sandbox.origin, name),
		discoveryUrl: `${baseUrl}/.well-known/openid-configuration`,
		clientId: application.clientId,
		// What the combination does not use stays in the credential, as it does in the form.
		clientSecret: application.clientSecret ?? roaming.clientSecret,
		...{ signingAlgorithm, privateKey: privateKey.privateKeys?.[kid], keyId: kid },
		accessToken: operators[name].authorization?.fixedToken,
		apiKey: operators[name].credential?.['API Key'],
	});
}
