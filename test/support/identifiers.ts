import {
	parseIpv4Address,
	parseIpv6Address,
	parseNetworkAccessIdentifier,
	parsePhoneNumber,
	parsePort,
} from '../../nodes/OpenGateway/device';

const publicAddress = parseIpv4Address('80.90.34.2');
const publicPort = parsePort(16_790);
const privateAddress = parseIpv4Address('10.0.0.1');

/** A device by each identifier that there is. */
export const phone = { phoneNumber: parsePhoneNumber('+34600000001') };
export const ipv4 = { ipv4Address: { publicAddress } };
export const ipv4AndPort = { ipv4Address: { publicAddress, publicPort } };
export const ipv4AndPrivate = { ipv4Address: { publicAddress, privateAddress } };
export const ipv4AndBoth = { ipv4Address: { publicAddress, privateAddress, publicPort } };
export const ipv6 = { ipv6Address: parseIpv6Address('2001:DB8::1') };
export const nai = { networkAccessIdentifier: parseNetworkAccessIdentifier('1@domain.com') };
