import { OpenGatewayError } from './errors';

export function invalidCredential(happened: string, remedy: string): OpenGatewayError {
	return new OpenGatewayError(happened, { remedy, code: 'INVALID_CREDENTIAL' });
}

/** Characters of a text field: the longest private keys and tokens have a few thousand. */
const MAX_TEXT_LENGTH = 20_000;

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
	if (typeof value === 'string' && value.length > MAX_TEXT_LENGTH) {
		throw invalidCredential(
			`'${name}' is longer than ${MAX_TEXT_LENGTH} characters.`,
			'Copy it again, without anything else.',
		);
	}
	if (typeof value === 'string' && value !== '') return value;
	throw invalidCredential(
		`'${name}' is missing.`,
		'Enter it in the credential. The operator’s developer portal shows it.',
	);
}

/**
 * A field that must hold one of the keys of `choices`.
 * @param choices by the value that is stored, each with the name that the form shows
 * @throws {OpenGatewayError} `INVALID_CREDENTIAL`
 */
export function credentialChoice<Name extends string>(
	choices: Readonly<Partial<Record<Name, { readonly displayName: string }>>>,
	value: unknown,
	name: string,
): Name {
	if (typeof value === 'string' && Object.hasOwn(choices, value)) return value as Name;
	const names = Object.values<{ displayName: string } | undefined>(choices).map(
		(choice) => choice?.displayName,
	);
	throw invalidCredential(
		`'${name}' has no valid value.`,
		`Select it again in the credential: ${names.join(', ')}.`,
	);
}

/**
 * A field that must hold one of the choices that an operator offers. The form does not ask for an
 * only one, and what is stored in the field does not count then.
 * @param offered `undefined`: all
 * @throws {OpenGatewayError} `INVALID_CREDENTIAL`
 */
export function offeredChoice<Name extends string>(
	choices: Readonly<Record<Name, { readonly displayName: string }>>,
	offered: readonly Name[] | undefined,
	value: unknown,
	name: string,
): Name {
	if (offered === undefined) return credentialChoice(choices, value, name);
	const [only, ...others] = offered;
	if (only !== undefined && others.length === 0) return only;
	const entries = offered.map((choice) => [choice, choices[choice]]);
	return credentialChoice(Object.fromEntries(entries) as Partial<typeof choices>, value, name);
}

/** Characters. Browsers, servers and proxies set limits of a few thousand. */
export const MAX_ADDRESS_LENGTH = 2000;

/** Hosts to which secrets may be sent without TLS. */
const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

/** Why secrets must not be sent to an address; `undefined` if they may. */
export function addressFault(
	written: string,
): 'notAnAddress' | 'notEncrypted' | 'tooLong' | undefined {
	if (written.length > MAX_ADDRESS_LENGTH) return 'tooLong';
	const url = parsed(written);
	if (url === undefined || !['https:', 'http:'].includes(url.protocol)) return 'notAnAddress';
	return url.protocol === 'http:' && !isLoopback(url) ? 'notEncrypted' : undefined;
}

/** Whether an address is that of a program on the same machine. */
export const isLoopback = ({ hostname }: URL): boolean => LOOPBACK.test(hostname);

/** `URL.canParse` of Node 20 misjudges non-ASCII text once V8 has optimised it. */
function parsed(written: string): URL | undefined {
	try {
		return new URL(written);
	} catch {
		return undefined;
	}
}

/**
 * A web address to which secrets are sent: HTTPS, or HTTP on the loopback, with nothing but host,
 * path and query, in at most {@link MAX_ADDRESS_LENGTH} characters.
 * @throws {OpenGatewayError} `INVALID_CREDENTIAL`
 */
export function credentialUrl(value: unknown, name: string, example: string): URL {
	const written = typeof value === 'string' ? value.trim() : '';
	const remedy = `Enter it as the operator’s documents give it, like ${example}.`;
	const fault = addressFault(written);
	if (fault === 'tooLong') {
		throw invalidCredential(`'${name}' is longer than ${MAX_ADDRESS_LENGTH} characters.`, remedy);
	}
	if (fault === 'notAnAddress') throw invalidCredential(`'${name}' is not a web address.`, remedy);
	if (fault === 'notEncrypted') {
		throw invalidCredential(
			`'${name}' is not encrypted.`,
			'Begin it with https:// instead of http://.',
		);
	}
	const url = new URL(written);
	if (url.username !== '' || url.password !== '' || url.hash !== '') {
		throw invalidCredential(`'${name}' must contain only host and path.`, remedy);
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
			`'${name}' must contain only host and path.`,
			`Enter it as the operator’s documents give it, like ${example}.`,
		);
	}
	// `href` would keep the sign of an empty query or fragment.
	return (url.origin + url.pathname).replace(/(?<!\/)\/+$/, '');
}
