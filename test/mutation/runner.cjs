const TestRunner = require('jest-runner').default;
const dryRun = require('./dryRun.cjs');

/**
 * Stryker passes jest the names of the tests that cover a fault, which jest would look for in all
 * files. This runner only loads the files that have one of them: integration tests only if no other
 * test covers the fault, the quickest file first, and none after a test has failed.
 */
module.exports = class MutationRunner extends TestRunner {
	async runTests(tests, watcher, options) {
		const { testNamePattern } = this._globalConfig;
		if (testNamePattern === undefined) return await this.#runAll(tests, watcher, options);

		const pattern = new RegExp(testNamePattern, 'i');
		const covering = tests.filter(({ path }) =>
			dryRun.namesOf(path).some((name) => pattern.test(name)),
		);
		const units = covering.filter(({ path }) => !path.includes('/integration/'));
		let isNoticed = false;
		this.on('test-file-success', ([, { numFailingTests }]) => {
			isNoticed ||= numFailingTests > 0;
		});
		const asked = units.length > 0 ? units : covering;
		asked.sort((one, other) => dryRun.runtimeOf(one.path) - dryRun.runtimeOf(other.path));
		for (const test of asked) {
			if (!isNoticed) await super.runTests([test], watcher, options);
		}
	}

	async #runAll(tests, watcher, options) {
		const seen = {};
		this.on('test-file-success', ([{ path }, { testResults, perfStats }]) => {
			const names = testResults.map(({ fullName }) => fullName);
			seen[path] = { names, runtime: perfStats.runtime };
		});
		await super.runTests(tests, watcher, options);
		dryRun.write(seen);
	}

	/** A file that cannot even be loaded has noticed the fault; Stryker would not count it. */
	on(event, listener) {
		if (event !== 'test-file-success') return super.on(event, listener);
		return super.on(event, ([test, result]) => listener([test, failedToLoad(result) ?? result]));
	}
};

function failedToLoad({ testExecError, ...result }) {
	if (!testExecError) return undefined;
	const fullName = 'The file is loaded';
	const failed = { status: 'failed', fullName, failureMessages: [testExecError.message] };
	return { ...result, numFailingTests: 1, testResults: [failed] };
}
