import type { NodeExecutionHint } from 'n8n-workflow';
import type { Limiter } from './limiter';

/** Failures and retries of a run, for the hint that n8n shows with its output. */
export class RunSummary {
	/** The limiter that the run sent through; `undefined` before the first request. */
	limiter: Pick<Limiter, 'estimatedRate'> | undefined;
	readonly #failures = new Map<string, number>();
	readonly #retries = new Map<string, number>();
	readonly #setAside = new Map<string, number>();
	#skipped = 0;

	/** @param what happened to an item that has no answer, as a sentence */
	onFailure(what: string): void {
		count(this.#failures, what.replace(/\.$/, ''));
	}

	/** An item was given up, since the operator would have refused it like those before. */
	onSkipped(): void {
		this.#skipped++;
	}

	/** @param part of an answer that cannot be read, by its name in the API */
	onSetAside(part: string): void {
		count(this.#setAside, part);
	}

	/** @param reason of the retry, such as `HTTP 429` */
	onRetry(reason: string): void {
		count(this.#retries, reason);
	}

	/**
	 * @param items of the run
	 * @returns `undefined` if there was no failure and no retry
	 */
	hint(items: number): NodeExecutionHint | undefined {
		const failures = total(this.#failures);
		const retries = total(this.#retries);
		const rate = this.#retries.has(THROTTLED) ? this.limiter?.estimatedRate : undefined;
		const sentences = [
			failures > 0 &&
				`${failures} of ${items} items ${failures === 1 ? 'has' : 'have'} no answer, but a field 'error' in its place: ${listed(this.#failures)}.`,
			this.#skipped > 0 &&
				`The run ended early: the operator would have refused the other ${this.#skipped === 1 ? 'item' : `${this.#skipped} items`}, too.`,
			retries > 0 &&
				`${retries} ${retries === 1 ? 'request was' : 'requests were'} retried (${listed(this.#retries)}).`,
			this.#setAside.size > 0 &&
				`Values of the operator that cannot be read were left out: ${listed(this.#setAside)}.`,
			rate !== undefined && advice(Math.floor(rate)),
		].filter(Boolean);
		if (sentences.length === 0) return undefined;
		return {
			message: sentences.join(' '),
			type: failures > 0 ? 'warning' : 'info',
			location: 'outputPane',
		};
	}
}

const THROTTLED = 'HTTP 429';

function advice(rate: number): string {
	return `The operator accepts about ${rate} ${rate === 1 ? 'request' : 'requests'} per second: set 'Requests per Second' to ${rate} to avoid retries.`;
}

function count(counts: Map<string, number>, what: string): void {
	counts.set(what, (counts.get(what) ?? 0) + 1);
}

function total(counts: Map<string, number>): number {
	return [...counts.values()].reduce((sum, times) => sum + times, 0);
}

/** `12 × HTTP 429, 1 × TIMEOUT`, the most frequent first. */
function listed(counts: Map<string, number>): string {
	return [...counts]
		.sort(([, times], [, others]) => others - times)
		.map(([what, times]) => `${times} × ${what}`)
		.join(', ');
}
