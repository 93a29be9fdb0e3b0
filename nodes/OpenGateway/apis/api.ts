import type { HttpResponse } from '../http';

/** One API of the family, whichever operator offers it. */
export interface Api<Answer, Name extends string = string> {
	/** The name under which an operator lists how it speaks the API. */
	readonly name: Name;
	/** As users know it. */
	readonly displayName: string;
	/**
	 * Reads a 2xx response.
	 * @param setAside is told of each part that cannot be read, by its name in the API
	 * @throws {OpenGatewayError} `UNEXPECTED_ANSWER`
	 */
	read(response: HttpResponse, setAside: (part: string) => void): Answer;
}
