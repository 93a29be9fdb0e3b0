import { sleep } from 'n8n-workflow';

/**
 * Spreads work over turns of n8n's event loop. Within one turn nothing is sent or received: what
 * begins in it all at once is sent late and all at once, and nothing else happens meanwhile.
 */
export class Turns {
	#turn = Promise.resolve();
	#left: number;

	/** @param size pieces of work that begin in one turn, at most */
	constructor(private readonly size: number) {
		this.#left = size;
	}

	/** Resolves when the next piece of work is to begin. */
	async next(): Promise<void> {
		if (this.#left === 0) {
			this.#left = this.size;
			this.#turn = this.#turn.then(async () => await sleep(0));
		}
		this.#left--;
		await this.#turn;
	}
}
