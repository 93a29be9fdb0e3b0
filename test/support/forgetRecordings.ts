import { rmSync } from 'node:fs';
import { RECORDINGS } from './recordings';

/** Runs before the suites. */
export default function forgetRecordings(): void {
	rmSync(RECORDINGS, { recursive: true, force: true });
}
