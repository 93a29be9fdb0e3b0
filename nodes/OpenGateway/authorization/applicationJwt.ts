import { randomUUID } from 'crypto';
import { bearer, type BackendGrant } from './grant';
import { signedJwt, type SigningKey } from './signingKey';

/** How long the JWT is used (ms), which expires in two minutes. */
const LIFETIME = 100_000;

/**
 * A JWT that the application signs for itself, sent as the bearer token of API requests: there is
 * no authorization server (Vonage, "Authentication", JSON Web Tokens).
 */
export const applicationJwt = (client: { id: string; key: SigningKey }): BackendGrant => ({
	flow: 'backend',
	subject: 'application',
	trials: [],
	async obtain() {
		const token = signedJwt({ application_id: client.id, jti: randomUUID() }, client.key);
		return { ...bearer(token, 'application'), expiresAt: Date.now() + LIFETIME };
	},
});
