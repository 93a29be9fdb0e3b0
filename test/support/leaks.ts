import type { Exchange } from '../../sandbox/exchanges';
import type { Recording } from './recordings';

/** What must not be found, as it was seen on the wire. */
export interface Confidential {
	secrets: Set<string>;
	phoneNumbers: Set<string>;
}

/** Client secrets, tokens, request ids and phone numbers of these exchanges. */
export function confidential(exchanges: Exchange[]): Confidential {
	const secrets = new Set<string>();
	const phoneNumbers = new Set<string>();
	for (const { headers, body, answer } of exchanges) {
		const [scheme, credentials = ''] = String(headers.authorization ?? '').split(' ');
		secrets.add(credentials);
		if (scheme === 'Basic') {
			const [, secret = ''] = Buffer.from(credentials, 'base64').toString().split(':');
			secrets.add(decodeURIComponent(secret.replaceAll('+', ' ')));
		}
		for (const [, token = ''] of answer.matchAll(/"(?:access_token|auth_req_id)":"([^"]+)"/g)) {
			secrets.add(token);
		}
		for (const [digits] of decodeURIComponent(body).matchAll(/\d{8,15}/g)) phoneNumbers.add(digits);
	}
	// Too short to be told from ordinary words, as a wrong secret in a test is.
	for (const secret of secrets) if (secret.length < 8) secrets.delete(secret);
	return { secrets, phoneNumbers };
}

/** Every text that a person can read of this recording, by what may stand in it. */
export function readable(recording: Recording): { outputs: string[]; errors: string[] } {
	switch (recording.kind) {
		case 'execution':
			return {
				outputs: [JSON.stringify(recording.outputs), JSON.stringify(recording.run)],
				errors: [
					...errorsIn(recording.outputs),
					...errorsIn(recording.run),
					...recording.logged,
				].map((error) => JSON.stringify(error)),
			};
		case 'credentialTest':
			return { outputs: [], errors: [JSON.stringify(recording.result)] };
		case 'log':
			return { outputs: [], errors: recording.lines };
		case 'exchanges':
			return { outputs: [], errors: [] };
	}
}

/** The value of every field "error", without the node's own parameters that n8n puts beside it. */
function errorsIn(value: unknown): unknown[] {
	if (typeof value !== 'object' || value === null) return [];
	return Object.entries(value).flatMap(([name, inner]) => {
		if (name !== 'error') return errorsIn(inner);
		if (typeof inner !== 'object' || inner === null) return [inner];
		return [{ ...inner, node: undefined }];
	});
}

/** What was found: secrets anywhere, phone numbers in errors and log lines. */
export function leaks(recording: Recording, { secrets, phoneNumbers }: Confidential): string[] {
	const { outputs, errors } = readable(recording);
	const found = (texts: string[], words: Set<string>, what: string) =>
		texts.flatMap((text) =>
			[...words].filter((word) => text.includes(word)).map((word) => `${what} ${word} in ${text}`),
		);
	return [
		...found([...outputs, ...errors], secrets, 'secret'),
		...found(errors, phoneNumbers, 'phone number'),
	];
}
