/** `npm run sandbox -- [--port 8480] [--latency 0]`: operators on your own machine. */
import { parseArgs } from 'node:util';

import { applications } from './applications';
import { fixedLine, lines } from './lines';
import { camara } from './operators/camara';
import { nokia } from './operators/nokia';
import { telefonica } from './operators/telefonica';
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

	const { baseUrl, camaraUrl, nokiaUrl, origin } = sandbox;
	const { roaming, secretPost, privateKey, jwtBearer } = applications;
	console.log(`Three operators are listening on this machine, and on nothing else.

Telefónica
  Base URL       ${baseUrl}
  Client ID      ${roaming.clientId}
  Client Secret  ${roaming.clientSecret}
  Access Token   ${telefonica.fixedToken}  (instead of ID and secret)

Any other operator (CAMARA)
  Base URL       ${camaraUrl}
  Discovery URL  ${camaraUrl}/.well-known/openid-configuration
  Client ID      ${roaming.clientId}
  Client Secret  ${roaming.clientSecret}
  Access Token   ${camara.fixedToken}  (instead of ID and secret)

Nokia Network as Code
  Base URL       ${nokiaUrl}
  API Key        ${nokia.apiKey}

Other ways in, at the first two:
  Client Secret (Post)  ${secretPost.clientId}, ${secretPost.clientSecret}
  Private Key JWT       ${privateKey.clientId}, Key ID rsa or ec
  JWT Bearer            ${jwtBearer.clientId}, Key ID rsa or ec
  Private keys, new ones at every start: ${origin}/sandbox/keys/rsa.pem and ec.pem

A phone number, IP address or external id is judged by its last character:

${lines.map(({ ending, description }) => `  …${ending}  ${description}`).join('\n')}

${fixedLine.beginning}… ${fixedLine.description}.

What your workflow sent:  GET ${origin}/sandbox/exchanges
Ctrl-C ends it.`);

	process.send?.({ origin, baseUrl, camaraUrl, nokiaUrl });
}

void main();
