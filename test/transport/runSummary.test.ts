import { RunSummary } from '../../nodes/OpenGateway/transport/runSummary';

test('a run without failures and retries has no hint', () => {
	expect(new RunSummary().hint(3)).toBeUndefined();
});

test('the hint counts the items without an answer by what happened', () => {
	const summary = new RunSummary();
	summary.onFailure('The operator did not answer in time.');
	for (let times = 0; times < 2; times++) {
		summary.onFailure('The phone’s owner has not consented.');
	}

	expect(summary.hint(30)).toEqual({
		message:
			"3 of 30 items have no answer, but a field 'error' in its place: 2 × The phone’s owner has not consented, 1 × The operator did not answer in time.",
		type: 'warning',
		location: 'outputPane',
	});
});

test('the hint counts the retries by their reason, and names the rate that avoids them', () => {
	const summary = new RunSummary();
	for (let times = 0; times < 12; times++) summary.onRetry('HTTP 429');
	summary.onRetry('TIMEOUT');
	summary.limiter = { estimatedRate: 95.7 };

	expect(summary.hint(300)).toEqual({
		message:
			"13 requests were retried (12 × HTTP 429, 1 × TIMEOUT). The operator accepts about 95 requests per second: set 'Requests per Second' to 95 to avoid retries.",
		type: 'info',
		location: 'outputPane',
	});
});

test.each([
	['no request was throttled', 'HTTP 503', 95],
	['the rate is unknown', 'HTTP 429', undefined],
])('the hint names no rate if %s', (_case, reason, estimatedRate) => {
	const summary = new RunSummary();
	summary.onRetry(reason);
	summary.limiter = { estimatedRate };

	expect(summary.hint(1)?.message).toBe(`1 request was retried (1 × ${reason}).`);
});

test('the hint counts the items that were given up when the run ended early', () => {
	const summary = new RunSummary();
	for (let times = 0; times < 3; times++) summary.onFailure('Refused.');
	summary.onSkipped();
	expect(summary.hint(3)?.message).toMatch(
		/: 3 × Refused\. The run ended early: .* the other item, too\.$/,
	);
	summary.onSkipped();
	expect(summary.hint(3)?.message).toContain('the other 2 items, too.');
});

test('one of anything is singular', () => {
	const summary = new RunSummary();
	summary.onFailure('Refused.');
	summary.onRetry('HTTP 429');
	summary.limiter = { estimatedRate: 1 };

	expect(summary.hint(2)?.message).toBe(
		"1 of 2 items has no answer, but a field 'error' in its place: 1 × Refused. 1 request was retried (1 × HTTP 429). The operator accepts about 1 request per second: set 'Requests per Second' to 1 to avoid retries.",
	);
});

test('the hint counts the values that were left out by their field, once a run', () => {
	const summary = new RunSummary();
	for (let times = 0; times < 40; times++) summary.onSetAside('countryName');
	summary.onSetAside('lastStatusTime');

	expect(summary.hint(40)).toMatchObject({
		message:
			'Values of the operator that cannot be read were left out: 40 × countryName, 1 × lastStatusTime.',
		type: 'info',
	});
});
