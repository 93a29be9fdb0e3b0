/** One request and its answer, as they went over the wire. */
export interface Exchange {
	/** When the request arrived, RFC 3339. */
	at: string;
	method: string;
	/** With its query. */
	path: string;
	headers: Record<string, string | string[] | undefined>;
	body: string;
	status: number;
	answerHeaders: Record<string, number | string | string[] | undefined>;
	answer: string;
}

const kept = 10_000;

/**
 * The latest exchanges of this run, for tests and for whoever wants to see what a workflow really
 * sent. Secrets and tokens stay in: they are made up, and never leave the developer's own loopback.
 */
export class Exchanges {
	#latest: Exchange[] = [];

	add(exchange: Exchange): void {
		this.#latest.push(exchange);
		if (this.#latest.length > kept) this.#latest.shift();
	}

	forget(): void {
		this.#latest = [];
	}

	toJSON(): readonly Exchange[] {
		return this.#latest;
	}
}
