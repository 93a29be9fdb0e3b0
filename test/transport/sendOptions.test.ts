import { parseSendOptions } from '../../nodes/OpenGateway/transport/sendOptions';
import { description } from '../../nodes/OpenGateway/actions/device/checkRoaming.operation';

const defaults = { maxConcurrency: 100, requestsPerSecond: undefined, retries: 4, timeout: 15_000 };

test('are these where nothing is said', () => {
	expect(parseSendOptions({})).toEqual(defaults);
});

test('are the same where the editor’s own defaults are left as they are', () => {
	const options = description.filter(({ name }) => name === 'options');
	expect(options).toHaveLength(2);
	for (const { options: fields = [] } of options) {
		const left = fields.map((field) => [field.name, 'default' in field && field.default]);
		expect(parseSendOptions(Object.fromEntries(left))).toEqual(defaults);
	}
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
])('%j are read', (options, expected) => {
	expect(parseSendOptions(options)).toEqual({ ...defaults, ...expected });
});

test.each([
	[{ maxConcurrency: 0 }, 'The option Max Concurrency is not a number from 1 to 1000.'],
	[{ maxConcurrency: 1001 }, 'The option Max Concurrency is not a number from 1 to 1000.'],
	[{ maxConcurrency: 1.5 }, 'The option Max Concurrency is not a whole number.'],
	[
		{ requestsPerSecond: -1 },
		'The option Requests per Second is not a number from 0.01 to 100000.',
	],
	[{ requestsPerSecond: 'many' }, 'The option Requests per Second is not a number from 0.01'],
	[{ retries: -1 }, 'The option Retries is not a number from 0 to 20.'],
	[{ retries: 21 }, 'The option Retries is not a number from 0 to 20.'],
	[{ retries: ' ' }, 'The option Retries is not a number from 0 to 20.'],
	[{ timeout: 0 }, 'The option Timeout is not a number from 0.1 to 600.'],
	[{ timeout: 601 }, 'The option Timeout is not a number from 0.1 to 600.'],
	[{ timeout: NaN }, 'The option Timeout is not a number from 0.1 to 600.'],
	[{ timeout: [1] }, 'The option Timeout is not a number from 0.1 to 600.'],
])('%j are refused', (options, message) => {
	expect(() => parseSendOptions(options)).toThrow(message);
	expect(() => parseSendOptions(options)).toThrow(
		expect.objectContaining({ context: expect.objectContaining({ code: 'INVALID_OPTION' }) }),
	);
});
