import { grants, type Grant } from '../authorization';
import { OpenGatewayError } from '../errors';
import { operators, type Operator } from '../operators';
import { purposes, type Purpose } from '../purpose';

/** The application as its operator knows it. Its secret stays in the credential. */
export interface Application {
	readonly operator: Operator;
	/** Without a trailing slash. */
	readonly baseUrl: string;
	readonly grant: Grant;
	readonly purpose: Purpose;
}

function refused(happened: string, remedy: string): OpenGatewayError {
	return new OpenGatewayError(happened, { remedy, code: 'INVALID_CREDENTIAL' });
}

/**
 * Reads the fields of the credential "Open Gateway API".
 * @throws {OpenGatewayError} `INVALID_CREDENTIAL`
 */
export function parseApplication(credential: Record<string, unknown>): Application {
	for (const [field, name] of [
		['clientId', 'Client ID'],
		['clientSecret', 'Client Secret'],
	] as const) {
		if (typeof credential[field] !== 'string' || credential[field] === '') {
			throw refused(
				`The ${name} is missing.`,
				'Enter it in the credential; it is shown in the operator’s developer portal.',
			);
		}
	}
	return {
		operator: chosen(operators, credential.operator, 'Operator'),
		baseUrl: parseBaseUrl(credential.baseUrl),
		grant: chosen(grants, credential.grantType, 'Grant Type'),
		purpose: parsePurpose(credential.purpose),
	};
}

function chosen<Choice>(choices: Record<string, Choice>, value: unknown, name: string): Choice {
	const choice = Object.hasOwn(choices, String(value)) ? choices[String(value)] : undefined;
	if (choice === undefined) {
		const known = Object.keys(choices).join(', ');
		throw refused(`The ${name} is not one of: ${known}.`, 'Choose it anew in the credential.');
	}
	return choice;
}

function parsePurpose(value: unknown): Purpose {
	const purpose = purposes.find((known) => known.value === value);
	if (purpose === undefined) {
		throw refused('The Purpose is not a known one.', 'Choose it anew in the credential.');
	}
	return purpose.value;
}

/** Plain HTTP would show the client's secret to whoever listens; on the loopback nobody does. */
const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

function parseBaseUrl(value: unknown): string {
	const written = typeof value === 'string' ? value.trim() : '';
	const url = URL.canParse(written) ? new URL(written) : undefined;
	const example = 'Enter it as the operator gives it, like https://api.example.com/apigateway.';
	if (url === undefined || !['https:', 'http:'].includes(url.protocol)) {
		throw refused('The Base URL is not a web address.', example);
	}
	if (url.protocol === 'http:' && !LOOPBACK.test(url.hostname)) {
		throw refused('The Base URL is not encrypted.', 'Begin it with https:// instead of http://.');
	}
	if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
		throw refused('The Base URL holds more than host and path.', example);
	}
	// Of an empty query or fragment, href would keep the sign.
	return (url.origin + url.pathname).replace(/\/+$/, '');
}
