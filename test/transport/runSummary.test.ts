import { RunSummary } from '../../nodes/OpenGateway/transport/runSummary';

test('says nothing of a run in which nothing was slow and nothing failed', () => {
	expect(new RunSummary().hint(3)).toBeUndefined();
});

test('sums up what failed, and why', () => {
	const report = new RunSummary();
	for (const code of ['TIMEOUT', 'access_denied', 'access_denied']) report.failed(code);

	expect(report.hint(300)).toEqual({
		message: '3 of 300 items got no answer: 2 × access_denied, 1 × TIMEOUT.',
		type: 'warning',
		location: 'outputPane',
	});
});

test('sums up what had to be sent again, and at what rate it need not', () => {
	const report = new RunSummary();
	for (let times = 0; times < 12; times++) report.triedAgain('HTTP 429');
	report.triedAgain('TIMEOUT');
	report.pace = { rateFound: 95.7 };

	expect(report.hint(300)).toEqual({
		message:
			'13 requests had to be sent again: 12 × HTTP 429, 1 × TIMEOUT. The operator takes about 95 requests a second: with the option Requests per Second, none need be refused.',
		type: 'info',
		location: 'outputPane',
	});
});

test('does not speak of a rate where none was refused', () => {
	const report = new RunSummary();
	report.triedAgain('HTTP 503');
	report.pace = { rateFound: 95 };

	expect(report.hint(1)?.message).toBe('1 request had to be sent again: 1 × HTTP 503.');
});

test('does not speak of a rate that was not found', () => {
	const report = new RunSummary();
	report.triedAgain('HTTP 429');
	report.pace = { rateFound: undefined };

	expect(report.hint(1)?.message).toBe('1 request had to be sent again: 1 × HTTP 429.');
});
