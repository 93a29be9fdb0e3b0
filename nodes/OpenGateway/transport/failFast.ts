import { EndedEarly, OpenGatewayError } from '../errors';
import { TRANSIENT_STATUSES } from '../http';

/** Refusals in a row after which the operator would surely refuse the remaining devices, too. */
const MAX_REFUSALS = 10;

/** Refusals of the application, whichever device it asks about (RFC 6749 section 5.2). */
const OF_APPLICATION: readonly string[] = [
	'invalid_client',
	'unauthorized_client',
	'unsupported_grant_type',
	'invalid_scope',
	// No response: the address, the name service or the certificate.
	'UNREACHABLE',
	'TIMEOUT',
];

/**
 * Ends a run whose remaining devices would be refused alike: at once if the quota is used up; after
 * many refusals in a row if none of them is about a device, and no device was answered meanwhile.
 * Times are those of `performance.now()` (ms).
 */
export class FailFast {
	/** Each once, though many items may share it. */
	readonly #refusals = new Set<OpenGatewayError>();
	/** Transient refusals of single requests, retried or not. */
	#transient = 0;
	#answeredAt = -Infinity;
	#isUnavailable = false;

	/** @param end is called once with the error of all remaining devices, which names none of them */
	constructor(private readonly end: (error: OpenGatewayError) => void) {}

	/** The operator answered about a device, or refused to for a reason of that device. */
	onAnswer(): void {
		this.#refusals.clear();
		this.#transient = 0;
		this.#isUnavailable = false;
		this.#answeredAt = performance.now();
	}

	/** The operator was too busy for a request, or unavailable. */
	onTransient(): void {
		this.#transient++;
	}

	/**
	 * No retry is left for a request.
	 * @param since when its first attempt was refused
	 */
	onGiveUp(since: number): void {
		this.#isUnavailable = this.#transient >= MAX_REFUSALS && this.#answeredAt < since;
	}

	/** @returns the same function, whose outcomes are counted */
	watching<Answer>(
		execute: (itemIndex: number) => Promise<Answer>,
	): (itemIndex: number) => Promise<Answer> {
		return async (itemIndex) => {
			const answer = await execute(itemIndex).catch((error: unknown) => {
				this.onFailure(error);
				throw error;
			});
			this.onAnswer();
			return answer;
		};
	}

	/** A device has no answer. */
	onFailure(error: unknown): void {
		if (!(error instanceof OpenGatewayError) || error instanceof EndedEarly) return;
		const { code, status } = error.context;
		const isTransient = status !== undefined && TRANSIENT_STATUSES.includes(status);
		if (isTransient || status === 401 || status === 402 || OF_APPLICATION.includes(code)) {
			this.#refusals.add(error);
		} else if (status !== undefined) {
			this.onAnswer();
		}
		if (
			code === 'QUOTA_EXCEEDED' ||
			(isTransient && this.#isUnavailable) ||
			this.#refusals.size >= MAX_REFUSALS
		) {
			this.end(forOtherDevices(error));
		}
	}
}

function forOtherDevices({ summary, nextMove, context }: OpenGatewayError): OpenGatewayError {
	const { code, remedy } = context;
	return new EndedEarly(`${summary} The run ended without an answer about this device.`, {
		remedy,
		code,
		nextMove,
		summary,
	});
}
