import { sleep } from 'n8n-workflow';
import { EndedEarly, OpenGatewayError } from '../errors';
import { TRANSIENT_STATUSES } from '../http';

/** Refusals in a row after which the operator would surely refuse the remaining devices, too. */
const MAX_REFUSALS = 10;
/**
 * Items whose requests a run begins with. Those of the others follow as soon as one has an outcome
 * that is not a refusal of them all, or after `delay` (ms): their first steps would be in vain.
 */
const FIRST_ITEMS = { count: 40, delay: 5000 };

/** Codes that concern the application or the operator, whichever device is asked about. */
const OF_ALL_DEVICES: readonly string[] = [
	// RFC 6749 section 5.2, RFC 6750 section 3.1, RFC 9449 section 5.
	'invalid_client',
	'unauthorized_client',
	'unsupported_grant_type',
	'invalid_scope',
	'insufficient_scope',
	'invalid_dpop_proof',
	// Of Glewlwyd.
	'authorization_type_invalid',
	'scope_invalid',
	'UNREACHABLE',
	'TIMEOUT',
	'QUOTA_EXCEEDED',
];
/** HTTP statuses that do: the application is not accepted, or has to pay. */
const STATUSES_OF_ALL_DEVICES: readonly number[] = [401, 402, ...TRANSIENT_STATUSES];

/**
 * Ends a run whose remaining devices would be refused alike: at once if the quota is used up; after
 * many refusals in a row if none of them is about one device, and the operator answered about no
 * other meanwhile. Times are those of `performance.now()` (ms).
 */
export class FailFast {
	/** Each once, though many items may share it. */
	readonly #refusals = new Set<OpenGatewayError>();
	/** Responses to single requests that a retry may not meet. */
	#transient = 0;
	#answeredAt = -Infinity;
	#isUnavailable = false;
	#admit: () => void = () => undefined;
	readonly #admitted = new Promise<void>((resolve) => {
		this.#admit = resolve;
	});
	#delayed: Promise<void> | undefined;

	/**
	 * @param onEnd is called with the error of all remaining devices, which names none of them
	 * @param onSkipped is called for each device that fails with that error
	 * @param signal aborts when the run is over
	 */
	constructor(
		private readonly run: {
			readonly onEnd: (error: EndedEarly) => void;
			readonly onSkipped: () => void;
			readonly signal: AbortSignal;
		},
	) {}

	/** @returns the same function, whose outcomes are counted */
	watching<Answer>(
		execute: (itemIndex: number) => Promise<Answer>,
	): (itemIndex: number) => Promise<Answer> {
		return async (itemIndex) => {
			const answer = await execute(itemIndex).catch((error: unknown) => {
				this.#onFailure(error);
				throw error;
			});
			this.#onAnswer();
			return answer;
		};
	}

	/** Resolves when requests for the item may be sent. */
	async admission(itemIndex: number): Promise<void> {
		if (itemIndex >= FIRST_ITEMS.count) await (this.#delayed ??= this.#delay());
	}

	async #delay(): Promise<void> {
		const over = new Promise((resolve) => this.run.signal.addEventListener('abort', resolve));
		await Promise.race([this.#admitted, over, sleep(FIRST_ITEMS.delay)]);
	}

	/** A request met a status that a retry may not meet. */
	onTransient(): void {
		this.#transient++;
	}

	/**
	 * No retry is left for a request, or for a step of several.
	 * @param since when it was refused first
	 */
	onGiveUp(since: number): void {
		this.#isUnavailable = this.#transient >= MAX_REFUSALS && this.#answeredAt < since;
	}

	/** The operator answered about a device, or refused to for a reason of that device. */
	#onAnswer(): void {
		this.#admit();
		this.#refusals.clear();
		this.#transient = 0;
		this.#isUnavailable = false;
		this.#answeredAt = performance.now();
	}

	#onFailure(error: unknown): void {
		if (error instanceof EndedEarly) return this.run.onSkipped();
		if (!(error instanceof OpenGatewayError)) return this.#admit();
		const { code, status = 0, misdirected } = error.context;
		// An address at which the operator has answered is its own.
		const isElsewhere = misdirected === true && this.#answeredAt === -Infinity;
		const isOfCode = OF_ALL_DEVICES.includes(code) || STATUSES_OF_ALL_DEVICES.includes(status);
		if (!isOfCode && !isElsewhere) {
			// Without a status, the node itself refused the item, which says nothing about the operator.
			return status === 0 ? this.#admit() : this.#onAnswer();
		}
		this.#refusals.add(error);
		const isDown = this.#isUnavailable && TRANSIENT_STATUSES.includes(status);
		if (code === 'QUOTA_EXCEEDED' || isDown || this.#refusals.size >= MAX_REFUSALS) {
			this.run.onEnd(forOtherDevices(error));
			this.#admit();
		}
	}
}

function forOtherDevices({ summary, nextMove, context }: OpenGatewayError): EndedEarly {
	const { code, remedy } = context;
	return new EndedEarly(`${summary} The run ended without an answer about this device.`, {
		remedy,
		code,
		nextMove,
		summary,
	});
}
