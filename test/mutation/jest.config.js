const { join } = require('node:path');

/**
 * The tests that `npm run mutation` asks whether they notice a fault in `nodes/`: those that look at
 * its code and take little time.
 */
// Few cases of each property find most faults, and each fault asks for all of them again.
process.env.CASES ??= '100';

/** @type {import('jest').Config} */
module.exports = {
	...require('../../jest.config.js'),
	rootDir: join(__dirname, '..', '..'),
	testPathIgnorePatterns: [
		'/node_modules/',
		'<rootDir>/test/(audit|bench|demo|e2e|localN8n|sandbox)/',
		'<rootDir>/test/integration/(load/|glewlwyd.test.ts)',
		'<rootDir>/test/(docs|layers|verification).test.ts',
	],
	globalSetup: undefined,
	testEnvironment: join(__dirname, 'environment.cjs'),
	watchman: false,
	runner: '<rootDir>/test/mutation/runner.cjs',
};
