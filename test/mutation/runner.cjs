const { mkdirSync, readFileSync, writeFileSync } = require('node:fs');
const { dirname, join } = require('node:path');
const TestRunner = require('jest-runner').default;

/** What the first run, which is one of all tests, leaves for those of one fault each. */
const KNOWN = join(__dirname, '..', '..', '.mutation', 'tests.json');

/**
 * Stryker tells jest the names of the tests that a fault can concern, which jest would look for in
 * all files. This loads those files alone that have one of them: of n8n's engine only where no
 * other has, the quickest first, and no further one once a test has failed.
 */
module.exports = class MutationRunner extends TestRunner {
	async runTests(tests, watcher, options) {
		const { testNamePattern } = this._globalConfig;
		if (testNamePattern === undefined) return await this.#runAll(tests, watcher, options);

		const known = JSON.parse(readFileSync(KNOWN, 'utf8'));
		const pattern = new RegExp(testNamePattern, 'i');
		const covering = tests.filter(({ path }) =>
			known[path].names.some((name) => pattern.test(name)),
		);
		const units = covering.filter(({ path }) => !path.includes('/integration/'));
		let isNoticed = false;
		this.on('test-file-success', ([, { numFailingTests }]) => {
			isNoticed ||= numFailingTests > 0;
		});
		const runtime = ({ path }) => known[path].runtime;
		const asked = units.length > 0 ? units : covering;
		for (const test of asked.sort((one, other) => runtime(one) - runtime(other))) {
			if (!isNoticed) await super.runTests([test], watcher, options);
		}
	}

	async #runAll(tests, watcher, options) {
		const known = {};
		this.on('test-file-success', ([{ path }, { testResults, perfStats }]) => {
			const names = testResults.map(({ fullName }) => fullName);
			known[path] = { names, runtime: perfStats.runtime };
		});
		await super.runTests(tests, watcher, options);
		mkdirSync(dirname(KNOWN), { recursive: true });
		writeFileSync(KNOWN, JSON.stringify(known));
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
