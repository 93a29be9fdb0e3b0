/** What holds for everything that the suites before it have recorded. */
/** @type {import('jest').Config} */
module.exports = {
	...require('./jest.config.js'),
	testMatch: ['<rootDir>/test/audit/**/*.test.ts'],
	testPathIgnorePatterns: ['/node_modules/'],
	globalSetup: undefined,
	verbose: true,
	// The search takes as long as the suites have left it something to search.
	testTimeout: 10 * 60_000,
};
