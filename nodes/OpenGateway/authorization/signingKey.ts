import { constants, createPrivateKey, generateKeyPair, sign, type KeyObject } from 'crypto';
import { invalidCredential, offeredChoice } from '../credentialFields';
import type { OpenGatewayError } from '../errors';

/** A private key that fits its algorithm. */
export interface SigningKey {
	readonly privateKey: KeyObject;
	readonly algorithm: SigningAlgorithm;
	/** `kid`, if the operator knows the key by one. */
	readonly id: string | undefined;
}

/** JWS algorithms (RFC 7518 section 3.1) that CAMARA's profile allows. */
export const signingAlgorithms = {
	RS256: { displayName: 'RS256 (RSA)', key: 'an RSA key of at least 2048 bits' },
	PS256: { displayName: 'PS256 (RSA-PSS)', key: 'an RSA key of at least 2048 bits' },
	ES256: { displayName: 'ES256 (Elliptic Curve)', key: 'an elliptic curve key on P-256' },
} as const;

export type SigningAlgorithm = keyof typeof signingAlgorithms;

/**
 * Reads the fields `privateKey`, `keyId` and `signingAlgorithm` of the credential.
 * @param offered the algorithms that the operator accepts; the form does not ask for an only one
 * @throws {OpenGatewayError} `INVALID_CREDENTIAL`
 */
export function parseSigningKey(
	credential: Record<string, unknown>,
	offered?: readonly SigningAlgorithm[],
): SigningKey {
	const algorithm = offeredChoice(
		signingAlgorithms,
		offered,
		credential.signingAlgorithm,
		'Signing Algorithm',
	);
	const privateKey = parsePrivateKey(credential.privateKey);
	if (!fits(privateKey, algorithm)) {
		throw invalidCredential(
			`'Private Key' is ${kindOf(privateKey)}, and ${algorithm} needs ${signingAlgorithms[algorithm].key}.`,
			"Select the 'Signing Algorithm' that fits the key, or paste the key that is registered for it.",
		);
	}
	const id = typeof credential.keyId === 'string' ? credential.keyId.trim() : '';
	return { privateKey, algorithm, id: id === '' ? undefined : id };
}

/** A key that nobody has registered, with the algorithm and the id of another one. */
export async function unregisteredKey({ algorithm, id }: SigningKey): Promise<SigningKey> {
	const privateKey = await new Promise<KeyObject>((resolve, reject) => {
		const done = (error: Error | null, _publicKey: KeyObject, key: KeyObject) =>
			error ? reject(error) : resolve(key);
		if (algorithm === 'ES256') generateKeyPair('ec', { namedCurve: 'P-256' }, done);
		else generateKeyPair('rsa', { modulusLength: 2048 }, done);
	});
	return { privateKey, algorithm, id };
}

/**
 * Signs the claims as a compact JWS (RFC 7515 section 7.1) that expires in two minutes. CAMARA's
 * profile allows 300 s between `iat` and `exp` (sections "Client Authentication", "JWT Bearer
 * Flow").
 */
export function signedJwt(claims: Record<string, unknown>, key: SigningKey): string {
	const now = Math.floor(Date.now() / 1000);
	// A server whose clock is slow would refuse a token from its future.
	const times = { iat: now - CLOCK_SKEW, exp: now + LIFETIME };
	const header = { alg: key.algorithm, typ: 'JWT', ...(key.id && { kid: key.id }) };
	const content = [header, { ...claims, ...times }]
		.map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
		.join('.');
	return `${content}.${signature(content, key).toString('base64url')}`;
}

/** Seconds. */
const LIFETIME = 120;
/** Seconds. */
const CLOCK_SKEW = 10;

/** RFC 7518 sections 3.3, 3.4 and 3.5. */
function signature(content: string, { privateKey: key, algorithm }: SigningKey): Buffer {
	const text = Buffer.from(content);
	switch (algorithm) {
		case 'RS256':
			return sign('sha256', text, { key, padding: constants.RSA_PKCS1_PADDING });
		case 'PS256':
			return sign('sha256', text, {
				key,
				padding: constants.RSA_PKCS1_PSS_PADDING,
				saltLength: constants.RSA_PSS_SALTLEN_DIGEST,
			});
		case 'ES256':
			return sign('sha256', text, { key, dsaEncoding: 'ieee-p1363' });
	}
}

const CONVERT = 'openssl pkey -in key.pem -out plain.pem';
const PASTE = 'Paste all of the file, from -----BEGIN to -----END …-----.';

/** Characters: many times an RSA key of 16384 bits. */
const MAX_PEM_LENGTH = 100_000;

/** A PEM block (RFC 7468), with its line breaks, without them, or with "\n" in their place. */
const PEM = /-----BEGIN ([A-Z0-9 ]+)-----((?:(?!-----).)*)-----END \1-----/gs;

function parsePrivateKey(value: unknown): KeyObject {
	if (typeof value !== 'string' || value.trim() === '') {
		throw invalidCredential("'Private Key' is missing.", PASTE);
	}
	if (value.length > MAX_PEM_LENGTH) {
		throw invalidCredential("'Private Key' is longer than any key.", PASTE);
	}
	const blocks = [...value.replace(/\\[rn]/g, '\n').matchAll(PEM)];
	// OpenSSL writes the parameters of a curve into a separate block before the key.
	const [, label = '', body = ''] =
		blocks.find(([, label]) => label?.endsWith('PRIVATE KEY')) ?? blocks[0] ?? [];
	if (label === '') throw invalidCredential("'Private Key' is not a key in PEM form.", PASTE);
	if (label === 'ENCRYPTED PRIVATE KEY' || /ENCRYPTED/.test(body)) {
		throw invalidCredential(
			"'Private Key' is encrypted with a passphrase.",
			`Paste it without its passphrase (${CONVERT}): n8n encrypts credentials.`,
		);
	}
	if (label === 'OPENSSH PRIVATE KEY') {
		throw invalidCredential(
			"'Private Key' is in OpenSSH’s own form.",
			'Convert a copy of it (ssh-keygen -p -m PKCS8 -f copy), and paste the copy.',
		);
	}
	if (!label.endsWith('PRIVATE KEY')) throw notPrivate(label);
	const lines = body.replace(/\s+/g, '').match(/.{1,64}/g) ?? [];
	try {
		return createPrivateKey(
			[`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`].join('\n'),
		);
	} catch {
		throw invalidCredential("'Private Key' cannot be read: a part of it may be missing.", PASTE);
	}
}

function notPrivate(label: string): OpenGatewayError {
	const kind = /CERTIFICATE|PUBLIC KEY/.exec(label)?.[0].toLowerCase() ?? 'block of another kind';
	return invalidCredential(
		`'Private Key' is a ${kind}.`,
		'Paste the private key that belongs to it; the operator has the public one.',
	);
}

function fits(key: KeyObject, algorithm: SigningAlgorithm): boolean {
	const {
		modulusLength = 0,
		namedCurve,
		hashAlgorithm = 'sha256',
	} = key.asymmetricKeyDetails ?? {};
	switch (algorithm) {
		case 'RS256':
			return key.asymmetricKeyType === 'rsa' && modulusLength >= 2048;
		case 'PS256':
			return (
				/^rsa(-pss)?$/.test(key.asymmetricKeyType ?? '') &&
				modulusLength >= 2048 &&
				hashAlgorithm === 'sha256'
			);
		case 'ES256':
			return key.asymmetricKeyType === 'ec' && namedCurve === 'prime256v1';
	}
}

function kindOf(key: KeyObject): string {
	const { modulusLength, namedCurve } = key.asymmetricKeyDetails ?? {};
	if (modulusLength !== undefined) return `an RSA key of ${modulusLength} bits`;
	if (namedCurve !== undefined)
		return `an elliptic curve key on ${namedCurve.replace('prime256v1', 'P-256')}`;
	return `a key of the kind ${key.asymmetricKeyType}`;
}
