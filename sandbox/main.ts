/** `npm run sandbox -- [--port 8480] [--latency 0]`: an operator on your own machine. */
import { parseArgs } from 'node:util';

import { applications } from './authorization';
import { lines } from './lines';
import { startSandbox } from './sandbox';

const usage = 'npm run sandbox -- [--port 8480] [--latency 0]';

function options(): { port: number; latencyMs: number } {
	const { values } = parseArgs({
		options: {
			port: { type: 'string', default: '8480' },
			latency: { type: 'string', default: '0' },
		},
	});
	return {
		port: whole(values.port, '--port', 65_535),
		latencyMs: whole(values.latency, '--latency', 60_000),
	};
}

function whole(text: string, flag: string, most: number): number {
	const value = /^\d{1,5}$/.test(text) ? Number(text) : NaN;
	if (!(value <= most)) throw new Error(`${flag} takes a whole number from 0 to ${most}`);
	return value;
}

function fail(message: string): never {
	console.error(message);
	process.exit(1);
}

async function main(): Promise<void> {
	// `disconnect`: it never outlives whoever started it.
	for (const end of ['SIGINT', 'SIGTERM', 'disconnect']) process.once(end, () => process.exit(0));

	let wanted;
	try {
		wanted = options();
	} catch (error) {
		fail(`${(error as Error).message}\nUsage: ${usage}`);
	}

	const sandbox = await startSandbox(wanted).catch((error: NodeJS.ErrnoException) =>
		fail(
			error.code === 'EADDRINUSE'
				? `Port ${wanted.port} is in use; choose another with --port, or any free one with --port 0.`
				: `The sandbox could not start: ${error.message}`,
		),
	);

	const { clientId, clientSecret } = applications.roaming;
	console.log(`An operator is listening on this machine, and on nothing else.

  Base URL       ${sandbox.baseUrl}
  Client ID      ${clientId}
  Client Secret  ${clientSecret}

A phone number, IP address or external id is judged by its last character:

${lines.map(({ ending, description }) => `  …${ending}  ${description}`).join('\n')}

What your workflow sent:  GET ${new URL('/sandbox/exchanges', sandbox.baseUrl).href}
Ctrl-C ends it.`);

	process.send?.({ baseUrl: sandbox.baseUrl });
}

void main();
