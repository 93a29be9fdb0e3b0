import type { ICredentialDataDecryptedObject, IDataObject } from 'n8n-workflow';
import { OpenGatewayApi } from '../../credentials/OpenGatewayApi.credentials';

/** The credential as it opens in the editor, with these changes. */
export function openGatewayApi(changes: IDataObject = {}): ICredentialDataDecryptedObject {
	const defaults = new OpenGatewayApi().properties
		.filter(({ type }) => type !== 'notice')
		.toReversed() // n8n takes the default of the first field of a name
		.map(({ name, default: value }) => [name, value]);
	return { ...Object.fromEntries(defaults), ...changes } as ICredentialDataDecryptedObject;
}
