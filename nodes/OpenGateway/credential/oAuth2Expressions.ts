import { grantTypes } from '../authorization';
import type { Purpose } from '../authorization/purpose';
import { MAX_ADDRESS_LENGTH } from '../credentialFields';
import { operators, pastedPath, variantsOf, type Operator } from '../operators';
import { endpointFields } from './application';

/** An operator at which the phone's owner can sign in. */
interface SignInOperator {
	/** The value that is stored. */
	readonly name: string;
	/** What the form asks for, if the owner can sign in with several of its values. */
	readonly choice: Operator['choice'];
	/** Those at which the owner can sign in, by the value of the choice. */
	readonly variants: readonly (readonly [string, Operator])[];
	/** The first of them. */
	readonly operator: Operator;
}

export const signInOperators: readonly SignInOperator[] = Object.entries<Operator>(
	operators,
).flatMap(([name, { choice }]) => {
	const all = variantsOf(operators[name as keyof typeof operators]);
	const variants = all.filter(([, { grants }]) => grants.authorizationCode);
	const [first] = variants;
	return first
		? [{ name, choice: variants.length > 1 ? choice : undefined, variants, operator: first[1] }]
		: [];
});

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
 *   ((($self["authorizationBaseUrl"] || "").trim() ||
 *     (($self["telefonicaBaseUrl"] || "").trim() || "https://sandbox.…/apigateway"))
 *     .match(/^(?=.{0,2000}$)(?:https:|http:\/\/(?:localhost|…)(?::\d+)?(?:\/|$)).*$/i) || [""])[0]
 *     .replace(/(?<!\/)(?:\/+(?:device-status…|token|…))?\/*$/, "") + "/token", …
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
	const cases = signInOperators.map(({ name, choice, variants }) => {
		const codes = variants.map(([value, operator]) => [value, code(name, operator)] as const);
		return `"${name}": ${choice ? byChoice(choice, codes) : (codes[0]?.[1] ?? '""')}`;
	});
	return `={{ ({ ${cases.join(', ')} })[$self["operator"]] }}`;
}

/** The code of the chosen value, or the one that all values have in common. */
function byChoice(
	{ field, default: byDefault }: NonNullable<Operator['choice']>,
	codes: readonly (readonly [value: string, code: string])[],
): string {
	const [first = '""', ...others] = new Set(codes.map(([, code]) => code));
	if (others.length === 0) return first;
	const cases = codes.map(([value, code]) => `"${value}": ${code}`);
	return `({ ${cases.join(', ')} })[$self["${field}"] || "${byDefault}"]`;
}

function baseUrl(name: string, { defaultBaseUrl = '' }: Operator): string {
	return `(${trimmed(baseUrlField(name))} || "${defaultBaseUrl}")`;
}

function authorizationBaseUrl(name: string, operator: Operator): string {
	const { defaultAuthorizationBaseUrl: byDefault } = operator;
	return `(${trimmed('authorizationBaseUrl')} || ${byDefault ? `"${byDefault}"` : baseUrl(name, operator)})`;
}

function endpoint(endpoint: 'authorization' | 'token', name: string, operator: Operator): string {
	return operator.endpoints
		? `${encrypted(authorizationBaseUrl(name, operator))}.replace(${pastedPath(operator)}, "") + "${operator.endpoints('')[endpoint]}"`
		: encrypted(trimmed(endpointFields[endpoint].field));
}

/**
 * The address if it has TLS or is on this machine, and is not too long, else '': n8n sends the
 * client's secret there.
 */
function encrypted(address: string): string {
	const allowed = String.raw`/^(?=.{0,${MAX_ADDRESS_LENGTH}}$)(?:https:|http:\/\/(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])(?::\d+)?(?:\/|$)).*$/i`;
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
