import { parseIpv4Address, parsePhoneNumber, parsePort } from '../device';
import { OpenGatewayError } from '../errors';

/** An address of TEST-NET-1 (RFC 5737), which belongs to nobody; CAMARA requires a port beside it. */
export const TEST_DEVICE = {
	ipv4Address: { publicAddress: parseIpv4Address('192.0.2.1'), publicPort: parsePort(443) },
};

/** A number under a calling code that is not assigned (ITU-T E.164, list of assigned codes). */
export const TEST_PHONE = { phoneNumber: parsePhoneNumber('+99999999999') };

/** Codes that refuse a device, not the client: the client was accepted. */
const DEVICE_REFUSALS = [
	'unknown_user_id',
	'access_denied',
	'consent_required',
	'NOT_FOUND',
	'IDENTIFIER_NOT_FOUND',
	'SERVICE_NOT_APPLICABLE',
	'UNSUPPORTED_IDENTIFIER',
];

/** Waits for a request about a test device, which the operator is expected to refuse. */
export async function ignoringDeviceRefusals(request: Promise<unknown>): Promise<void> {
	await request.catch((error: unknown) => {
		if (!(error instanceof OpenGatewayError && DEVICE_REFUSALS.includes(error.context.code))) {
			throw error;
		}
	});
}
