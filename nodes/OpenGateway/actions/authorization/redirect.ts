import { addressFault, MAX_ADDRESS_LENGTH } from '../../credentialFields';
import { OpenGatewayError } from '../../errors';

function invalidRedirect(happened: string, remedy: string): OpenGatewayError {
	return new OpenGatewayError(happened, { remedy, code: 'INVALID_REDIRECT' });
}

/**
 * The address to which the operator sends the phone back: HTTPS, or HTTP on the loopback, without a
 * fragment (RFC 6749 section 3.1.2). It stays as written: operators compare it letter by letter.
 * @throws {OpenGatewayError} `INVALID_REDIRECT`
 */
export function parseRedirectUri(input: unknown): string {
	const written = typeof input === 'string' ? input.trim() : '';
	switch (addressFault(written)) {
		case 'tooLong':
			throw invalidRedirect(
				`'Redirect URI' is longer than ${MAX_ADDRESS_LENGTH} characters.`,
				'Enter the production URL of the webhook to which the phone comes back, without anything behind it.',
			);
		case 'notAnAddress':
			throw invalidRedirect(
				"'Redirect URI' is not a web address.",
				'Enter the production URL of the webhook to which the phone comes back, like https://your-n8n/webhook/roaming-callback.',
			);
		case 'notEncrypted':
			throw invalidRedirect(
				"'Redirect URI' is not encrypted.",
				'It must begin with https://: operators redirect only to encrypted addresses.',
			);
	}
	if (written.includes('#')) {
		throw invalidRedirect(
			"'Redirect URI' has a fragment.",
			'Remove the # and everything behind it.',
		);
	}
	return written;
}

/** Seconds: ten minutes. */
const EXPIRES_IN = 600;
/** Seconds: a week. */
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
		"The option 'Expires After' is not a number of seconds from 1 to 604800.",
		'Remove the option for ten minutes.',
	);
}

/** @throws {OpenGatewayError} `INVALID_REDIRECT` */
export function parseForAnyone(input: unknown): boolean {
	if (input === undefined || input === null || input === '') return false;
	if (typeof input === 'boolean') return input;
	throw invalidRedirect(
		"The option 'Let Anyone Use the URL' is neither true nor false.",
		'Remove the option, so that only the browser that was sent to the URL can come back.',
	);
}

const MAX_REFERENCE_LENGTH = 200;

/**
 * @returns `undefined` if there is none
 * @throws {OpenGatewayError} `INVALID_REDIRECT`
 */
export function parseReference(input: unknown): string | undefined {
	if (input === undefined || input === null || input === '') return undefined;
	if (typeof input === 'number') return String(input);
	if (typeof input === 'string' && input.length <= MAX_REFERENCE_LENGTH) return input;
	throw invalidRedirect(
		`The option 'Reference' is not text of at most ${MAX_REFERENCE_LENGTH} characters.`,
		'Use a short key such as a customer number: it is part of the URL.',
	);
}
