import { parseIpv4Address, parsePhoneNumber, parsePort } from '../device';

/** An address of TEST-NET-1 (RFC 5737), which belongs to nobody; CAMARA requires a port beside it. */
export const TEST_DEVICE = {
	ipv4Address: { publicAddress: parseIpv4Address('192.0.2.1'), publicPort: parsePort(443) },
};

/** A number under a calling code that is not assigned (ITU-T E.164, list of assigned codes). */
export const TEST_PHONE = { phoneNumber: parsePhoneNumber('+99999999999') };
