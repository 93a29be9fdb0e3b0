import type { Step } from './runtime';

/**
 * Tells of each step when it begins, how long it has taken so far, and when it is done: on one
 * line that is rewritten every second in a terminal, with a line every 15 s in a log.
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
			const made = await work();
			mark = '✓';
			return made;
		} finally {
			clearInterval(timer);
			if (stream.isTTY) rewrite('');
			stream.write(`${mark} ${title}  ${seconds()}\n`);
		}
	};
}
