import fc from 'fast-check';
import * as callbackState from './callbackState';
import * as credentials from './credentials';
import * as devices from './devices';
import * as roaming from './roaming';
import * as serverWords from './serverWords';
import * as tokens from './tokens';

const subjects = { devices, roaming, serverWords, tokens, credentials, callbackState };

/** Cases for each property. With CASES=…, another number, and failing cases are not simplified. */
const CASES = Number(process.env.CASES ?? 1000);
const END_ON_FAILURE = process.env.CASES !== undefined;
/** The same cases every time, so that a failure can be repeated. SEED=… gives others. */
const seed = Number(process.env.SEED ?? 1);

describe.each(Object.entries(subjects))('properties of %s', (_what, { properties }) => {
	test.each(properties)('$name', async ({ holds }) => {
		await fc.assert(holds, { numRuns: CASES, seed, endOnFailure: END_ON_FAILURE });
	});
});
