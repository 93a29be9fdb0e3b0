import fc from 'fast-check';
import * as callbackState from './callbackState';
import * as credentials from './credentials';
import * as devices from './devices';
import * as roaming from './roaming';
import * as serverWords from './serverWords';
import * as tokens from './tokens';

const subjects = { devices, roaming, serverWords, tokens, credentials, callbackState };

/** Cases for each property. CASES=… tries another number, and looks for no simpler one that fails. */
const CASES = Number(process.env.CASES ?? 1000);
const endOnFailure = process.env.CASES !== undefined;
/** The same cases every time: what they find can be found again. SEED=… looks at others. */
const seed = Number(process.env.SEED ?? 1);
let held = 0;

describe.each(Object.entries(subjects))('of %s', (_what, { properties }) => {
	test.each(properties)('$name', async ({ holds }) => {
		await fc.assert(holds, { numRuns: CASES, seed, endOnFailure });
		held++;
	});
});

afterAll(() => console.log(`${held} properties × ${CASES} cases ran, and held.`));
