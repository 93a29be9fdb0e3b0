const { join } = require('node:path');

/** The packed node in a real n8n; an n8n and its browser or operator keep one processor busy. */
/** @type {import('jest').Config} */
module.exports = {
	...require('../../jest.config.js'),
	rootDir: join(__dirname, '..', '..'),
	testMatch: ['<rootDir>/test/e2e/**/*.test.ts'],
	testPathIgnorePatterns: ['/node_modules/'],
	globalSetup: '<rootDir>/test/e2e/prepare.ts',
	maxWorkers: 2,
	// The first run fetches n8n itself.
	testTimeout: 15 * 60_000,
	verbose: true,
};
