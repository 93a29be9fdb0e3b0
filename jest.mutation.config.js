/** The tests that `npm run mutation` asks whether they notice: of `nodes/`, and fast. */
// Few cases find most faults; each fault asks for all of them again.
process.env.CASES ??= '100';

/** @type {import('jest').Config} */
module.exports = {
	...require('./jest.config.js'),
	testPathIgnorePatterns: [
		'/node_modules/',
		'<rootDir>/test/(e2e|audit|bench|demo|sandbox|integration)/',
		'<rootDir>/test/docs.test.ts',
		'<rootDir>/test/properties/plantedBugs.test.ts',
	],
	globalSetup: undefined,
	watchman: false,
	runner: '<rootDir>/test/support/mutationRunner.cjs',
};
