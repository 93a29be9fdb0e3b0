import type { ICredentialDataDecryptedObject, IDataObject } from 'n8n-workflow';
import { OpenGatewayApi } from '../../credentials/OpenGatewayApi.credentials';
import { applications } from '../../sandbox/applications';

/** The credential as it opens in the editor, but for what `changes` says. */
export function asItOpens(changes: IDataObject = {}): ICredentialDataDecryptedObject {
	const defaults = new OpenGatewayApi().properties
		.filter(({ type }) => type !== 'notice')
		.toReversed() // of several fields of one name, n8n takes the first one's
		.map(({ name, default: value }) => [name, value]);
	return { ...Object.fromEntries(defaults), ...changes } as ICredentialDataDecryptedObject;
}

/** The same, for an application that every operator of the sandbox knows. */
export function openGatewayApi(changes: IDataObject = {}): ICredentialDataDecryptedObject {
	return asItOpens({ ...applications.roaming, ...changes });
}
