import type { Exchange } from '../../sandbox/exchanges';
import { confidential, encodings } from './leaks';
import type { ReceivedRequest, ScriptedAnswer } from './scriptedOperator';

/** Refusals by the place of their words in them, as gateways of many kinds have it. */
export const refusalsWith: Readonly<Record<string, (words: string) => ScriptedAnswer>> = {
	error: (error) => refusal({ error }),
	error_description: (error_description) => refusal({ error: 'made_up', error_description }),
	code: (code) => refusal({ code, message: 'No' }),
	message: (message) => refusal({ code: 'MADE_UP', message }),
	detail: (detail) => refusal({ detail }),
	title: (title) => refusal({ type: 'about:blank', title }),
	fault: (faultstring) => refusal({ fault: { faultstring, detail: { errorcode: 'made.Up' } } }),
	'list of errors': (message) => refusal({ errors: [{ message }] }),
	'words by field': (words) => refusal({ messages: { phoneNumber: [words] } }),
	'JSON in words': (message) => refusal({ detail: JSON.stringify({ message }) }),
	'plain text': (words) => ({ status: 400, body: `No: ${words}`, headers: TEXT }),
	form: (words) => ({
		status: 400,
		body: new URLSearchParams({ error: 'made_up', error_description: words }).toString(),
		headers: TEXT,
	}),
	page: (title) => ({
		status: 400,
		body: `<!DOCTYPE html><html><title>${title}</title></html>`,
		headers: { 'content-type': 'text/html' },
	}),
	challenge: (words) => ({
		status: 400,
		body: '',
		headers: {
			'www-authenticate': `Bearer error="made_up", error_description="${inHeader(words)}"`,
		},
	}),
	correlator: (words) => ({
		...refusal({ error: 'made_up' }),
		headers: { 'x-correlator': inHeader(words) },
	}),
	'HTTP 200': (message) => ({ body: { code: 'MADE_UP', message } }),
};

const TEXT = { 'content-type': 'text/plain' };
const refusal = (body: object): ScriptedAnswer => ({ status: 400, body });

/** What a header cannot carry is percent-encoded. */
export function inHeader(words: string): string {
	return Buffer.from(words)
		.toString()
		.replace(/[^ !#-~]/gu, encodeURIComponent);
}

/** A server that sends back each secret that it was sent in the course of a flow. */
export class Echo {
	/** The end of the path at which it does. */
	place = '';
	/** Whether what was sent in earlier flows comes back, too. */
	remembers = false;
	/** Those that came back, in all their encodings, and the beginnings of secrets. */
	readonly secrets = new Set<string>();
	readonly identifiers = new Set<string>();
	readonly #sent = new Map<string, Exchange[]>();
	#turn = 0;

	/** @returns `undefined` for a request that is to be granted */
	answer(request: ReceivedRequest, granted: ScriptedAnswer): ScriptedAnswer {
		const isPlace = this.place !== '' && request.path.split('?')[0]?.endsWith(this.place);
		const flow = this.remembers ? '' : String(request.headers['x-correlator']);
		const exchanges = this.#sent.get(flow) ?? [];
		this.#sent.set(flow, exchanges);
		exchanges.push({
			...{ at: '', ...request, status: 200, answerHeaders: {} },
			answer: isPlace ? '' : JSON.stringify(granted.body),
		});
		const { secrets, identifiers } = confidential(exchanges);
		if (!isPlace) return granted;
		const values = [...secrets, ...identifiers];
		const fields = Object.values(refusalsWith);
		const turn = this.#turn++;
		const value = values[Math.floor(turn / fields.length) % values.length] ?? '';
		const words = encodings(value);
		const kind = secrets.has(value) ? this.secrets : this.identifiers;
		for (const encoded of words) kind.add(encoded);
		if (secrets.has(value) && value.length > 12) this.secrets.add(value.slice(0, 12));
		// A code and a correlator are one word.
		const echoed = words[Math.floor(turn / fields.length / values.length) % words.length] ?? '';
		const field = fields[turn % fields.length];
		const isWord =
			field === refusalsWith.code ||
			field === refusalsWith.error ||
			field === refusalsWith.correlator;
		return field?.(isWord ? echoed : [value.slice(0, 12), ...words].join(' ')) ?? granted;
	}
}
