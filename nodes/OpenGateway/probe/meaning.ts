import { OpenGatewayError } from '../errors';

/**
 * What a refusal says about the credential. `device`: nothing, it is due to what the test made up.
 * `unclear`: that, or the address is not the operator's.
 */
type Meaning =
	'application' | 'forbidden' | 'grantType' | 'scope' | 'address' | 'busy' | 'device' | 'unclear';

export type ClearMeaning = Exclude<Meaning, 'unclear'>;

/** What codes mean whatever their status. OAuth's come after the client was accepted, or say so. */
const MEANINGS: Readonly<Record<string, Meaning>> = {
	invalid_client: 'application',
	invalid_token: 'application',
	unauthorized_client: 'grantType',
	authorization_type_invalid: 'grantType',
	unsupported_grant_type: 'grantType',
	unsupported_response_type: 'grantType',
	invalid_scope: 'scope',
	scope_invalid: 'scope',
	insufficient_scope: 'scope',
	server_error: 'busy',
	temporarily_unavailable: 'busy',
	QUOTA_EXCEEDED: 'busy',
	// Of an insight (Vonage), with HTTP 200.
	UNAUTHORIZED: 'application',
	INVALID_PURPOSE: 'scope',
	SUPPLIER_ERROR: 'busy',
	INTERNAL_ERROR: 'busy',
	...meaningDevice(
		'invalid_grant',
		'expired_token',
		'unknown_user_id',
		'access_denied',
		'consent_required',
		'login_required',
		'interaction_required',
		'expired_login_hint_token',
		'missing_user_code',
		'invalid_user_code',
		'invalid_binding_message',
		'DEVICE_NOT_FOUND',
		'IDENTIFIER_NOT_FOUND',
		'DEVICE_NOT_APPLICABLE',
		'SERVICE_NOT_APPLICABLE',
		'MISSING_IDENTIFIER',
		'UNIDENTIFIABLE_DEVICE',
		'UNNECESSARY_IDENTIFIER',
		'UNSUPPORTED_IDENTIFIER',
		'UNSUPPORTED_DEVICE_IDENTIFIERS',
		'IDENTIFIER_MISMATCH',
		'DEVICE_IDENTIFIERS_MISMATCH',
		'UNABLE_TO_PROVIDE_ROAMING_STATUS',
	),
};

function meaningDevice(...codes: string[]): Record<string, Meaning> {
	return Object.fromEntries(codes.map((code) => [code, 'device']));
}

const ABOUT_DEVICE =
	/\b(?:device|line|msisdn|subscriber|customer|phone|number|identifier|consent|login_hint)s?\b/i;
const ABOUT_APPLICATION =
	/\b(?:client|app|application|user|key|token|credential|scope|permission|subscribed|subscription)s?\b/i;

/** What a 403 means: gateways have it for unknown devices as well as for what is not subscribed to. */
function meaningOfForbidden(words: string): Meaning {
	if (ABOUT_DEVICE.test(words)) return 'device';
	const isUnknown = /not exist|not found|unknown/i.test(words);
	return isUnknown && !ABOUT_APPLICATION.test(words) ? 'device' : 'forbidden';
}

/** @returns `undefined` if there is no refusal, but a fault of the credential that the error names */
export function meaningOf({ context }: OpenGatewayError): Meaning | undefined {
	const { code, status, misdirected, serverMessage = '' } = context;
	if (status === undefined && /^(UNREACHABLE|TIMEOUT)$/.test(code)) return 'address';
	if (Object.hasOwn(MEANINGS, code)) return MEANINGS[code];
	if (status === undefined) return undefined;
	if ([402, 408, 425, 429].includes(status) || status >= 500) return 'busy';
	// Some servers have web pages for these.
	if (status === 401) return 'application';
	if (status === 403) return meaningOfForbidden(serverMessage);
	if (status === 405 || (misdirected && status !== 404)) return 'address';
	return 'unclear';
}

/** What the words of an API say if its code is not clear. */
export function meaningOfApiWords({
	context: { serverMessage = '' },
}: OpenGatewayError): ClearMeaning {
	return /\b(?:api[ _-]?key|token|credentials?)\b/i.test(serverMessage) ? 'application' : 'device';
}

/** What the words of an authorization server say if its code is not clear. */
export function meaningOfWords({
	context: { serverMessage = '' },
}: OpenGatewayError): ClearMeaning {
	if (/login_hint|\buser\b/i.test(serverMessage)) return 'device';
	if (/\bscopes?\b/i.test(serverMessage)) return 'scope';
	if (/\bgrant[ _-]?type\b/i.test(serverMessage)) return 'grantType';
	return /\bclient[ _-]?(?:id|secret|assertion|auth\w*|credentials?)\b/i.test(serverMessage)
		? 'application'
		: 'device';
}

export interface Refused {
	readonly error: OpenGatewayError;
	readonly meaning: Meaning;
}

/**
 * Makes the requests until what a response means is clear.
 * @returns the clearest refusal, if none of them is granted
 */
export async function refusalTo(
	...requests: readonly (() => Promise<unknown>)[]
): Promise<Refused | undefined> {
	let clearest: Refused | undefined;
	for (const make of requests) {
		const refused = await make().then(
			() => undefined,
			(error: unknown) => {
				const meaning = error instanceof OpenGatewayError ? meaningOf(error) : undefined;
				if (meaning === undefined) throw error;
				return { error: error as OpenGatewayError, meaning };
			},
		);
		if (refused === undefined) return undefined;
		const isClear = refused.meaning !== 'unclear' && refused.meaning !== 'forbidden';
		if (clearest === undefined || (isClear && refused.meaning !== 'busy')) clearest = refused;
		if (isClear) break;
	}
	return clearest;
}

/**
 * What a refusal means, compared with that at an address which nobody serves.
 * @param byWords what its words say if it is unclear
 */
export async function compared(
	refused: Refused,
	elsewhere: () => Promise<unknown>,
	byWords: ClearMeaning,
): Promise<ClearMeaning> {
	const { meaning, error } = refused;
	// Some authorization servers have web pages for HTTP 401 and 403, as web sites have.
	const { misdirected, status } = error.context;
	if (meaning !== 'unclear' && !misdirected) return meaning;
	if (meaning === 'unclear' && status !== 404 && byWords !== 'device') return byWords;
	if (isAlike(refused, await refusalTo(elsewhere))) return 'address';
	return meaning === 'unclear' ? 'device' : meaning;
}

/** Whether two refusals differ in nothing but the paths and numbers in their words. */
export function isAlike(one: Refused, other: Refused | undefined): boolean {
	const essence = ({ error: { context } }: Refused) => {
		const { code, status, serverMessage = '' } = context;
		return JSON.stringify([code, status, serverMessage.replace(/(?<!\S)\S*[\d/•]\S*/g, '')]);
	};
	return other !== undefined && essence(one) === essence(other);
}

/** Whether a client that was let in may have been forbidden the made-up device alone. */
export function isPerhapsOfDevice({ meaning, error }: Refused): boolean {
	const words = error.context.serverMessage ?? '';
	return meaning === 'forbidden' && !ABOUT_APPLICATION.test(words);
}
