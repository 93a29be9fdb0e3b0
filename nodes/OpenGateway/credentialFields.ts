import { OpenGatewayError } from './errors';

export function invalidCredential(happened: string, remedy: string): OpenGatewayError {
	return new OpenGatewayError(happened, { remedy, code: 'INVALID_CREDENTIAL' });
}

/**
 * A field that must hold text.
 * @throws {OpenGatewayError} `INVALID_CREDENTIAL`
 */
export function credentialText(
	credential: Record<string, unknown>,
	field: string,
	name: string,
): string {
	const value = credential[field];
	if (typeof value === 'string' && value !== '') return value;
	throw invalidCredential(
		`The ${name} is missing.`,
		'Enter it in the credential; it is shown in the operator’s developer portal.',
	);
}

/**
 * A field that must hold one of the keys of `choices`.
 * @throws {OpenGatewayError} `INVALID_CREDENTIAL`
 */
export function credentialChoice<Name extends string>(
	choices: Readonly<Partial<Record<Name, unknown>>>,
	value: unknown,
	name: string,
): Name {
	if (typeof value === 'string' && Object.hasOwn(choices, value)) return value as Name;
	const known = Object.keys(choices).join(', ');
	throw invalidCredential(
		`The ${name} is not one of: ${known}.`,
		'Choose it anew in the credential.',
	);
}

/** Plain HTTP would show secrets to whoever listens; on the loopback nobody does. */
const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

/** What keeps a text from being an address to which secrets may go; `undefined` where nothing does. */
export function addressFault(written: string): 'notAnAddress' | 'notEncrypted' | undefined {
	const url = parsed(written);
	if (url === undefined || !['https:', 'http:'].includes(url.protocol)) return 'notAnAddress';
	return url.protocol === 'http:' && !LOOPBACK.test(url.hostname) ? 'notEncrypted' : undefined;
}

/** `URL.canParse` of Node 20 misjudges what is not ASCII, once it is called often. */
function parsed(written: string): URL | undefined {
	try {
		return new URL(written);
	} catch {
		return undefined;
	}
}

/**
 * A web address that secrets are sent to: HTTPS, or HTTP on the loopback, and nothing in it but
 * host, path and query.
 * @throws {OpenGatewayError} `INVALID_CREDENTIAL`
 */
export function credentialUrl(value: unknown, name: string, example: string): URL {
	const written = typeof value === 'string' ? value.trim() : '';
	const remedy = `Enter it as the operator gives it, like ${example}.`;
	const fault = addressFault(written);
	if (fault === 'notAnAddress')
		throw invalidCredential(`The ${name} is not a web address.`, remedy);
	if (fault === 'notEncrypted') {
		throw invalidCredential(
			`The ${name} is not encrypted.`,
			'Begin it with https:// instead of http://.',
		);
	}
	const url = new URL(written);
	if (url.username !== '' || url.password !== '' || url.hash !== '') {
		throw invalidCredential(`The ${name} holds more than host and path.`, remedy);
	}
	return url;
}

/**
 * As {@link credentialUrl}, without a query.
 * @returns without a trailing slash
 */
export function credentialBaseUrl(value: unknown, name = 'Base URL'): string {
	const example = 'https://api.example.com/apigateway';
	const url = credentialUrl(value, name, example);
	if (url.search !== '') {
		throw invalidCredential(
			`The ${name} holds more than host and path.`,
			`Enter it as the operator gives it, like ${example}.`,
		);
	}
	// Of an empty query or fragment, href would keep the sign.
	return (url.origin + url.pathname).replace(/\/+$/, '');
}
