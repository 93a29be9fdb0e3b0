import { addressFault } from '../../credentialFields';
import { invalidField } from './subscriptionOperation';

/**
 * @returns the address as it was entered
 * @throws {OpenGatewayError} `INVALID_OPTION` unless it is https, or http on this machine, without a password
 */
export function parseSink(value: unknown): string {
	const written = typeof value === 'string' ? value.trim() : '';
	if (addressFault(written) === undefined) {
		const { username, password } = new URL(written);
		if (username === '' && password === '') return written;
		throw invalidField(
			"'Sink' contains a user name or a password.",
			"Leave it out of the address, and enter a token in 'Sink Token'.",
		);
	}
	throw invalidField(
		"'Sink' is not an address that begins with https://.",
		'Enter the production URL of your webhook, which the operator must be able to reach.',
	);
}

/**
 * @returns `undefined` if there is none
 * @throws {OpenGatewayError} `INVALID_OPTION`
 */
export function parseSinkToken(value: unknown): string | undefined {
	if (value === undefined || value === '') return undefined;
	if (typeof value === 'string' && /^[!-~]{1,2000}$/.test(value)) return value;
	throw invalidField("'Sink Token' contains characters that no token has.");
}
