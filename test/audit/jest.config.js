const { join } = require('node:path');

/** What holds for everything that the suites before it have recorded. */
/** @type {import('jest').Config} */
module.exports = {
	...require('../../jest.config.js'),
	rootDir: join(__dirname, '..', '..'),
	testMatch: ['<rootDir>/test/audit/**/*.test.ts'],
	testPathIgnorePatterns: ['/node_modules/'],
	globalSetup: undefined,
	verbose: true,
	// The search takes longer, the more the suites have recorded.
	testTimeout: 10 * 60_000,
};
