/**
 * The applications, which are registered with every operator of the sandbox. Their credentials are
 * public, as in Telefónica's mock mode; only keys are generated at every start.
 */
import { createPrivateKey, createPublicKey, generateKeyPair, type JsonWebKey } from 'node:crypto';
import { promisify } from 'node:util';

export const CIBA = 'urn:openid:params:grant-type:ciba';
export const JWT_BEARER = 'urn:ietf:params:oauth:grant-type:jwt-bearer';

export const applications = {
	/** Registered for all APIs of the sandbox, with every purpose. */
	roaming: { clientId: 'mock_sandbox_app_id', clientSecret: 'mock_sandbox_app_secret' },
	/** Registered for SIM Swap only. */
	otherApi: { clientId: 'mock_other_api_app_id', clientSecret: 'mock_other_api_app_secret' },
	/** As `roaming`, but may not use CIBA. */
	noCiba: { clientId: 'mock_no_ciba_app_id', clientSecret: 'mock_no_ciba_app_secret' },
	/** As `roaming`; a client has to form-encode both before it joins them (RFC 6749, 2.3.1). */
	encodedCredentials: { clientId: 'app:with space%', clientSecret: 's+cr%t&=/:' },
	/** As `roaming`; its secret travels in the form (client_secret_post). */
	secretPost: { clientId: 'mock_post_app_id', clientSecret: 'mock_post_app_secret' },
	/** As `roaming`; it signs assertions with its own keys (private_key_jwt). */
	privateKey: { clientId: 'mock_private_key_app_id' },
	/** May only use JWT bearer, whose assertion authenticates the client, too (RFC 7523). */
	jwtBearer: { clientId: 'mock_jwt_bearer_app_id' },
};

export type ApplicationName = keyof typeof applications;

export interface Registration {
	/** `token_endpoint_auth_method` (OpenID Connect Dynamic Client Registration 1.0, section 2). */
	readonly authentication:
		'client_secret_basic' | 'client_secret_post' | 'private_key_jwt' | 'none';
	readonly grants: readonly string[];
	/** Whether it may use the APIs that the operators here offer, or SIM Swap alone. */
	readonly api: 'offered' | 'simSwap';
}

const FRONTEND = ['authorization_code', 'refresh_token'];

export const registrations: Record<ApplicationName, Registration> = {
	roaming: {
		authentication: 'client_secret_basic',
		grants: [CIBA, 'client_credentials', ...FRONTEND],
		api: 'offered',
	},
	otherApi: {
		authentication: 'client_secret_basic',
		grants: [CIBA, 'client_credentials'],
		api: 'simSwap',
	},
	noCiba: {
		authentication: 'client_secret_basic',
		grants: ['client_credentials'],
		api: 'offered',
	},
	encodedCredentials: {
		authentication: 'client_secret_basic',
		grants: [CIBA, 'client_credentials'],
		api: 'offered',
	},
	secretPost: {
		authentication: 'client_secret_post',
		grants: [CIBA, 'client_credentials', ...FRONTEND],
		api: 'offered',
	},
	privateKey: {
		authentication: 'private_key_jwt',
		grants: [CIBA, 'client_credentials', ...FRONTEND],
		api: 'offered',
	},
	jwtBearer: { authentication: 'none', grants: [JWT_BEARER], api: 'offered' },
};

/** The fields of a credential for an application. */
export interface Credentials {
	clientId: string;
	clientSecret?: string;
	/** PEM, PKCS#8; the name of each is its `kid`. */
	privateKeys?: { rsa: string; ec: string };
}

export interface Keys {
	/** PEM, PKCS#8. */
	readonly privateKeys: { rsa: string; ec: string };
	/** The public keys, as they are registered. */
	readonly jwks: { keys: (JsonWebKey & { kid: string; use: 'sig' })[] };
}

/** The keys of the applications that sign: RSA for RS256 and PS256, EC P-256 for ES256. */
export async function generateKeys(): Promise<Keys> {
	const generate = promisify(generateKeyPair);
	const [rsa, ec] = await Promise.all([
		generate('rsa', { modulusLength: 2048 }),
		generate('ec', { namedCurve: 'P-256' }),
	]);
	const pem = ({ privateKey }: typeof rsa) =>
		privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
	const privateKeys = { rsa: pem(rsa), ec: pem(ec) };
	const keys = Object.entries(privateKeys).map(([kid, key]) => ({
		...createPublicKey(createPrivateKey(key)).export({ format: 'jwk' }),
		kid,
		use: 'sig' as const,
	}));
	return { privateKeys, jwks: { keys } };
}

/** The fields of credentials for all applications. */
export function credentialsOf({ privateKeys }: Keys): Record<ApplicationName, Credentials> {
	return {
		...applications,
		privateKey: { ...applications.privateKey, privateKeys },
		jwtBearer: { ...applications.jwtBearer, privateKeys },
	};
}
