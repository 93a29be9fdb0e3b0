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
	/** Address of its APIs, without a trailing slash. Absent if every operator has its own. */
	readonly defaultBaseUrl?: string;
	/** The grant types that it offers, each with its client authentications. */
	readonly grants: Partial<Record<GrantTypeName, readonly ClientAuthenticationName[]>>;
	/** Its mock application, which a credential without Client ID and Client Secret uses. */
	readonly mock?: {
		readonly clientId: string;
		readonly clientSecret: string;
		readonly accessToken: string;
	};
	/** Of its authorization server. Absent if the credential names them. */
	endpoints?(baseUrl: string): Endpoints;
	/** The scope that a refresh token needs beside those of the APIs. Absent if it needs none. */
	readonly refreshScope?: string;
	readonly apis: { readonly [Name in ApiName]?: ApiDialect };
	/** Its error codes in words, and HTTP statuses: see `refusalError`. */
	readonly errors: ErrorTexts;
	/** Whether it checks that the device in a request is the one that the token was issued for. */
	readonly verifiesDevice: boolean;
}

/** How an operator offers an API. */
export interface ApiDialect {
	/** @param openId the flow is one of OpenID Connect */
	scope(purpose: Purpose, openId: boolean): string;
	/**
	 * @param device `undefined` if only the access says which device is meant
	 * @throws {OpenGatewayError} `UNSUPPORTED_DEVICE`
	 */
	request(baseUrl: string, device: Device | undefined, subject: Subject): ApiRequest;
}

export interface ApiRequest {
	/** Default: POST. */
	readonly method?: HttpRequest['method'];
	readonly url: string;
	/** Beside those of the access. */
	readonly headers?: Readonly<Record<string, string>>;
	readonly json?: object;
}
