import type { Step } from './runtime';

/**
 * Reports the beginning, the duration and the end of each step: in a terminal on one line that is
 * rewritten every second, in a log with a line every 15 s.
 */
export function progressOn(stream: NodeJS.WriteStream): Step {
	return async (title, work) => {
		const began = Date.now();
		const seconds = () => `${Math.round((Date.now() - began) / 1000)} s`;
		const rewrite = (line: string) => stream.write(`\r\x1b[K${line}`);

		if (stream.isTTY) rewrite(`… ${title}`);
		else stream.write(`… ${title}\n`);
		const timer = setInterval(
			() => {
				if (stream.isTTY) rewrite(`… ${title}  ${seconds()}`);
				else stream.write(`  ${seconds()}\n`);
			},
			stream.isTTY ? 1_000 : 15_000,
		);
		let mark = '✗';
		try {
			const result = await work();
			mark = '✓';
			return result;
		} finally {
			clearInterval(timer);
			if (stream.isTTY) rewrite('');
			stream.write(`${mark} ${title}  ${seconds()}\n`);
		}
	};
}
