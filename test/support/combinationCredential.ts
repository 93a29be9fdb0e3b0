import type { ICredentialDataDecryptedObject } from 'n8n-workflow';
import type { RunningSandbox } from '../../sandbox/client';
import {
	authorizationBaseUrlAt,
	operators as sandboxOperators,
	type OperatorName,
} from '../../sandbox/operators';
import type { Combination } from './combinations';
import { openGatewayApi } from './credential';

/** A combination, with the algorithm of a client that signs. */
export type Signing = Combination & { readonly signingAlgorithm?: string };

/** The name of the variant in the sandbox. */
export const nameInSandbox = ({ operator, variant }: Combination): OperatorName =>
	operator === 'orange' && variant === 'lab' ? 'orangeLab' : operator;

/** A credential as a person fills it in for the combination. */
export async function credentialOf(
	combination: Signing,
	{ baseUrls, origin, applications }: RunningSandbox,
): Promise<ICredentialDataDecryptedObject> {
	const { authorizationGrant, clientAuthentication, signingAlgorithm } = combination;
	const name = nameInSandbox(combination);
	const { roaming, secretPost, privateKey, jwtBearer } = await applications();
	const signing = authorizationGrant === 'jwtBearer' ? jwtBearer : privateKey;
	const application = signingAlgorithm
		? signing
		: clientAuthentication === 'clientSecretPost'
			? secretPost
			: roaming;
	const kid = signingAlgorithm === 'ES256' ? 'ec' : 'rsa';
	return openGatewayApi({
		...combination.fields,
		...(signingAlgorithm && { signingAlgorithm }),
		baseUrl: baseUrls[name],
		authorizationBaseUrl: authorizationBaseUrlAt(origin, name),
		discoveryUrl: `${baseUrls[name]}/.well-known/openid-configuration`,
		clientId: application.clientId,
		clientSecret: application.clientSecret,
		...(signingAlgorithm && { privateKey: application.privateKeys?.[kid], keyId: kid }),
		accessToken: sandboxOperators[name].authorization?.fixedToken,
		apiKey: sandboxOperators[name].credential?.['API Key'],
	});
}
