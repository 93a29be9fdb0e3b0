import { applicationJwt } from './applicationJwt';
import { authorizationCode } from './authorizationCode';
import { ciba } from './ciba';
import { parseSigningClient, SIGNING_FIELDS, type Client, type ClientDialect } from './client';
import { clientCredentials } from './clientCredentials';
import { accessToken } from './accessToken';
import { apiKey } from './apiKey';
import type { Endpoints, Grant } from './grant';
import { jwtBearer } from './jwtBearer';

/** A grant type, and what it needs of the credential. */
export interface GrantType {
	readonly displayName: string;
	readonly description: string;
	/** The endpoints of the authorization server that it uses. */
	readonly endpoints: readonly (keyof Endpoints)[];
	/** OpenID Connect's flows ask for the scope `openid` (OpenID Connect Core section 3.1.2.1). */
	readonly openId?: true;
	/** The fields of the form that prove who the application is, unless it is a client that authenticates itself. */
	readonly provedBy?: readonly string[];
	/** API requests name the purpose, as there is no scope that could. */
	readonly purposeInRequest?: true;
	/** Made for a client that authenticates itself, or from other fields of the credential. */
	readonly create:
		| { readonly forClient: (client: Client) => Grant }
		| { readonly from: (credential: Record<string, unknown>, dialect: GrantDialect) => Grant };
}

/** How an operator differs in its grants. */
export interface GrantDialect extends ClientDialect {
	/** The header that carries an API key, and the key's description in the form. */
	readonly apiKey?: { readonly header: string; readonly description: string };
}

/** Every grant type that the credential offers, by the value that is stored. */
export const grantTypes = {
	ciba: {
		displayName: 'Backend Flow (CIBA)',
		description:
			'The operator recognises the device by its number or address; the phone’s owner does nothing',
		endpoints: ['backchannelAuthentication', 'token'],
		openId: true,
		create: { forClient: ciba },
	},
	jwtBearer: {
		displayName: 'Backend Flow (JWT Bearer)',
		description: 'The application names the phone number in a signed request',
		endpoints: ['token'],
		provedBy: SIGNING_FIELDS,
		create: {
			from: (credential, dialect) => jwtBearer(parseSigningClient(credential, dialect)),
		},
	},
	authorizationCode: {
		displayName: 'Frontend Flow (Authorization Code)',
		description: 'The phone opens a link, and the operator recognises its network',
		endpoints: ['authorization', 'token'],
		openId: true,
		create: { forClient: authorizationCode },
	},
	clientCredentials: {
		displayName: 'Client Credentials',
		description: 'One token for all devices, if the contract with the operator allows it',
		endpoints: ['token'],
		create: { forClient: clientCredentials },
	},
	accessToken: {
		displayName: 'Access Token',
		description: 'A token that the operator gave you, for example for its mock mode',
		endpoints: [],
		provedBy: ['Access Token'],
		create: { from: accessToken },
	},
	apiKey: {
		displayName: 'API Key',
		description: 'The key of the application at the operator’s API hub',
		endpoints: [],
		provedBy: ['API Key'],
		create: { from: (credential, dialect) => apiKey(credential, dialect.apiKey?.header ?? '') },
	},
	applicationJwt: {
		displayName: 'Application JWT',
		description: 'Each request is signed with the key of the application',
		endpoints: [],
		purposeInRequest: true,
		provedBy: ['Client ID', 'Private Key'],
		create: {
			from: (credential, dialect) => applicationJwt(parseSigningClient(credential, dialect)),
		},
	},
} satisfies Record<string, GrantType>;

export type GrantTypeName = keyof typeof grantTypes;

export { clientAuthentications, type ClientAuthenticationName } from './client';
export { signingAlgorithms } from './signingKey';
export { discover } from './discovery';
export { loginHint } from './loginHint';
export { TEST_DEVICE, TEST_PHONE } from './testDevice';
export type {
	Access,
	AuthorizationRequest,
	AuthorizationServer,
	AuthorizationUrl,
	BackendGrant,
	Callback,
	Endpoints,
	FrontendGrant,
	Grant,
	Subject,
	Trial,
	TrialRequest,
} from './grant';
