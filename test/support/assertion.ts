import { constants, createSign, randomUUID } from 'node:crypto';

export type Algorithm = 'RS256' | 'PS256' | 'ES256';

export interface Signing {
	/** PEM. */
	key: string;
	algorithm: Algorithm;
	/** Absent from the header if undefined. */
	kid?: string;
}

/** A JWT of these claims (RFC 7515, 3.1), signed with Node's own crypto. */
export function signed(claims: object, { key, algorithm, kid }: Signing): string {
	const part = (content: object) => Buffer.from(JSON.stringify(content)).toString('base64url');
	const content = `${part({ alg: algorithm, typ: 'JWT', kid })}.${part(claims)}`;
	const signature = createSign('sha256')
		.update(content)
		.sign({
			key,
			...(algorithm === 'PS256' && { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 }),
			...(algorithm === 'ES256' && { dsaEncoding: 'ieee-p1363' as const }),
		});
	return `${content}.${signature.toString('base64url')}`;
}

/** Valid claims for `endpoint`, which tests may change. */
export function claimsFor(clientId: string, endpoint: string) {
	const now = Math.floor(Date.now() / 1000);
	return {
		iss: clientId,
		sub: clientId,
		aud: endpoint as unknown,
		iat: now as number | undefined,
		exp: now + 300,
		jti: randomUUID() as string | undefined,
	};
}
