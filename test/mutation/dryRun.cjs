const { mkdirSync, readFileSync, writeFileSync } = require('node:fs');
const { dirname, join } = require('node:path');

/** The names of all tests and the runtimes (ms) of their files, as the run without a fault has seen them. */
const FILE = join(__dirname, '..', '..', '.mutation', 'tests.json');

let known;
const read = () => (known ??= JSON.parse(readFileSync(FILE, 'utf8')));

module.exports = {
	namesOf: (path) => read()[path].names,
	runtimeOf: (path) => read()[path].runtime,
	write(seen) {
		mkdirSync(dirname(FILE), { recursive: true });
		writeFileSync(FILE, JSON.stringify(seen));
	},
};
