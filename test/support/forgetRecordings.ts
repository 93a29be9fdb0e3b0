import { rmSync } from 'node:fs';
import { RECORDINGS } from './recordings';

/** Before the suites of one run begin. */
export default function forgetRecordings(): void {
	rmSync(RECORDINGS, { recursive: true, force: true });
}
