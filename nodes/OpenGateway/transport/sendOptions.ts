import { OpenGatewayError } from '../errors';

/** How hard a run may press the operator, and how patient it is. */
export interface SendOptions {
	/** Requests in flight at the same time, at most. */
	readonly maxConcurrency: number;
	/** `undefined`: as many as the operator bears. */
	readonly requestsPerSecond: number | undefined;
	/** Further tries of a request that fails for a passing reason. */
	readonly retries: number;
	/** Longest wait for one answer, in ms. */
	readonly timeout: number;
}

/** Where an operator wants to be left alone for longer, in ms, the item fails instead. */
export const MAX_RETRY_AFTER = 120_000;

/** What the fields hold when left alone; the timeout in s. */
export const defaultSendOptions = { maxConcurrency: 100, retries: 4, timeout: 15 };

/**
 * Reads the options of the same names; `timeout` is in s there.
 * @throws {OpenGatewayError} `INVALID_OPTION`
 */
export function parseSendOptions(options: Readonly<Record<string, unknown>>): SendOptions {
	const { maxConcurrency, requestsPerSecond, retries, timeout }: Record<string, unknown> = {
		...defaultSendOptions,
		...options,
	};
	return {
		maxConcurrency: whole(maxConcurrency, 'Max Concurrency', 1, 1000),
		requestsPerSecond: isBlank(requestsPerSecond)
			? undefined
			: number(requestsPerSecond, 'Requests per Second', 0.01, 100_000),
		retries: whole(retries, 'Retries', 0, 20),
		timeout: number(timeout, 'Timeout', 0.1, 600) * 1000,
	};
}

function isBlank(value: unknown): boolean {
	return value === undefined || value === null || value === '' || value === 0;
}

function number(value: unknown, name: string, least: number, most: number): number {
	const read = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
	if (typeof read === 'number' && read >= least && read <= most) return read;
	throw invalidOption(`The option ${name} is not a number from ${least} to ${most}.`);
}

function whole(value: unknown, name: string, least: number, most: number): number {
	const read = number(value, name, least, most);
	if (Number.isInteger(read)) return read;
	throw invalidOption(`The option ${name} is not a whole number.`);
}

function invalidOption(happened: string): OpenGatewayError {
	return new OpenGatewayError(happened, {
		remedy: 'Correct it, or remove the option: there is a good default.',
		code: 'INVALID_OPTION',
	});
}
