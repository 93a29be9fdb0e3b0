import type { ICredentialDataDecryptedObject } from 'n8n-workflow';
import { parseApplication, type Application } from '../credential/application';
import { notSignedIn } from '../credential/signIn';
import type { N8nContext } from '../transport/host';

/**
 * The application of all items of a run: n8n decrypts a credential each time it is read, so it is
 * read once. An expression in the credential sees the first item.
 * @throws {OpenGatewayError} `INVALID_CREDENTIAL`
 */
export async function readApplication(context: N8nContext): Promise<Application> {
	const name = 'openGatewayApi';
	return parseApplication(await context.getCredentials(name, 0), idOf(context, name));
}

/**
 * The credential that the phone's owner connected.
 * @throws {OpenGatewayError} `NOT_SIGNED_IN`
 */
export async function readSignIn(
	context: N8nContext,
): Promise<{ credential: ICredentialDataDecryptedObject; id: string }> {
	const name = 'openGatewayOAuth2Api';
	const credential = await context.getCredentials(name, 0);
	if (!credential.oauthTokenData) throw notSignedIn();
	return { credential, id: idOf(context, name) };
}

function idOf(context: N8nContext, name: string): string {
	return context.getNode().credentials?.[name]?.id ?? '';
}
