import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { transformSync } from '@swc/core';
import fc from 'fast-check';
import * as callbackState from './callbackState';
import * as credentials from './credentials';
import * as devices from './devices';
import * as roaming from './roaming';
import * as serverWords from './serverWords';
import * as tokens from './tokens';
import type { Bug, Property } from './property';

/** A property that no bug can break says nothing: each must find the one that is planted for it. */

const subjects = { devices, roaming, serverWords, tokens, credentials, callbackState };

const NODE = join(__dirname, '..', '..', 'nodes', 'OpenGatewayDeviceStatus');
const CASES = 1000;
let found = 0;

/** The properties of a subject, about a node in which the bug is planted. */
function withBug(subject: string, bug: Bug): readonly Property[] {
	const file = join(NODE, bug.in);
	const [before, after, ...others] = readFileSync(file, 'utf8').split(bug.instead);
	if (before === undefined || after === undefined || others.length > 0) {
		throw new Error(`In ${bug.in}, this does not stand exactly once: ${bug.instead}`);
	}
	const { code } = transformSync(before + bug.planted + after, { filename: file });
	const load = createRequire(file);

	jest.resetModules();
	jest.doMock('fast-check', () => fc);
	jest.doMock(file, () => {
		const exports = {};
		new Function('exports', 'require', code)(exports, load);
		return exports;
	});
	const { properties } = createRequire(__filename)(`./${subject}`) as typeof devices;
	jest.dontMock(file);
	return properties;
}

describe.each(Object.entries(subjects))('of %s', (subject, { properties }) => {
	test.each(properties)('$name: the bug is found', async ({ name, bug }) => {
		const fails = async (planted: string) => {
			const property = withBug(subject, { ...bug, planted }).find((one) => one.name === name);
			return (
				await fc.check((property as Property).holds, {
					numRuns: CASES,
					seed: 1,
					endOnFailure: true,
				})
			).failed;
		};
		expect(await fails(bug.planted)).toBe(true);
		// Else it was not the bug that was found.
		expect(await fails(bug.instead)).toBe(false);
		found++;
	});
});

afterAll(() => console.log(`${found} planted bugs were found.`));
