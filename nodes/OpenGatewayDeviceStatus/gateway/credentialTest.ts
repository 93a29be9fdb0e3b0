import {
	sleep,
	type ICredentialsDecrypted,
	type ICredentialTestFunctions,
	type INodeCredentialTestResult,
} from 'n8n-workflow';
import { toItemError } from '../errors';
import { parseApplication } from './application';
import { probe } from './gateway';
import { exchange, REQUEST_TIMEOUT } from './host';

/** The test of the credential "Open Gateway API": is the client accepted for this API? */
export async function openGatewayApiTest(
	this: ICredentialTestFunctions,
	{ data: credential = {} }: ICredentialsDecrypted,
): Promise<INodeCredentialTestResult> {
	try {
		await probe(parseApplication(credential), {
			send: exchange(
				async (request) =>
					await this.helpers.request({
						...request,
						simple: false,
						resolveWithFullResponse: true,
						followRedirect: false,
						timeout: REQUEST_TIMEOUT,
					}),
			),
			wait: sleep,
		});
		return { status: 'OK', message: 'The operator accepted the application.' };
	} catch (error) {
		return { status: 'Error', message: toItemError(error).message };
	}
}
