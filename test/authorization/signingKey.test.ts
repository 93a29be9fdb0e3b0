import {
	generateKeyPairSync,
	sign,
	verify,
	type KeyObject,
	type KeyPairKeyObjectResult,
} from 'node:crypto';
import {
	parseSigningKey,
	type SigningAlgorithm,
} from '../../nodes/OpenGateway/authorization/signingKey';
import { refusal } from '../support/refusal';

const rsa = (modulusLength: number) => generateKeyPairSync('rsa', { modulusLength });
const ec = (namedCurve: string) => generateKeyPairSync('ec', { namedCurve });
const rsaPss = (hashAlgorithm?: string) =>
	generateKeyPairSync('rsa-pss', {
		modulusLength: 2048,
		...(hashAlgorithm && { hashAlgorithm, mgf1HashAlgorithm: hashAlgorithm }),
	});
const RSA_2048 = rsa(2048);
const P_256 = ec('P-256');
const ALGORITHMS = ['RS256', 'PS256', 'ES256'] as const;

const keys: [name: string, pair: KeyPairKeyObjectResult, fits: SigningAlgorithm[], kind: string][] =
	[
		['RSA 1024', rsa(1024), [], 'an RSA key of 1024 bits'],
		['RSA 2048', RSA_2048, ['RS256', 'PS256'], 'an RSA key of 2048 bits'],
		['RSA 3072', rsa(3072), ['RS256', 'PS256'], 'an RSA key of 3072 bits'],
		['RSA-PSS 2048', rsaPss(), ['PS256'], 'an RSA key of 2048 bits'],
		['RSA-PSS 2048 for SHA-256', rsaPss('sha256'), ['PS256'], 'an RSA key of 2048 bits'],
		['RSA-PSS 2048 for SHA-512', rsaPss('sha512'), [], 'an RSA key of 2048 bits'],
		['EC P-256', P_256, ['ES256'], 'an elliptic curve key on P-256'],
		['EC P-384', ec('P-384'), [], 'an elliptic curve key on secp384r1'],
		['EC secp256k1', ec('secp256k1'), [], 'an elliptic curve key on secp256k1'],
		['Ed25519', generateKeyPairSync('ed25519'), [], 'a key of the kind ed25519'],
	];

const pem = (key: KeyObject, type: 'pkcs1' | 'pkcs8' | 'sec1' = 'pkcs8') =>
	key.export({ format: 'pem', type }).toString();
const parse = (privateKey: unknown, signingAlgorithm: string, keyId?: unknown) =>
	parseSigningKey({ privateKey, signingAlgorithm, keyId });

/** The words of a refusal, which never hold a line of the key, nor any longer part of one. */
function refused(privateKey: unknown, signingAlgorithm: string): string {
	const { code, words } = refusal(() => parse(privateKey, signingAlgorithm));
	expect(code).toBe('INVALID_CREDENTIAL');
	expect(words).toMatch(/^'(Private Key|Signing Algorithm)' .+\. .+\.$/);
	const written = typeof privateKey === 'string' ? privateKey : JSON.stringify(privateKey);
	for (const [part] of (written ?? '').matchAll(/[\w+/]{12,}/g)) {
		if (/\d/.test(part)) expect(words).not.toContain(part.slice(0, 12));
	}
	return words;
}

describe('a key', () => {
	const rows = keys.flatMap(([name, { privateKey }, fits, kind]) =>
		ALGORITHMS.map((algorithm) => ({ name, privateKey, algorithm, kind, fits })),
	);

	test.each(rows.filter(({ algorithm, fits }) => fits.includes(algorithm)))(
		'$name is accepted for $algorithm',
		({ privateKey, algorithm }) => {
			const key = parse(pem(privateKey), algorithm, ' made-up-key-id ');
			expect(key.privateKey.equals(privateKey)).toBe(true);
			expect(key).toMatchObject({ algorithm, id: 'made-up-key-id' });
		},
	);

	test.each(rows.filter(({ algorithm, fits }) => !fits.includes(algorithm)))(
		'$name is refused for $algorithm',
		({ privateKey, algorithm, kind }) => {
			const needed = /^ES/.test(algorithm)
				? 'elliptic curve key on P-256'
				: 'RSA key of at least 2048';
			expect(refused(pem(privateKey), algorithm)).toMatch(
				new RegExp(
					`is ${kind}, and ${algorithm} needs an ${needed}.*Select the 'Signing Algorithm'`,
				),
			);
		},
	);

	test('has no ID if the field is empty', () => {
		for (const empty of ['', '  ', undefined, null, 1]) {
			expect(parse(pem(P_256.privateKey), 'ES256', empty).id).toBeUndefined();
		}
	});
});

const forms = [
	{ form: 'PKCS#8', pair: RSA_2048, type: 'pkcs8', algorithm: 'RS256' },
	{ form: 'PKCS#1', pair: RSA_2048, type: 'pkcs1', algorithm: 'PS256' },
	{ form: 'PKCS#8 of a curve', pair: P_256, type: 'pkcs8', algorithm: 'ES256' },
	{ form: 'SEC1', pair: P_256, type: 'sec1', algorithm: 'ES256' },
] as const;

/** `openssl ecparam -name prime256v1 -genkey` writes this before the key. */
const EC_PARAMETERS =
	'-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n';
/** `openssl pkcs12 -nodes` writes this before the key. */
const BAG_ATTRIBUTES =
	'Bag Attributes\n    friendlyName: made up\n    localKeyID: 01 02 03\nKey Attributes: <No Attributes>\n';
const CERTIFICATE =
	'-----BEGIN CERTIFICATE-----\nMIIBdjCCAR2gAwIBAgIU\n-----END CERTIFICATE-----\n';

const pastings: [how: string, paste: (pem: string) => string][] = [
	['as it is in the file', (text) => text],
	['without the last line break', (text) => text.trim()],
	['without its line breaks', (text) => text.replaceAll('\n', '')],
	['with "\\n" in place of its line breaks', (text) => text.replaceAll('\n', '\\n')],
	['with "\\r\\n" in place of its line breaks', (text) => text.replaceAll('\n', '\\r\\n')],
	['with the line breaks of Windows', (text) => text.replaceAll('\n', '\r\n')],
	['with spaces in place of its line breaks', (text) => text.replaceAll('\n', ' ')],
	['with tabs in place of its line breaks', (text) => text.replaceAll('\n', '\t')],
	['with every line indented', (text) => text.replace(/^/gm, '    ')],
	['with empty lines', (text) => text.replaceAll('\n', '\n\n')],
	['in quotes', (text) => JSON.stringify(text)],
	['with the parameters of its curve before it', (text) => EC_PARAMETERS + text],
	[
		'without line breaks after those parameters',
		(text) => (EC_PARAMETERS + text).replaceAll('\n', ''),
	],
	['with the attributes of its bag before it', (text) => BAG_ATTRIBUTES + text],
	['with text before and after it', (text) => `My key:\n${text}\nKeep it safe.`],
	['after its certificate', (text) => CERTIFICATE + text],
	['before its certificate', (text) => text + CERTIFICATE],
	['in lines of another length', (text) => text.replace(/([\w+/]{20})\n?/g, '$1\n')],
];

describe.each(forms)('a private key in the form $form', ({ pair, type, algorithm }) => {
	test.each(pastings)('is accepted %s', (_how, paste) => {
		const { privateKey } = parse(paste(pem(pair.privateKey, type)), algorithm);

		const text = Buffer.from('made up');
		expect(verify('sha256', text, pair.publicKey, sign('sha256', text, privateKey))).toBe(true);
	});

	test.each([
		['its end', (text: string) => text.slice(0, -60)],
		['its beginning', (text: string) => text.slice(60)],
		['its first line', (text: string) => text.slice(text.indexOf('\n') + 1)],
		['its middle', (text: string) => text.replace(/\n[\w+/=]{30}/, '\n')],
		['all but its first and last line', (text: string) => text.replace(/\n[^-]*\n/, '\n\n')],
	])('is refused without %s', (_what, cut) => {
		expect(refused(cut(pem(pair.privateKey, type)), algorithm)).toMatch(
			/(is not a key in PEM form|cannot be read: a part of it may be missing).*Paste all of the file, from/,
		);
	});
});

describe('a field without a private key', () => {
	const { publicKey, privateKey } = RSA_2048;
	const encryption = { cipher: 'aes-256-cbc', passphrase: 'made up' };
	const encrypted = (type: 'pkcs8' | 'pkcs1') =>
		privateKey.export({ format: 'pem', type, ...encryption }).toString();
	const isEncrypted = /is encrypted with a passphrase.*openssl pkey -in key\.pem -out plain\.pem/;
	const isPublic = /is a public key.*Paste the private key that belongs to it/;
	const isNone = /is not a key in PEM form.*Paste all of the file, from -----BEGIN/;
	const missing = /is missing.*Paste all of the file/;

	test.each<[what: string, value: unknown, words: RegExp]>([
		['an encrypted PKCS#8 key', encrypted('pkcs8'), isEncrypted],
		['one without line breaks', encrypted('pkcs8').replaceAll('\n', ''), isEncrypted],
		['an encrypted PKCS#1 key', encrypted('pkcs1'), isEncrypted],
		['one with "\\n"', encrypted('pkcs1').replaceAll('\n', '\\n'), isEncrypted],
		[
			'an encrypted SEC1 key',
			P_256.privateKey.export({ format: 'pem', type: 'sec1', ...encryption }),
			isEncrypted,
		],
		['a public key', publicKey.export({ format: 'pem', type: 'spki' }), isPublic],
		['a public key in PKCS#1', publicKey.export({ format: 'pem', type: 'pkcs1' }), isPublic],
		['a certificate', CERTIFICATE, /is a certificate.*Paste the private key that belongs to it/],
		[
			'a request for a certificate',
			CERTIFICATE.replaceAll('CERTIFICATE', 'CERTIFICATE REQUEST'),
			/is a certificate/,
		],
		['the parameters of a curve', EC_PARAMETERS, /is a block of another kind/],
		[
			'an OpenSSH key',
			'-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAABG5vbmU\n-----END OPENSSH PRIVATE KEY-----',
			/OpenSSH’s own form.*ssh-keygen -p -m PKCS8 -f copy/,
		],
		['a JWK', JSON.stringify(privateKey.export({ format: 'jwk' })), isNone],
		['a JWK as an object', privateKey.export({ format: 'jwk' }), missing],
		[
			'DER in Base64',
			privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64'),
			isNone,
		],
		['the path of a file', '/home/me/key2024private.pem', isNone],
		['a password', 'made-up-secret-2024', isNone],
		['an SSH public key', 'ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABgQ me@example.com', isNone],
		[
			'rubbish in the form of a key',
			'-----BEGIN PRIVATE KEY-----\nbm90IGEga2V5IGF0IGFsbA==\n-----END PRIVATE KEY-----',
			/cannot be read/,
		],
		[
			'a key under the name of another form',
			pem(privateKey).replaceAll('PRIVATE', 'EC PRIVATE'),
			/cannot be read/,
		],
		['an empty block', '-----BEGIN PRIVATE KEY----------END PRIVATE KEY-----', /cannot be read/],
		['a megabyte', '-----BEGIN PRIVATE KEY-----\n'.repeat(40_000), /longer than any key/],
		['an empty field', '', missing],
		['blanks', ' \n ', missing],
		['a missing field', undefined, missing],
		['null', null, missing],
	])('is refused: %s', (_what, value, words) => {
		expect(refused(value, 'RS256')).toMatch(words);
	});
});

test.each([['HS256'], ['none'], ['toString'], [''], [undefined]])(
	'the signing algorithm %j is refused, and the choices are named',
	(algorithm) => {
		expect(refused(pem(RSA_2048.privateKey), algorithm as string)).toBe(
			"'Signing Algorithm' has no valid value. Select it again in the credential: RS256 (RSA), PS256 (RSA-PSS), ES256 (Elliptic Curve).",
		);
	},
);
