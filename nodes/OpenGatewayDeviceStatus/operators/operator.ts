import type { Purpose } from '../purpose';
import type { Device } from '../device';
import type { HttpAnswer, Meaning } from '../http';

/** One operator's dialect: where it is asked, for which scope, how, and how it refuses. */
export interface Operator {
	readonly displayName: string;
	/** The base URL of its sandbox, without a trailing slash. */
	readonly defaultBaseUrl: string;
	endpoints(baseUrl: string): { backchannelAuthentication: string; token: string };
	/** The scope of Check Roaming, with its purpose, as the operator joins them. */
	roamingScope(purpose: Purpose): string;
	roamingRequest(baseUrl: string, device: Device): { url: string; body: object };
	/** `undefined` where the answer is no error body of this operator. */
	readError(answer: HttpAnswer): { code: string; message: unknown } | undefined;
	/** Its error codes in a person's words. */
	readonly errors: Readonly<Record<string, Meaning>>;
}
