/**
 * The tests that `npm run mutation` asks whether they notice a fault in `nodes/`: those that take
 * little time, look at its code, and do not read its text.
 */
// Few cases of each property find most faults; each fault asks for all of them again.
process.env.CASES ??= '100';

/** @type {import('jest').Config} */
module.exports = {
	...require('./jest.config.js'),
	testPathIgnorePatterns: [
		'/node_modules/',
		'<rootDir>/test/(e2e|audit|bench|demo|sandbox)/',
		'<rootDir>/test/docs.test.ts',
		'<rootDir>/test/integration/(assertions|badInputs|errorCodes|faults|fleet|polling).test.ts',
	],
	globalSetup: undefined,
	watchman: false,
	runner: '<rootDir>/test/support/mutationRunner.cjs',
};
