import type { ClientAuthenticationName, Endpoints, GrantTypeName, Subject } from '../authorization';
import type { Device } from '../device';
import { asObject, type HttpResponse, type ErrorText } from '../http';
import type { Purpose } from '../authorization/purpose';

/** One operator's dialect: how it lets an application in, how it is asked, and how it refuses. */
export interface Operator {
	readonly displayName: string;
	readonly description: string;
	/** Where it answers, without a trailing slash. Absent where every operator has its own. */
	readonly defaultBaseUrl?: string;
	/** The grants that it knows; of those for which a client authenticates itself, how it may. */
	readonly grants: Partial<Record<GrantTypeName, readonly ClientAuthenticationName[]>>;
	/** What a credential holds to get its sample answers; id and secret may be left empty for them. */
	readonly mock?: {
		readonly clientId: string;
		readonly clientSecret: string;
		readonly accessToken: string;
	};
	/** Tells a person, in the form, which key to enter. */
	readonly apiKey?: { readonly description: string };
	/** Of its authorization server. Absent where the credential says. */
	endpoints?(baseUrl: string): Endpoints;
	/** The scope of Check Roaming with its purpose. `openId`: the flow is one of OpenID Connect. */
	roamingScope(purpose: Purpose, openId: boolean): string;
	/** What has to be asked for, too, where a refresh token is wanted. Absent where it comes unasked. */
	readonly refreshScope?: string;
	/**
	 * @param device `undefined` where only the access says which line is meant
	 * @throws {OpenGatewayError} `UNSUPPORTED_DEVICE`
	 */
	roamingRequest(baseUrl: string, device: Device | undefined, subject: Subject): ApiRequest;
	/** `undefined` where the answer is no error body of this operator. */
	readError(answer: HttpResponse): { code: string; message: unknown } | undefined;
	/** Its error codes in a person's words. */
	readonly errors: Readonly<Record<string, ErrorText>>;
	/** It refuses a question whose named device is another line than its access is for. */
	readonly verifiesDevice: boolean;
}

export interface ApiRequest {
	readonly url: string;
	/** Beside those that the access brings. */
	readonly headers?: Readonly<Record<string, string>>;
	readonly body: object;
}

/** `{code, message}`, of Telefónica and CAMARA alike; `undefined` where the answer is none such. */
export function readError({ json }: HttpResponse): { code: string; message: unknown } | undefined {
	const { code, message } = asObject(json);
	return typeof code === 'string' ? { code, message } : undefined;
}
