import { createPublicKey, generateKeyPairSync, verify } from 'node:crypto';
import { applicationJwt } from '../../nodes/OpenGateway/authorization/applicationJwt';
import { parseSigningKey } from '../../nodes/OpenGateway/authorization/signingKey';
import { phone } from '../support/identifiers';

const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const key = parseSigningKey(
	{ privateKey: privateKey.export({ format: 'pem', type: 'pkcs8' }), signingAlgorithm: 'none' },
	['RS256'],
);

test('the bearer token is signed by the application and names it, with an id for each token', async () => {
	const grant = applicationJwt({ id: 'made-up-id', key });
	const obtained = [1, 2].map(async () => await grant.obtain(phone, '', undefined as never));
	const tokens = (await Promise.all(obtained)).map(({ headers, subject, expiresAt = 0 }) => {
		expect(subject).toBe('application');
		const [header = '', claims = '', signature = ''] = String(headers.authorization)
			.replace('Bearer ', '')
			.split('.');
		const signed = Buffer.from(`${header}.${claims}`);
		const bytes = Buffer.from(signature, 'base64url');
		expect(verify('sha256', signed, createPublicKey(privateKey), bytes)).toBe(true);
		const read = JSON.parse(Buffer.from(claims, 'base64url').toString()) as Record<string, number>;
		expect(read).toEqual({
			application_id: 'made-up-id',
			jti: expect.any(String) as string,
			iat: expect.any(Number) as number,
			exp: expect.any(Number) as number,
		});
		// It is let go before it expires.
		expect(expiresAt).toBeLessThan(Number(read['exp']) * 1000);
		expect(expiresAt).toBeGreaterThan(Date.now());
		return read['jti'];
	});
	expect(new Set(tokens).size).toBe(2);
});
