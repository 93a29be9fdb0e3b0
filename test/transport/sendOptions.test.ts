import { parseSendOptions } from '../../nodes/OpenGateway/transport/sendOptions';

const defaults = { maxConcurrency: 100, requestsPerSecond: undefined, retries: 4, timeout: 15_000 };

test('options that are not set have their defaults', () => {
	expect(parseSendOptions({})).toEqual(defaults);
});

test.each([
	[{ maxConcurrency: 1 }, { maxConcurrency: 1 }],
	[{ maxConcurrency: '7' }, { maxConcurrency: 7 }],
	[{ requestsPerSecond: 0 }, { requestsPerSecond: undefined }],
	[{ requestsPerSecond: '' }, { requestsPerSecond: undefined }],
	[{ requestsPerSecond: null }, { requestsPerSecond: undefined }],
	[{ requestsPerSecond: 0.5 }, { requestsPerSecond: 0.5 }],
	[{ retries: 0 }, { retries: 0 }],
	[{ retries: 20 }, { retries: 20 }],
	[{ timeout: 0.1 }, { timeout: 100 }],
	[{ timeout: 600 }, { timeout: 600_000 }],
])('the options %j are read', (options, expected) => {
	expect(parseSendOptions(options)).toEqual({ ...defaults, ...expected });
});

test.each([
	[{ maxConcurrency: 0 }, "'Max Concurrency' is not a number from 1 to 1000."],
	[{ maxConcurrency: 1001 }, "'Max Concurrency' is not a number from 1 to 1000."],
	[{ maxConcurrency: 1.5 }, "'Max Concurrency' is not a whole number."],
	[{ requestsPerSecond: -1 }, "'Requests per Second' is not a number from 0.01 to 100000."],
	[{ requestsPerSecond: 'many' }, "'Requests per Second' is not a number from 0.01"],
	[{ retries: -1 }, "'Retries' is not a number from 0 to 20."],
	[{ retries: 21 }, "'Retries' is not a number from 0 to 20."],
	[{ retries: ' ' }, "'Retries' is not a number from 0 to 20."],
	[{ timeout: 0 }, "'Timeout (Seconds)' is not a number from 0.1 to 600."],
	[{ timeout: 601 }, "'Timeout (Seconds)' is not a number from 0.1 to 600."],
	[{ timeout: NaN }, "'Timeout (Seconds)' is not a number from 0.1 to 600."],
	[{ timeout: [1] }, "'Timeout (Seconds)' is not a number from 0.1 to 600."],
])('the options %j are refused', (options, message) => {
	expect(() => parseSendOptions(options)).toThrow(message);
	expect(() => parseSendOptions(options)).toThrow(
		expect.objectContaining({ context: expect.objectContaining({ code: 'INVALID_OPTION' }) }),
	);
});
