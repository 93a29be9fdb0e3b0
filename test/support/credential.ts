import type { ICredentialDataDecryptedObject, IDataObject } from 'n8n-workflow';
import { applications } from '../../sandbox/applications';
import { OpenGatewayApi } from '../../credentials/OpenGatewayApi.credentials';

/** The credential as it opens in the editor, with these changes. */
export function asItOpens(changes: IDataObject = {}): ICredentialDataDecryptedObject {
	const defaults = new OpenGatewayApi().properties
		.filter(({ type }) => type !== 'notice')
		.toReversed() // n8n takes the default of the first field of a name
		.map(({ name, default: value }) => [name, value]);
	return { ...Object.fromEntries(defaults), ...changes } as ICredentialDataDecryptedObject;
}

/** The same, for an application that every operator of the sandbox knows. */
export function openGatewayApi(changes: IDataObject = {}): ICredentialDataDecryptedObject {
	return asItOpens({ ...applications.roaming, ...changes });
}
