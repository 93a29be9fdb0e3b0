import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where a run of the suites keeps what it saw, for the audit that follows it. */
export const RECORDINGS = join(__dirname, '..', '.recordings');

export type Recording =
	| { kind: 'execution'; outputs: unknown; run: unknown; logged: unknown[] }
	| { kind: 'credentialTest'; result: unknown }
	| { kind: 'log'; lines: string[] }
	| { kind: 'exchanges'; exchanges: unknown[] }
	| { kind: 'privateKeys'; pems: string[] };

/** Keeps a recording, in a file of this process. */
export function record(recording: Recording): void {
	mkdirSync(RECORDINGS, { recursive: true });
	appendFileSync(join(RECORDINGS, `${process.pid}.jsonl`), `${JSON.stringify(recording)}\n`);
}

/** All that was recorded since the last run of the suites began. */
export function recordings(): Recording[] {
	if (!existsSync(RECORDINGS)) return [];
	return readdirSync(RECORDINGS)
		.flatMap((file) => readFileSync(join(RECORDINGS, file), 'utf8').trim().split('\n'))
		.map((line) => JSON.parse(line) as Recording);
}
