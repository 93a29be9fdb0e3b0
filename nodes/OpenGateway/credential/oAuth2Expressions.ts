import { grantTypes } from '../authorization';
import type { Purpose } from '../authorization/purpose';
import { operators, type Operator } from '../operators';
import { endpointFields } from './application';

/** The operators at which the phone's owner can sign in, by the value they are saved under. */
export const signInOperators: readonly (readonly [string, Operator])[] = Object.entries<Operator>(
	operators,
).filter(([, { grants }]) => grants.authorizationCode);

/** The field of the credential that holds an operator's Base URL. */
export const baseUrlField = (operator: string) => `${operator}BaseUrl`;

/**
 * The hidden fields that n8n reads, as expressions over the fields that a person fills in (`$self`).
 * n8n runs no code of an OAuth2 credential.
 *
 * Each has one entry for each operator, as `accessTokenUrl` has for Telefónica (line breaks added):
 *
 * ```js
 * ={{ ({ "telefonica":
 *   ((($self["telefonicaBaseUrl"] || "").trim() || "https://sandbox.…/apigateway")
 *     .match(/^(?:https:|http:\/\/(?:localhost|…)(?::\d+)?(?:\/|$)).*$/i) || [""])[0]
 *     .replace(/\/+$/, "") + "/token", …
 * })[$self["operator"]] }}
 * ```
 */
export const oAuth2Expressions = {
	baseUrl: byOperator(baseUrl),
	authUrl: byOperator((name, operator) => endpoint('authorization', name, operator)),
	accessTokenUrl: byOperator((name, operator) => endpoint('token', name, operator)),
	scope: byOperator((_, operator) => `${trimmed('customScope')} || ${scope(operator)}`),
};

function byOperator(code: (name: string, operator: Operator) => string): string {
	const cases = signInOperators.map(([name, operator]) => `"${name}": ${code(name, operator)}`);
	return `={{ ({ ${cases.join(', ')} })[$self["operator"]] }}`;
}

function baseUrl(name: string, { defaultBaseUrl = '' }: Operator): string {
	return `(${trimmed(baseUrlField(name))} || "${defaultBaseUrl}")`;
}

function endpoint(endpoint: 'authorization' | 'token', name: string, operator: Operator): string {
	return operator.endpoints
		? `${encrypted(baseUrl(name, operator))}.replace(/\\/+$/, "") + "${operator.endpoints('')[endpoint]}"`
		: encrypted(trimmed(endpointFields[endpoint].field));
}

/** The address if it has TLS or is on this machine, else '': n8n sends the client's secret there. */
function encrypted(address: string): string {
	const allowed = String.raw`/^(?:https:|http:\/\/(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])(?::\d+)?(?:\/|$)).*$/i`;
	return `(${address}.match(${allowed}) || [""])[0]`;
}

function scope({ apis, refreshScope }: Operator): string {
	const placeholder = '{purpose}' as Purpose;
	const scopes = [
		apis.roamingStatus?.scope(placeholder, grantTypes.authorizationCode.openId),
		refreshScope,
	];
	return `"${scopes.filter(Boolean).join(' ')}".replace("${placeholder}", $self["purpose"])`;
}

/** The field without white space around it; '' if the form does not show it. */
function trimmed(field: string): string {
	return `($self["${field}"] || "").trim()`;
}
