import { createPublicKey, verify } from 'node:crypto';
import type { ICredentialDataDecryptedObject } from 'n8n-workflow';
import type { RunningSandbox } from '../../sandbox/client';
import type { Combination } from './combinations';
import { credentialAt } from './credential';
import {
	startScriptedOperator,
	type Misbehaviour,
	type ReceivedRequest,
	type ScriptedAnswer,
	type ScriptedOperator,
} from './scriptedOperator';

/** How servers refuse a device that does not exist, or a kind of identifier. */
export const refusals = {
	'by a code of the specification': {
		status: 404,
		body: { code: 'IDENTIFIER_NOT_FOUND', error: 'unknown_user_id' },
	},
	'as if its owner had to consent': {
		status: 403,
		body: { error: 'access_denied', code: 'FORBIDDEN', message: 'The phone has no consent' },
	},
	'by a code of its own': {
		status: 422,
		body: { error: 'MSISDN_INVALID', error_description: 'No line at 192.0.2.1 or +99999999999' },
	},
	'as malformed, in words alone': {
		status: 400,
		body: { error: 'invalid_request', error_description: 'login_hint is malformed' },
	},
	'as not found': { status: 404, body: { code: 'NOT_FOUND', message: 'No such subscriber' } },
} as const satisfies Record<string, ScriptedAnswer>;

/** What the operator answers at the moment. */
export interface Told {
	/** About each device. */
	readonly aboutDevice: ScriptedAnswer;
	/** About a phone number, at the backchannel endpoint; as about each device by default. */
	readonly byNumber?: ScriptedAnswer | undefined;
	/** In place of any answer at the path that ends so. */
	readonly answers?: Readonly<Record<string, ScriptedAnswer | Misbehaviour>>;
}

const OK_TOKEN = { body: { access_token: 'made-up', token_type: 'Bearer', expires_in: 60 } };
const INVALID_GRANT = { status: 400, body: { error: 'invalid_grant' } };
const UNKNOWN_PATH = { status: 404, body: { code: 'NOT_FOUND', message: 'No such route' } };

/**
 * An operator of every combination, at one address, that lets in the application with the sandbox's
 * RSA key, and refuses each device.
 */
export async function startRefusingOperator(
	sandbox: RunningSandbox,
	told: () => Told,
): Promise<ScriptedOperator> {
	const { jwtBearer } = await sandbox.applications();
	const publicKey = createPublicKey(jwtBearer.privateKeys?.rsa ?? '');

	function isSigned(jwt: string): boolean {
		const [header, claims, signature = ''] = jwt.split('.');
		const signed = Buffer.from(`${header}.${claims}`);
		return verify('sha256', signed, publicKey, Buffer.from(signature, 'base64url'));
	}

	return await startScriptedOperator(({ path, headers, body }: ReceivedRequest) => {
		const { aboutDevice, byNumber, answers = {} } = told();
		const [end = ''] = path.split('?')[0]?.split('/').slice(-1) ?? [];
		const changed = answers[end];
		if (changed) return changed;
		if (end === 'authorize') {
			return { status: 400, body: '<html>Nobody</html>', headers: { 'content-type': 'text/html' } };
		}
		if (end === 'bc-authorize')
			return body.includes('tel%3A') ? (byNumber ?? aboutDevice) : aboutDevice;
		if (end === 'token') {
			const form = new URLSearchParams(body);
			const assertion = form.get('assertion');
			if (assertion !== null) return isSigned(assertion) ? aboutDevice : INVALID_GRANT;
			return form.get('grant_type') === 'client_credentials' ? OK_TOKEN : INVALID_GRANT;
		}
		if (!['roaming', 'retrieve', 'requests'].includes(end)) return UNKNOWN_PATH;
		const isKnown = headers.authorization !== undefined || headers['x-rapidapi-key'] !== undefined;
		return isKnown ? aboutDevice : { status: 401, body: { code: 'UNAUTHENTICATED' } };
	});
}

/** The credential of a combination at that operator, with the addresses of its endpoints. */
export async function credentialAtRefusing(
	{ baseUrl }: ScriptedOperator,
	sandbox: RunningSandbox,
	combination: Combination,
): Promise<ICredentialDataDecryptedObject> {
	return {
		...(await credentialAt(sandbox, combination)),
		...{ baseUrl, authorizationBaseUrl: baseUrl, discoveryUrl: '' },
		...{ tokenUrl: `${baseUrl}/token`, authorizationUrl: `${baseUrl}/authorize` },
		backchannelAuthorizationUrl: `${baseUrl}/bc-authorize`,
	};
}
