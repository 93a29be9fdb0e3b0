import { isQuotaExceeded, readRefusal } from '../nodes/OpenGateway/refusal';
import { responseOf } from './support/response';

const read = (json: unknown, known?: object) =>
	readRefusal(responseOf({ status: 400, json }), known);

test.each<[body: unknown, code: string | undefined, words: string | undefined]>([
	[{ code: 'OUTER', error: { code: 'INNER', message: 'In' } }, 'OUTER', 'In'],
	[{ code: 41, error: 'invalid_grant' }, 'invalid_grant', undefined],
	[{ code: 'OTHER', error: 'KNOWN' }, 'KNOWN', undefined],
	[{ code: 'Known' }, 'KNOWN', undefined],
	[{ type: 'urn:problem-type:known', detail: 'Why' }, 'KNOWN', 'Why'],
	[{ code: 'OTHER', message: 'KNOWN_TOO' }, 'OTHER', 'KNOWN_TOO'],
	[{ status: 'FAILED', message: 'KNOWN_TOO' }, 'KNOWN_TOO', 'KNOWN_TOO'],
	[{ status: 'FAILED', reason: 'Because' }, undefined, 'Because'],
	[{ error: 'Forbidden', code: '400' }, undefined, 'Forbidden'],
	[{ code: 'OK', message: '' }, undefined, undefined],
	[{ title: 'Bad', message: 'Very bad', detail: 'Very bad indeed' }, undefined, 'Very bad indeed'],
	[{ errors: [{ message: 'One' }, { message: 'Two' }] }, undefined, 'One; Two'],
	[['One', { message: 'Two' }], undefined, 'Two'],
	['Just so', undefined, 'Just so'],
	[{ messages: { device: { port: ['Not a port'] } } }, undefined, 'Not a port'],
	[
		{ httpCode: 400, moreInformation: 'No key was sent', path: '/v1' },
		undefined,
		'No key was sent',
	],
	[null, undefined, undefined],
	[{ device: { phoneNumber: '+34600000001' }, message: 5 }, undefined, undefined],
])('%j is read as %s: %s', (json, code, words) => {
	expect(read(json, { KNOWN: true, KNOWN_TOO: true })).toMatchObject({ code, words });
});

test('neither a large body nor a deep one holds anybody up', () => {
	const nested = (depth: number): object => (depth === 0 ? {} : { error: nested(depth - 1) });
	const bodies = [
		Object.fromEntries(Array.from({ length: 1e5 }, (_, at) => [`message${at}`, 'a_'.repeat(50)])),
		{ messages: Array.from({ length: 1e5 }, (_, at) => ({ message: `${at} `.repeat(50) })) },
		nested(5000),
		{ message: 'A_'.repeat(1e6), code: 'a'.repeat(1e6) },
	].map((json) => responseOf({ status: 400, json }));
	const texts = ['<a '.repeat(1e5), `${'<a>b'.repeat(1e5)}`, 'a='.repeat(1e5)].map((text) =>
		responseOf({ status: 400, text, challenge: 'a'.repeat(1e6) }),
	);
	const begun = performance.now();
	for (const response of [...bodies, ...texts]) readRefusal(response, { KNOWN: true });
	expect(performance.now() - begun).toBeLessThan(4000);
});

test.each([
	[{ code: 'quotaExceeded' }, 403, undefined, true],
	[{ message: 'You have reached the daily limit' }, 429, undefined, true],
	[{ message: 'The quota is 10 per second' }, 429, undefined, false],
	[{ message: 'Over the quota' }, 429, 1000, false],
	[{ message: 'Over the quota' }, 429, 3_600_000, true],
	[{ message: 'Wait' }, 429, 3_600_000, true],
	[{ message: 'Wait' }, 503, 3_600_000, false],
	[{ message: 'No quota was found' }, 500, undefined, false],
])(
	'%j with HTTP %i and a wait of %s ms: is the quota used up? %s',
	(json, status, retryAfter, isSo) => {
		expect(isQuotaExceeded(responseOf({ json, status, retryAfter }))).toBe(isSo);
	},
);
