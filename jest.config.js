/** Unit tests, and integration tests in n8n's own engine over HTTP against the sandbox. */
/** @type {import('jest').Config} */
module.exports = {
	testEnvironment: 'node',
	testMatch: ['<rootDir>/test/**/*.test.ts'],
	testPathIgnorePatterns: ['/node_modules/', '<rootDir>/test/e2e/', '<rootDir>/test/audit/'],
	modulePathIgnorePatterns: [
		'<rootDir>/dist/',
		'<rootDir>/.n8n-runtime/',
		'<rootDir>/.stryker-tmp/',
	],
	// jose, which verifies what the node signs, is published as ES modules alone.
	transform: { '\\.ts$|/node_modules/jose/.*\\.js$': '@swc/jest' },
	transformIgnorePatterns: ['/node_modules/(?!jose/)'],
	globalSetup: '<rootDir>/test/support/forgetRecordings.ts',
	testTimeout: 30_000,
	maxWorkers: '100%',
};
