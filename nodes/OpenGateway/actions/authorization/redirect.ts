import { addressFault } from '../../credentialFields';
import { OpenGatewayError } from '../../errors';

function invalidRedirect(happened: string, remedy: string): OpenGatewayError {
	return new OpenGatewayError(happened, { remedy, code: 'INVALID_REDIRECT' });
}

/**
 * Where the operator sends the device back: HTTPS, or HTTP on the loopback, without a fragment
 * (RFC 6749 section 3.1.2). It is left as it is written, since operators compare it letter by letter.
 * @throws {OpenGatewayError} `INVALID_REDIRECT`
 */
export function parseRedirectUri(input: unknown): string {
	const written = typeof input === 'string' ? input.trim() : '';
	switch (addressFault(written)) {
		case 'notAnAddress':
			throw invalidRedirect(
				'The redirect URI is not a web address.',
				'Enter the production URL of the webhook that the phone comes back to, like https://your-n8n/webhook/roaming-callback.',
			);
		case 'notEncrypted':
			throw invalidRedirect(
				'The redirect URI is not encrypted.',
				'It must begin with https://: operators send nobody to an address that is not encrypted.',
			);
	}
	if (written.includes('#')) {
		throw invalidRedirect(
			'The redirect URI has a fragment.',
			'Leave out the # and what follows it.',
		);
	}
	return written;
}

/** Ten minutes, in s. */
const EXPIRES_IN = 600;
/** A week, in s. */
const MAX_EXPIRES_IN = 604_800;

/**
 * @returns seconds
 * @throws {OpenGatewayError} `INVALID_REDIRECT`
 */
export function parseExpiresIn(input: unknown): number {
	const seconds = typeof input === 'string' && input.trim() !== '' ? Number(input) : input;
	if (seconds === undefined || seconds === null || seconds === '') return EXPIRES_IN;
	if (typeof seconds === 'number' && seconds >= 1 && seconds <= MAX_EXPIRES_IN) return seconds;
	throw invalidRedirect(
		'The option Expires After is not a number of seconds from 1 to 604800.',
		'Leave it out for ten minutes.',
	);
}

const MAX_REFERENCE_LENGTH = 200;

/**
 * @returns `undefined` where there is none
 * @throws {OpenGatewayError} `INVALID_REDIRECT`
 */
export function parseReference(input: unknown): string | undefined {
	if (input === undefined || input === null || input === '') return undefined;
	if (typeof input === 'number') return String(input);
	if (typeof input === 'string' && input.length <= MAX_REFERENCE_LENGTH) return input;
	throw invalidRedirect(
		`The option Reference is not text of at most ${MAX_REFERENCE_LENGTH} characters.`,
		'Give a customer number or the like, by which you find the rest: it travels in the URL.',
	);
}
