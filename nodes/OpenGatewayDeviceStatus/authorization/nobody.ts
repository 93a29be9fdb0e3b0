import { parseIpv4Address, parsePort } from '../device';
import { OpenGatewayError } from '../errors';

/** An address of TEST-NET-1 (RFC 5737), which belongs to nobody; CAMARA wants its port, too. */
export const nobody = {
	ipv4Address: { publicAddress: parseIpv4Address('192.0.2.1'), publicPort: parsePort(443) },
};

/** Refusals of a line, not of the client: whoever gets one is a client in good standing. */
const REFUSALS_OF_A_LINE = [
	'unknown_user_id',
	'access_denied',
	'consent_required',
	'NOT_FOUND',
	'IDENTIFIER_NOT_FOUND',
	'SERVICE_NOT_APPLICABLE',
	'UNSUPPORTED_IDENTIFIER',
];

/** Waits for a question about {@link nobody}, whose refusal is what is expected. */
export async function exceptRefusalsOfALine(question: Promise<unknown>): Promise<void> {
	await question.catch((error: unknown) => {
		if (!(error instanceof OpenGatewayError && REFUSALS_OF_A_LINE.includes(error.context.code))) {
			throw error;
		}
	});
}
