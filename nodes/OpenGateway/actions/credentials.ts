import type { ICredentialDataDecryptedObject, IExecuteFunctions } from 'n8n-workflow';
import { parseApplication, type Application } from '../credential/application';
import { notSignedIn } from '../credential/signIn';

/**
 * The application that asks, of all items of a run: n8n decrypts a credential anew each time it is
 * read. An expression in one sees the first item.
 * @throws {OpenGatewayError} `INVALID_CREDENTIAL`
 */
export async function readApplication(execute: IExecuteFunctions): Promise<Application> {
	const name = 'openGatewayApi';
	return parseApplication(await execute.getCredentials(name, 0), idOf(execute, name));
}

/**
 * The credential of the line whose owner signed in.
 * @throws {OpenGatewayError} `NOT_SIGNED_IN`
 */
export async function readSignIn(
	execute: IExecuteFunctions,
): Promise<{ credential: ICredentialDataDecryptedObject; id: string }> {
	const name = 'openGatewayOAuth2Api';
	const credential = await execute.getCredentials(name, 0);
	if (!credential.oauthTokenData) throw notSignedIn();
	return { credential, id: idOf(execute, name) };
}

function idOf(execute: IExecuteFunctions, name: string): string {
	return execute.getNode().credentials?.[name]?.id ?? '';
}
