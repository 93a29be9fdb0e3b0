/** Unit tests, and integration tests in n8n's own engine over HTTP against the sandbox. */
/** @type {import('jest').Config} */
module.exports = {
	testEnvironment: 'node',
	testMatch: ['<rootDir>/test/**/*.test.ts'],
	testPathIgnorePatterns: ['/node_modules/', '<rootDir>/test/e2e/', '<rootDir>/test/audit/'],
	modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/.n8n-runtime/'],
	transform: { '\\.ts$': '@swc/jest' },
	globalSetup: '<rootDir>/test/support/forgetRecordings.ts',
	testTimeout: 30_000,
	maxWorkers: '100%',
};
