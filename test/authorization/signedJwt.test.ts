import { createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose';
import { clientAuthentications } from '../../nodes/OpenGateway/authorization';
import {
	parseSigningKey,
	signedJwt,
	type SigningAlgorithm,
} from '../../nodes/OpenGateway/authorization/signingKey';

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const rsaPss = generateKeyPairSync('rsa-pss', { modulusLength: 2048 });
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });

const signers: [algorithm: SigningAlgorithm, what: string, pair: Pair][] = [
	['RS256', 'RSA', rsa],
	['PS256', 'RSA', rsa],
	['PS256', 'RSA-PSS', rsaPss],
	['ES256', 'elliptic curve', ec],
];
interface Pair {
	publicKey: KeyObject;
	privateKey: KeyObject;
}

function credentialWith({ privateKey }: Pair, signingAlgorithm: SigningAlgorithm, keyId = '') {
	return {
		clientId: 'made-up-client-id',
		privateKey: privateKey.export({ format: 'pem', type: 'pkcs8' }),
		signingAlgorithm,
		keyId,
	};
}

/** jose accepts no public key of the type "rsa-pss"; without its first 22 bytes it is of the type "rsa". */
function verifiable({ publicKey }: Pair): KeyObject {
	if (publicKey.asymmetricKeyType !== 'rsa-pss') return publicKey;
	const key = publicKey.export({ format: 'der', type: 'spki' }).subarray(22);
	return createPublicKey({ key, format: 'der', type: 'pkcs1' });
}

describe.each(signers)('%s with an %s key', (algorithm, _what, pair) => {
	const key = (keyId = '') => parseSigningKey(credentialWith(pair, algorithm, keyId));

	test('signs a JWT that jose verifies', async () => {
		const claims = { iss: 'app', sub: 'tel:+34600000001', scope: 'a b#c é📱', jti: '1' };
		const { payload, protectedHeader } = await jwtVerify(
			signedJwt(claims, key(' made-up-key-id\n')),
			verifiable(pair),
			{ algorithms: [algorithm] },
		);

		expect(protectedHeader).toEqual({ alg: algorithm, typ: 'JWT', kid: 'made-up-key-id' });
		const { iat = 0, exp = 0, ...others } = payload;
		expect(others).toEqual(claims);
		const now = Date.now() / 1000;
		expect(iat).toBeLessThanOrEqual(now);
		expect(iat).toBeGreaterThan(now - 60);
		expect(exp).toBeGreaterThan(now + 60);
		expect(exp - iat).toBeLessThanOrEqual(300);
	});

	test('signs without a kid if the credential has none', () => {
		expect(decodeProtectedHeader(signedJwt({}, key()))).toEqual({ alg: algorithm, typ: 'JWT' });
	});

	test('authenticates a client to exactly the endpoint that it calls', async () => {
		const client = clientAuthentications.privateKeyJwt.parse(
			credentialWith(pair, algorithm, 'made-up-key-id'),
		);
		for (const endpoint of ['https://api.example.com/token', 'https://api.example.com/bc?a=1']) {
			const { form, ...others } = client.authenticate(endpoint);
			const { client_assertion: assertion, ...type } = form;

			expect(others).toEqual({});
			expect(type).toEqual({
				client_id: 'made-up-client-id',
				client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
			});
			const { payload } = await jwtVerify(assertion, verifiable(pair), {
				algorithms: [algorithm],
				audience: endpoint,
				issuer: 'made-up-client-id',
				subject: 'made-up-client-id',
				maxTokenAge: 300,
				requiredClaims: ['iss', 'sub', 'aud', 'jti', 'iat', 'exp'],
			});
			expect(Object.keys(payload).sort()).toEqual(['aud', 'exp', 'iat', 'iss', 'jti', 'sub']);
			expect(payload.jti).toMatch(/^[\w-]{22,}$/);
		}
	});
});

test('no two of 1,000 assertions have the same jti', () => {
	const client = clientAuthentications.privateKeyJwt.parse(credentialWith(ec, 'ES256'));
	const assertions = Array.from(
		{ length: 1000 },
		() => client.authenticate('https://api.example.com/token').form.client_assertion,
	);

	expect(new Set(assertions.map((assertion) => decodeJwt(assertion).jti)).size).toBe(1000);
});

test('the secret of a client is its key, in whatever form it was pasted', () => {
	const secretOf = (key: KeyObject, type: 'pkcs8' | 'sec1') => {
		const privateKey = key.export({ format: 'pem', type });
		const credential = { ...credentialWith(ec, 'ES256'), privateKey };
		return clientAuthentications.privateKeyJwt.parse(credential).secret();
	};
	const { privateKey } = ec;
	const other = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;

	const der = privateKey.export({ format: 'der', type: 'pkcs8' });
	expect(secretOf(privateKey, 'pkcs8')).toEqual(der);
	expect(secretOf(privateKey, 'sec1')).toEqual(der);
	expect(secretOf(other, 'pkcs8')).not.toEqual(der);
});
