import {
	sleep,
	type ICredentialsDecrypted,
	type ICredentialTestFunctions,
	type INodeCredentialTestResult,
} from 'n8n-workflow';
import { toItemError } from '../errors';
import { parseApplication } from '../credential/application';
import { probe } from '../probe';
import { exchange } from '../transport/host';
import { parseSendOptions } from '../transport/sendOptions';
import { exponentialBackoff } from '../transport/retry';

const TIMEOUT = parseSendOptions({}).timeout;

/** The test of the credential "Open Gateway API": is the client accepted for this API? */
export async function openGatewayApiTest(
	this: ICredentialTestFunctions,
	{ data: credential = {} }: ICredentialsDecrypted,
): Promise<INodeCredentialTestResult> {
	// The only helper for requests that a credential's test has, in every n8n.
	const { helpers } = this;
	const sendOnce = exchange(
		async (request) =>
			await helpers.request({
				...request,
				simple: false,
				resolveWithFullResponse: true,
				followRedirect: false,
				timeout: TIMEOUT,
			}),
		TIMEOUT,
	);
	try {
		await probe(parseApplication(credential), {
			send: async (request) => await sendOnce(request()),
			wait: sleep,
			backoff: () => exponentialBackoff(0, sleep),
			startedAt: Date.now(),
			setAside: () => undefined,
		});
		return { status: 'OK', message: 'The operator accepted the application.' };
	} catch (error) {
		return { status: 'Error', message: toItemError(error).message };
	}
}
