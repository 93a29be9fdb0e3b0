import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Folder in which a run of the suites keeps its recordings for the audit. */
export const RECORDINGS = join(__dirname, '..', '.recordings');

export type Recording =
	| { kind: 'execution'; outputs: unknown; run: unknown; logged: unknown[] }
	| { kind: 'credentialTest'; result: unknown }
	| { kind: 'log'; lines: string[] }
	| { kind: 'exchanges'; exchanges: unknown[] }
	| { kind: 'deliveries'; deliveries: unknown[] }
	| { kind: 'privateKeys'; pems: string[] };

/** Appends a recording to the file of this process. */
export function record(recording: Recording): void {
	mkdirSync(RECORDINGS, { recursive: true });
	appendFileSync(join(RECORDINGS, `${process.pid}.jsonl`), `${JSON.stringify(recording)}\n`);
}

/** All recordings of the latest run of the suites. */
export function recordings(): Recording[] {
	if (!existsSync(RECORDINGS)) return [];
	return readdirSync(RECORDINGS)
		.flatMap((file) => readFileSync(join(RECORDINGS, file), 'utf8').trim().split('\n'))
		.map((line) => JSON.parse(line) as Recording);
}
