import type {
	ClientAuthenticationName,
	GrantTypeName,
} from '../../nodes/OpenGateway/authorization';
import type { operators } from '../../nodes/OpenGateway/operators';

export interface Combination {
	/** The values of its choices, with spaces between them. */
	readonly name: string;
	readonly operator: keyof typeof operators;
	readonly authorizationGrant: GrantTypeName;
	/** Absent if the client does not authenticate itself. */
	readonly clientAuthentication?: ClientAuthenticationName;
}

type Choices = readonly [
	operator: Combination['operator'],
	authorizationGrant: GrantTypeName,
	clientAuthentication?: ClientAuthenticationName,
];

const choices: readonly Choices[] = [
	['telefonica', 'ciba', 'clientSecretBasic'],
	['telefonica', 'ciba', 'privateKeyJwt'],
	['telefonica', 'jwtBearer'],
	['telefonica', 'authorizationCode', 'clientSecretBasic'],
	['telefonica', 'authorizationCode', 'privateKeyJwt'],
	['telefonica', 'accessToken'],
	['nokia', 'apiKey'],
	['camara', 'ciba', 'clientSecretBasic'],
	['camara', 'ciba', 'clientSecretPost'],
	['camara', 'ciba', 'privateKeyJwt'],
	['camara', 'jwtBearer'],
	['camara', 'authorizationCode', 'clientSecretBasic'],
	['camara', 'authorizationCode', 'clientSecretPost'],
	['camara', 'authorizationCode', 'privateKeyJwt'],
	['camara', 'clientCredentials', 'clientSecretBasic'],
	['camara', 'clientCredentials', 'clientSecretPost'],
	['camara', 'clientCredentials', 'privateKeyJwt'],
	['camara', 'accessToken'],
];

/**
 * Every grant and client authentication of each operator, written down from the operators' documents:
 * the tables in `operators/` are compared with it.
 */
export const combinations: readonly Combination[] = choices.map(
	([operator, authorizationGrant, clientAuthentication]) => ({
		name: [operator, authorizationGrant, clientAuthentication].filter(Boolean).join(' '),
		operator,
		authorizationGrant,
		...(clientAuthentication && { clientAuthentication }),
	}),
);
