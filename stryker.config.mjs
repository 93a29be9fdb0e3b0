/**
 * `npm run mutation`: how many small faults in `nodes/`, planted one at a time, the tests notice.
 * @type {import('@stryker-mutator/api/core').PartialStrykerOptions}
 */
export default {
	mutate: ['nodes/**/*.ts'],
	testRunner: 'jest',
	jest: { configFile: 'jest.mutation.config.js', enableFindRelatedTests: false },
	coverageAnalysis: 'perTest',
	ignoreStatic: true,
	thresholds: { high: 90, low: 80, break: 80 },
	reporters: ['progress-append-only', 'clear-text', 'html', 'json'],
	clearTextReporter: { reportTests: false, reportMutants: false, allowColor: false },
	htmlReporter: { fileName: '.mutation/report.html' },
	jsonReporter: { fileName: '.mutation/report.json' },
	incrementalFile: '.mutation/incremental.json',
	tempDirName: '.stryker-tmp',
	ignorePatterns: ['dist', 'docs', '.n8n-runtime', 'test/.recordings', '.mutation'],
	concurrency: 2,
	// n8n's engine leaves something behind each time it is loaded.
	maxTestRunnerReuse: 50,
	timeoutMS: 5_000,
};
