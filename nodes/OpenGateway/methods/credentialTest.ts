import {
	sleep,
	type ICredentialsDecrypted,
	type ICredentialTestFunctions,
	type INodeCredentialTestResult,
} from 'n8n-workflow';
import { OpenGatewayError, toItemError } from '../errors';
import { parseApplication } from '../credential/application';
import { probe } from '../probe';
import { exchange, received } from '../transport/host';
import { exponentialBackoff } from '../transport/retry';
import { TimeLimit } from '../transport/timeLimit';

/** How long the operator has for a response (ms). */
const TIMEOUT = 10_000;

/** How long the test takes at most (ms): a person waits for it. */
const TEST_TIMEOUT = 40_000;

/** The test of the credential "Open Gateway API": does the operator let the application in? */
export async function openGatewayApiTest(
	this: ICredentialTestFunctions,
	{ data: credential = {} }: ICredentialsDecrypted,
): Promise<INodeCredentialTestResult> {
	// The only helper for requests that a credential's test has, in every n8n.
	const { helpers } = this;
	const deadline = Date.now() + TEST_TIMEOUT;
	const test = async () =>
		await probe(parseApplication(credential), {
			async send(request) {
				const timeout = Math.min(TIMEOUT, Math.max(deadline - Date.now(), 1));
				const sendOnce = exchange(
					async (sent) =>
						await received(
							async () =>
								await helpers.request({
									...sent,
									simple: false,
									resolveWithFullResponse: true,
									useStream: true,
									followRedirect: false,
									timeout,
								}),
							new TimeLimit(timeout),
						),
					Math.round(timeout),
				);
				return await sendOnce(request());
			},
			wait: sleep,
			backoff: () => exponentialBackoff(0, sleep),
			startedAt: Date.now(),
			setAside: () => undefined,
		});
	try {
		const { untried } = await test();
		const accepted = 'The operator accepted the application.';
		const message = untried.length > 0 ? `${accepted} Not tried: ${untried.join('; ')}.` : accepted;
		return { status: 'OK', message };
	} catch (error) {
		return { status: 'Error', message: inWords(error) };
	}
}

function inWords(error: unknown): string {
	if (!(error instanceof OpenGatewayError)) return toItemError(error).message;
	const { remedy, serverMessage } = error.context;
	const words = serverMessage ? ` The operator says: “${serverMessage}”` : '';
	return `${error.message} ${remedy}${words}`;
}
