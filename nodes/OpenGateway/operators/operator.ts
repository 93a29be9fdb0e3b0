import type { ApiName } from '../apis';
import type {
	ClientAuthenticationName,
	Endpoints,
	GrantDialect,
	GrantTypeName,
	Subject,
} from '../authorization';
import type { Purpose } from '../authorization/purpose';
import type { Device } from '../device';
import type { ErrorTexts } from '../errors';
import type { HttpRequest } from '../http';

/** How one operator gives access, which APIs it offers and how, and how it refuses. */
export interface Operator extends GrantDialect {
	readonly displayName: string;
	readonly description: string;
	/** In what it differs from itself: the versions of its API, or its environments. */
	readonly choice?: OperatorChoice;
	/** Address of its APIs, without a trailing slash. Absent if every operator has its own. */
	readonly defaultBaseUrl?: string;
	/** Address of its authorization server, without a trailing slash. Absent if it is the Base URL. */
	readonly defaultAuthorizationBaseUrl?: string;
	/** The grant types that it offers, each with its client authentications. */
	readonly grants: Partial<Record<GrantTypeName, readonly ClientAuthenticationName[]>>;
	/** Of these, the grant types whose requests name no scope. */
	readonly grantsWithoutScope?: readonly GrantTypeName[];
	/** Its mock application, which a credential without Client ID and Client Secret uses. */
	readonly mock?: {
		readonly clientId: string;
		readonly clientSecret: string;
		readonly accessToken: string;
	};
	/** Of its authorization server. Absent if the credential names them. */
	endpoints?(authorizationBaseUrl: string): Endpoints;
	/** The scope that a refresh token needs beside those of the APIs. Absent if it needs none. */
	readonly refreshScope?: string;
	readonly apis: { readonly [Name in ApiName]?: ApiDialect };
	/** Absent if it tells of no changes. */
	readonly subscriptions?: SubscriptionsDialect;
	/** Its error codes in words, and HTTP statuses: see `refusalError`. */
	readonly errors: ErrorTexts;
	/** Whether it checks that the device in a request is the one that the token was issued for. */
	readonly verifiesDevice: boolean;
}

/** A field of the credentials by which an operator differs from itself. */
export interface OperatorChoice {
	/** The name under which the value is stored. */
	readonly field: string;
	readonly displayName: string;
	readonly description: string;
	/** The value of a credential that was stored without the field. */
	readonly default: string;
	readonly values: Readonly<Record<string, OperatorVariant>>;
}

export interface OperatorVariant {
	readonly displayName: string;
	readonly description: string;
	/** They replace those of the operator. */
	readonly traits: Partial<Omit<Operator, 'displayName' | 'description' | 'choice'>>;
}

/** An operator with the traits of the value that was chosen. */
export function withChoice(operator: Operator, value: string): Operator {
	return { ...operator, ...operator.choice?.values[value]?.traits };
}

/** The operator in each of its variants, by the value of its choice; itself if it has none. */
export function variantsOf(operator: Operator): readonly (readonly [string, Operator])[] {
	const values = Object.keys(operator.choice?.values ?? { '': operator });
	return values.map((value) => [value, withChoice(operator, value)]);
}

/** How an operator offers an API. */
export interface ApiDialect {
	/** Of the API below the Base URL: its name, its version, and what is asked. */
	readonly path: string;
	/** @param openId the flow is one of OpenID Connect */
	scope(purpose: Purpose, openId: boolean): string;
	/**
	 * @param device `undefined` if only the access says which device is meant
	 * @param purpose if the grant has no scope that names it
	 * @throws {OpenGatewayError} `UNSUPPORTED_DEVICE`
	 */
	request(
		baseUrl: string,
		device: Device | undefined,
		subject: Subject,
		purpose?: Purpose,
	): ApiRequest;
	/**
	 * The body of a 2xx response in the shape of CAMARA's API, or of an error: `{code, message}`.
	 * Absent if it has that shape already.
	 */
	answer?(body: unknown): object;
}

/** How an operator offers Device Roaming Status Subscriptions. */
export interface SubscriptionsDialect {
	/** Of the collection below the Base URL. */
	readonly path: string;
	/** Beside those of the access. */
	readonly headers?: Readonly<Record<string, string>>;
	/** @param permission the operation, as `subscriptionPermissions` names it */
	scope(permission: string): ApiDialect['scope'];
}

export interface ApiRequest {
	/** Default: POST. */
	readonly method?: HttpRequest['method'];
	readonly url: string;
	/** Beside those of the access. */
	readonly headers?: Readonly<Record<string, string>>;
	readonly json?: object;
}

/** The endpoints of an authorization server that follows the paths of CAMARA's examples. */
export function endpointsUnder(authorizationBaseUrl: string): Endpoints {
	return {
		authorization: `${authorizationBaseUrl}/authorize`,
		backchannelAuthentication: `${authorizationBaseUrl}/bc-authorize`,
		token: `${authorizationBaseUrl}/token`,
	};
}
