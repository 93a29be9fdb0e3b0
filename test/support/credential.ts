import type { ICredentialDataDecryptedObject, IDataObject } from 'n8n-workflow';
import { OpenGatewayApi } from '../../credentials/OpenGatewayApi.credentials';

/** The credential as it opens in the editor, but for what `changes` says. */
export function openGatewayApi(changes: IDataObject = {}): ICredentialDataDecryptedObject {
	const defaults = new OpenGatewayApi().properties
		.filter(({ type }) => type !== 'notice')
		.toReversed() // of several fields of one name, n8n takes the first one's
		.map(({ name, default: value }) => [name, value]);
	return { ...Object.fromEntries(defaults), ...changes } as ICredentialDataDecryptedObject;
}
