/**
 * `npm run mutation`: how many small faults in `nodes/`, planted one at a time, the tests notice.
 * @type {import('@stryker-mutator/api/core').PartialStrykerOptions}
 */
export default {
	// The node files declare the form and have no logic.
	mutate: ['nodes/**/*.ts', '!nodes/**/*.node.ts'],
	testRunner: 'jest',
	// The tests for a fault are chosen by the code that each runs through, not by imports.
	jest: { configFile: 'test/mutation/jest.config.js', enableFindRelatedTests: false },
	coverageAnalysis: 'perTest',
	// Code that runs when a file is loaded (texts of the form, tables, patterns) concerns every test:
	// each fault in it would take a run of all tests. Such faults are left out of the score.
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
	// Added to half as much again as the tests usually take, and to what loading all of them takes.
	timeoutMS: 5_000,
	dryRunTimeoutMinutes: 20,
};
