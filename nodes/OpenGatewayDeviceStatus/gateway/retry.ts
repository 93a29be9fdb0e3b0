import type { Tries } from '../authorization';
import { OpenGatewayError } from '../errors';
import { NO_ANSWER_BEHIND, type HttpAnswer, type HttpRequest, type Send } from '../http';
import { LONGEST_WAIT } from './limits';
import type { Pace } from './pace';

/** The first wait, in ms, at most; each later one is up to twice as long. */
const FIRST_WAIT = 500;
const LONGEST_BACKOFF = 30_000;

/** So many further tries, after waits of exponential length with full jitter. */
export function triesOf(retries: number, wait: (ms: number) => Promise<void>): Tries {
	let tried = 0;
	return {
		async again(atLeast = 0) {
			if (tried >= retries || atLeast > LONGEST_WAIT) return false;
			const longest = Math.min(FIRST_WAIT * 2 ** tried++, LONGEST_BACKOFF);
			await wait(atLeast + Math.random() * longest);
			return true;
		},
	};
}

/** Statuses of a server that has not looked at the request. */
const REFUSED_UNSEEN: readonly number[] = [429, 503];

/**
 * Sends again what failed for a passing reason, where that is safe: a request that
 * {@link HttpRequest.spends} something only where the server refused to look at it.
 * @param sendOnce throws where no answer comes
 * @param noted hears of each further try, and why there is one
 */
export function retrying(
	sendOnce: (request: HttpRequest) => Promise<HttpAnswer>,
	{ tries, pace, noted }: { tries: () => Tries; pace: Pace; noted: (why: string) => void },
): Send {
	return async (request) => {
		const left = tries();
		for (;;) {
			const outgoing = request();
			const outcome = await sendOnce(outgoing).catch(passingFailure);
			const failed = outcome instanceof OpenGatewayError;
			const status = failed ? 0 : outcome.status;
			const isRefused = REFUSED_UNSEEN.includes(status);
			const isPassing = failed || isRefused || NO_ANSWER_BEHIND.includes(status);
			const isSafe = isRefused || !outgoing.spends;
			if (isPassing && isSafe && !pace.down) {
				if (await left.again(failed ? 0 : outcome.retryAfter)) {
					noted(failed ? outcome.context.code : `HTTP ${status}`);
					continue;
				}
				if (failed) pace.gaveUp(outcome);
			}
			if (failed) throw outcome;
			return outcome;
		}
	};
}

function passingFailure(error: unknown): OpenGatewayError {
	if (error instanceof OpenGatewayError && error.context.passing) return error;
	throw error;
}
