import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/**
 * Calls back once when npm, or the shell or tsx between npm and this process, has ended: a signal to
 * npm alone does not reach the programs that npm started.
 */
export function whenAbandoned(callback: () => void): void {
	if (process.env['npm_lifecycle_event'] === undefined || process.platform === 'win32') return;

	const tsx = process.ppid;
	const shell = parentOf(tsx);
	const npm = parentOf(shell);
	const timer = setInterval(() => {
		if (process.ppid === tsx && parentOf(tsx) === shell && parentOf(shell) === npm) return;
		clearInterval(timer);
		callback();
	}, 1_000);
	timer.unref();
}

function parentOf(processId: number): number {
	try {
		if (process.platform !== 'linux') {
			return Number(execFileSync('ps', ['-o', 'ppid=', '-p', String(processId)]));
		}
		const status = readFileSync(`/proc/${processId}/status`, 'utf8');
		return Number(/^PPid:\s*(\d+)$/m.exec(status)?.[1]);
	} catch {
		return 0; // it has ended
	}
}
