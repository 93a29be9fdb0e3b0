import {
	signingAlgorithms,
	type ClientAuthenticationName,
	type GrantTypeName,
} from '../../nodes/OpenGateway/authorization';
import { operators, withChoice, type Operator } from '../../nodes/OpenGateway/operators';
import type { OperatorName } from '../../sandbox/operators';

export interface Combination {
	/** The values of its choices, with spaces between them. */
	readonly name: string;
	readonly operator: keyof typeof operators;
	/** The value of the operator's own choice; empty if it has none. */
	readonly variant: string;
	/** The credential's fields for the choices. */
	readonly fields: {
		readonly operator: keyof typeof operators;
		readonly authorizationGrant: GrantTypeName;
		readonly [choice: string]: string | undefined;
	};
	readonly authorizationGrant: GrantTypeName;
	/** Absent if the client does not authenticate itself. */
	readonly clientAuthentication?: ClientAuthenticationName;
}

interface Offer {
	readonly operator: Combination['operator'];
	/** The values of the operator's own choice for which it offers this. */
	readonly variants?: readonly string[];
	/** Each grant type, with its client authentications. */
	readonly grants: Partial<Record<GrantTypeName, readonly ClientAuthenticationName[]>>;
}

const BASIC_OR_KEY = ['clientSecretBasic', 'privateKeyJwt'] as const;
const ALL = ['privateKeyJwt', 'clientSecretBasic', 'clientSecretPost'] as const;

const offers: readonly Offer[] = [
	{
		operator: 'telefonica',
		grants: {
			ciba: BASIC_OR_KEY,
			jwtBearer: [],
			authorizationCode: BASIC_OR_KEY,
			accessToken: [],
		},
	},
	{ operator: 'nokia', variants: ['nokia', 'rapidApi'], grants: { apiKey: [] } },
	{
		operator: 'orange',
		variants: ['playground'],
		grants: {
			ciba: BASIC_OR_KEY,
			authorizationCode: BASIC_OR_KEY,
			clientCredentials: BASIC_OR_KEY,
		},
	},
	{
		operator: 'orange',
		variants: ['lab'],
		grants: { clientCredentials: ['clientSecretBasic'] },
	},
	{ operator: 'vonage', grants: { applicationJwt: [] } },
	{
		operator: 'camara',
		variants: ['v1', 'v0.6', 'v0.5', 'v0'],
		grants: {
			ciba: ALL,
			jwtBearer: [],
			authorizationCode: ALL,
			clientCredentials: ALL,
			accessToken: [],
		},
	},
];

/**
 * Every grant and client authentication of each operator in each of its variants, written down from
 * the operators' documents: the tables in `operators/` are compared with it.
 */
export const combinations: readonly Combination[] = offers.flatMap(
	({ operator, variants = [''], grants }) =>
		variants.flatMap((variant) =>
			Object.entries(grants).flatMap(([grant, methods]) =>
				(methods.length > 0 ? methods : [undefined]).map((method) =>
					combination(operator, variant, grant as GrantTypeName, method),
				),
			),
		),
);

export function combination(
	operator: Combination['operator'],
	variant: string,
	authorizationGrant: GrantTypeName,
	clientAuthentication?: ClientAuthenticationName,
): Combination {
	const { choice }: Operator = operators[operator];
	return {
		name: [operator, variant, authorizationGrant, clientAuthentication].filter(Boolean).join(' '),
		...{ operator, variant, authorizationGrant },
		...(clientAuthentication && { clientAuthentication }),
		fields: {
			...{ operator, authorizationGrant },
			...(clientAuthentication && { [authenticationField(operator)]: clientAuthentication }),
			...(choice && { [choice.field]: variant }),
		},
	};
}

/** The field that holds the client authentication: CAMARA's has a default of its own. */
export function authenticationField(operator: Combination['operator']) {
	return operator === 'camara' ? 'camaraClientAuthentication' : 'clientAuthentication';
}

/** The operator of a combination, with the traits of its variant. */
export function operatorOf({ operator, variant }: Combination): Operator {
	return withChoice(operators[operator], variant);
}

/** The name of its operator in the sandbox. */
export function nameInSandbox({ operator, variant }: Combination): OperatorName {
	return operator === 'orange' && variant === 'lab' ? 'orangeLab' : operator;
}

/** Whether the client of a combination signs with its private key. */
export function signs({ authorizationGrant, clientAuthentication }: Combination): boolean {
	return (
		['jwtBearer', 'applicationJwt'].includes(authorizationGrant) ||
		clientAuthentication === 'privateKeyJwt'
	);
}

/** The algorithms that the client of a combination may sign with, as the operators document them. */
export function algorithmsOf(combination: Combination): readonly string[] {
	if (!signs(combination)) return [];
	return ['orange', 'vonage'].includes(combination.operator)
		? ['RS256']
		: Object.keys(signingAlgorithms);
}
