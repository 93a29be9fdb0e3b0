import { authorizationCode } from './authorizationCode';
import { ciba } from './ciba';
import { parseSigningClient, type Client } from './client';
import { clientCredentials } from './clientCredentials';
import { accessToken, apiKey } from './fixedAccess';
import type { Endpoints, Grant } from './grant';
import { jwtBearer } from './jwtBearer';

/** One way in, and what the credential must hold for it. */
export interface GrantType {
	readonly displayName: string;
	readonly description: string;
	/** The endpoints of the authorization server that it calls. */
	readonly endpoints: readonly (keyof Endpoints)[];
	/** OpenID Connect's flows ask for the scope `openid` (OpenID Connect Core section 3.1.2.1). */
	readonly openId?: true;
	/** Whom it is for: a client that authenticates itself, or one that is known otherwise. */
	readonly create:
		| { readonly forClient: (client: Client) => Grant }
		| { readonly from: (credential: Record<string, unknown>) => Grant };
}

/** Every grant that the credential offers, by the value it is saved under. */
export const grantTypes = {
	ciba: {
		displayName: 'Backend Flow (CIBA)',
		description: 'The operator recognises the line without its owner doing anything',
		endpoints: ['backchannelAuthentication', 'token'],
		openId: true,
		create: { forClient: ciba },
	},
	jwtBearer: {
		displayName: 'Backend Flow (JWT Bearer)',
		description: 'The application vouches for the line with a signed assertion',
		endpoints: ['token'],
		create: { from: (credential) => jwtBearer(parseSigningClient(credential)) },
	},
	authorizationCode: {
		displayName: 'Frontend Flow (Authorization Code)',
		description: 'The line’s own device is sent to the operator, who recognises its network',
		endpoints: ['authorization', 'token'],
		openId: true,
		create: { forClient: authorizationCode },
	},
	clientCredentials: {
		displayName: 'Client Credentials',
		description: 'One token for all lines, where the operator’s contract allows that',
		endpoints: ['token'],
		create: { forClient: clientCredentials },
	},
	accessToken: {
		displayName: 'Access Token',
		description: 'A token that the operator handed out, as for its mock mode',
		endpoints: [],
		create: { from: accessToken },
	},
	apiKey: {
		displayName: 'API Key',
		description: 'The key of the application at the operator’s API hub',
		endpoints: [],
		create: { from: apiKey },
	},
} satisfies Record<string, GrantType>;

export type GrantTypeName = keyof typeof grantTypes;

export { clientAuthentications, type ClientAuthenticationName } from './client';
export { signingAlgorithms } from './signingKey';
export { discover } from './discovery';
export { ignoringDeviceRefusals, TEST_DEVICE } from './testDevice';
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
	Backoff,
} from './grant';
