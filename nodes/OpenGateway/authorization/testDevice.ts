import { parseIpv4Address, parsePort } from '../device';
import { OpenGatewayError } from '../errors';

/** An address of TEST-NET-1 (RFC 5737), which belongs to nobody; CAMARA wants its port, too. */
export const TEST_DEVICE = {
	ipv4Address: { publicAddress: parseIpv4Address('192.0.2.1'), publicPort: parsePort(443) },
};

/** Refusals of a line, not of the client: whoever gets one is a client in good standing. */
const DEVICE_REFUSALS = [
	'unknown_user_id',
	'access_denied',
	'consent_required',
	'NOT_FOUND',
	'IDENTIFIER_NOT_FOUND',
	'SERVICE_NOT_APPLICABLE',
	'UNSUPPORTED_IDENTIFIER',
];

/** Waits for a question about {@link TEST_DEVICE}, whose refusal is what is expected. */
export async function ignoringDeviceRefusals(question: Promise<unknown>): Promise<void> {
	await question.catch((error: unknown) => {
		if (!(error instanceof OpenGatewayError && DEVICE_REFUSALS.includes(error.context.code))) {
			throw error;
		}
	});
}
