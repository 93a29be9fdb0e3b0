import { invalidDevice, textOf, type Parsed } from './field';

/** 3GPP GPSI as an external identifier (TS 23.003 section 19.7.2): `local@domain`. */
export type NetworkAccessIdentifier = Parsed<'NetworkAccessIdentifier'>;

const REMEDY = 'It should look like 123456789@domain.com.';

/** @throws {OpenGatewayError} `INVALID_DEVICE` */
export function parseNetworkAccessIdentifier(input: unknown): NetworkAccessIdentifier {
	const written = textOf(input, 'Network Access Identifier', REMEDY);
	if (!/^[\w.!#$%&'*+/=?^`{|}~-]{1,128}@[a-z\d]([a-z\d.-]{0,125}[a-z\d])?$/i.test(written)) {
		throw invalidDevice("'Network Access Identifier' is not of the form local@domain.", REMEDY);
	}
	return written as NetworkAccessIdentifier;
}
