import type { NodeExecutionHint } from 'n8n-workflow';
import type { Limiter } from './limiter';

/** What a run was slowed down or cut short by, for the person who looks at it. */
export class RunSummary {
	/** At which the run asked. */
	pace: Pick<Limiter, 'rateFound'> | undefined;
	readonly #failures = new Map<string, number>();
	readonly #triedAgain = new Map<string, number>();

	/** @param code of the error that an item ended with */
	failed(code: string): void {
		count(this.#failures, code);
	}

	/** @param why e.g. `HTTP 429` */
	triedAgain(why: string): void {
		count(this.#triedAgain, why);
	}

	/**
	 * @param items of the run
	 * @returns `undefined` where nothing was slow and nothing failed
	 */
	hint(items: number): NodeExecutionHint | undefined {
		const rateFound = this.pace?.rateFound;
		const failed = total(this.#failures);
		const again = total(this.#triedAgain);
		const sentences = [
			failed > 0 && `${failed} of ${items} items got no answer: ${listed(this.#failures)}.`,
			again > 0 &&
				`${again} ${again === 1 ? 'request' : 'requests'} had to be sent again: ${listed(this.#triedAgain)}.`,
			this.#triedAgain.has(TOO_MANY) &&
				rateFound !== undefined &&
				`The operator takes about ${Math.floor(rateFound)} requests a second: with the option Requests per Second, none need be refused.`,
		].filter(Boolean);
		if (sentences.length === 0) return undefined;
		return {
			message: sentences.join(' '),
			type: failed > 0 ? 'warning' : 'info',
			location: 'outputPane',
		};
	}
}

const TOO_MANY = 'HTTP 429';

function count(counts: Map<string, number>, what: string): void {
	counts.set(what, (counts.get(what) ?? 0) + 1);
}

function total(counts: Map<string, number>): number {
	return [...counts.values()].reduce((sum, times) => sum + times, 0);
}

/** `2 × access_denied, 1 × TIMEOUT`, the most frequent first. */
function listed(counts: Map<string, number>): string {
	return [...counts]
		.sort(([, times], [, others]) => others - times)
		.map(([what, times]) => `${times} × ${what}`)
		.join(', ');
}
