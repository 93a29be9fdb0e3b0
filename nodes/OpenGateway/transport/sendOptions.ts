import type { INodeProperties } from 'n8n-workflow';
import { OpenGatewayError } from '../errors';

/** How many requests a run may send, and how long it tries. */
export interface SendOptions {
	/** Requests in flight at the same time, at most. */
	readonly maxConcurrency: number;
	/** `undefined`: as many as the operator accepts. */
	readonly requestsPerSecond: number | undefined;
	/** Retries of a request after transient failures, at most. */
	readonly retries: number;
	/** Longest wait for a response (ms). */
	readonly timeout: number;
}

/** The fields, for the collection of options of an operation. */
export const description: INodeProperties[] = [
	{
		displayName: 'Max Concurrency',
		name: 'maxConcurrency',
		type: 'number',
		typeOptions: { minValue: 1, maxValue: 1000 },
		default: 100,
		description:
			'Requests in flight at the same time, at most. The node sends fewer if the operator slows down or refuses.',
	},
	{
		displayName: 'Requests per Second',
		name: 'requestsPerSecond',
		type: 'number',
		typeOptions: { minValue: 0 },
		default: 0,
		description:
			'Rate limit of your contract. A device takes up to three requests. Set to 0 to let the node find the limit.',
	},
	{
		displayName: 'Retries',
		name: 'retries',
		type: 'number',
		typeOptions: { minValue: 0, maxValue: 20 },
		default: 4,
		description:
			'How many times to retry a request after a timeout, a lost connection, or a refusal that may pass, such as HTTP 429 or 503',
	},
	{
		displayName: 'Timeout (Seconds)',
		name: 'timeout',
		type: 'number',
		typeOptions: { minValue: 1, maxValue: 600 },
		default: 15,
		description: 'How long to wait for the response to each request',
	},
];

const defaults = Object.fromEntries(description.map((field) => [field.name, field.default]));

/**
 * Reads the options of the same names; an option that is missing has the default of its field.
 * @throws {OpenGatewayError} `INVALID_OPTION`
 */
export function parseSendOptions(options: Readonly<Record<string, unknown>>): SendOptions {
	const { maxConcurrency, requestsPerSecond, retries, timeout } = { ...defaults, ...options };
	return {
		maxConcurrency: integer(maxConcurrency, 'Max Concurrency', 1, 1000),
		requestsPerSecond: isUnlimited(requestsPerSecond)
			? undefined
			: number(requestsPerSecond, 'Requests per Second', 0.01, 100_000),
		retries: integer(retries, 'Retries', 0, 20),
		timeout: number(timeout, 'Timeout (Seconds)', 0.1, 600) * 1000,
	};
}

function isUnlimited(rate: unknown): boolean {
	return rate === undefined || rate === null || rate === '' || rate === 0;
}

function number(value: unknown, name: string, least: number, most: number): number {
	const read = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
	if (typeof read === 'number' && read >= least && read <= most) return read;
	throw invalidOption(`'${name}' is not a number from ${least} to ${most}.`);
}

function integer(value: unknown, name: string, least: number, most: number): number {
	const read = number(value, name, least, most);
	if (Number.isInteger(read)) return read;
	throw invalidOption(`'${name}' is not a whole number.`);
}

function invalidOption(happened: string): OpenGatewayError {
	return new OpenGatewayError(happened, {
		remedy: 'Correct the option, or remove it to use its default.',
		code: 'INVALID_OPTION',
	});
}
