const { TestEnvironment } = require('jest-environment-node');
const { runtimeOf } = require('./dryRun.cjs');

/** Shortest limit of a test (ms). */
const MIN_TIMEOUT = 5_000;

/**
 * One failed test has noticed the fault, so the others of its file are skipped. A test that waits for
 * ever fails soon: no test takes three times as long as its whole file has taken without a fault.
 */
module.exports = class extends TestEnvironment {
	#timeout;
	#hasFailed = false;

	constructor(config, context) {
		super(config, context);
		const hasFault = config.globalConfig.testNamePattern !== undefined;
		if (hasFault) this.#timeout = Math.max(MIN_TIMEOUT, 3 * runtimeOf(context.testPath));
	}

	async handleTestEvent({ name, test }, state) {
		if (name === 'run_start' && this.#timeout) {
			state.testTimeout = Math.min(state.testTimeout, this.#timeout);
		}
		if (name === 'test_done') this.#hasFailed ||= test.errors.length > 0;
		if (name === 'test_start' && this.#hasFailed) test.mode = 'skip';
	}
};
