import fc from 'fast-check';
import * as devices from './devices';
import * as roaming from './roaming';
import * as serverWords from './serverWords';

const subjects = { devices, roaming, serverWords };

/** Cases for each property. */
const CASES = 1000;
let held = 0;

describe.each(Object.entries(subjects))('of %s', (_what, { properties }) => {
	test.each(properties)('$name', async ({ holds }) => {
		await fc.assert(holds, { numRuns: CASES });
		held++;
	});
});

afterAll(() => console.log(`${held} properties × ${CASES} cases ran, and held.`));
