/** What was measured, as docs/benchmarks.md says it. */
import { execFileSync } from 'node:child_process';
import { availableParallelism, cpus, totalmem } from 'node:os';
import { format, resolveConfig } from 'prettier';
import { N8N_VERSION, type Runtime } from '../localN8n/runtime';
import type { Row } from './comparisons';
import { goals } from './goals';
import {
	allRight,
	atOnce,
	count,
	devicesOf,
	most,
	msOf,
	ofIdeal,
	percent,
	ratio,
	spread,
	tooMany,
} from './numbers';

export interface Results {
	/** The chain, this node with new devices, and with the same again. */
	readonly bySize: readonly Row[][];
	/** The bare loop, the same with an expression, and this node. */
	readonly own: readonly Row[];
	/** The chain, this node, and this node told of the limit. */
	readonly limited: readonly Row[];
	readonly latencyMs: number;
	readonly requestsPerSecond: number;
	readonly runtime: Runtime;
	/** Load average of the last minute: before it began, and after each part. */
	readonly loads: readonly number[];
}

export async function reportOf(results: Results): Promise<string> {
	const { bySize, own, limited, latencyMs, requestsPerSecond, runtime, loads } = results;
	const [before, ...after] = loads.map((load) => load.toFixed(1));
	const page = `# Benchmarks

<!-- Generated: npm run bench -->

A real n8n ${N8N_VERSION} asks the sandbox’s Telefónica about devices, each new one with three requests (CIBA): authorize, token, roaming. Each is answered after ${latencyMs} ms. Three HTTP Request nodes in a row are what people build without this node.

Measured on ${new Date().toISOString().slice(0, 10)} with Node.js ${versionOf(runtime)}, on ${availableParallelism()} cores (${cpus()[0]?.model.trim()}) and ${Math.round(totalmem() / 2 ** 30)} GB, ${process.platform}: n8n and the operator share them. So many processes wanted a core (load average): before it began ${before}, after each part ${after.join(', ')}; two or three of them its own. Where it is more, other work has made all times longer.

- **Time**: by n8n’s own record of the run, from the start of the first node that asks to the end of the last. The median of all runs (${bySize.map(([row]) => `${row!.runs.length} with ${count(devicesOf(row!))} devices`).join(', ')}); in brackets the least and the most. The ways run in turn.
- **Peak memory**: of the n8n process during a run (\`VmHWM\`), and how far that is above what it had before the run. The chain and this node each have an n8n of their own, begun anew for each number of devices; what it once took it rarely gives back.
- **At once**: the most requests that the operator was answering at the same time.
- **Tokens**: the lines that it issued a token for in a run, at most; in brackets those to which it did so again while an earlier one was good.
- **Foreign**: questions about one line with the token of another.

## Many devices

${table(
	bySize.flatMap((rows) =>
		rows.map((row) => ({
			Devices: count(devicesOf(row)),
			Way: row.way,
			Time: seconds(row),
			'Of the chain': ratio(msOf(row) / msOf(rows[0]!)),
			'Peak memory': memory(row),
			'At once': count(most(row, atOnce)),
			Requests: count(most(row, ({ statistics }) => statistics.requests)),
			Tokens: tokens(row),
			Foreign: count(most(row, ({ statistics }) => statistics.misusedTokens)),
			'Answered right': answered(row),
		})),
	),
)}

## The node’s own time

Beside the same requests in a bare loop over n8n’s \`helpers.httpRequest\`, 100 devices at a time, in the same n8n. As a node’s parameter, a phone number is an expression, which n8n evaluates for each item, in the same thread and with any node: with it, the bare loop does that too, and what this node takes beyond that is its own.

${table(
	own.map((row) => ({
		Devices: count(devicesOf(row)),
		Way: row.way,
		Time: seconds(row),
		'Of the bare loop': ratio(msOf(row) / msOf(own[0]!)),
		'A device': `${(msOf(row) / devicesOf(row)).toFixed(2)} ms`,
		'At once': count(most(row, atOnce)),
		'Answered right': answered(row),
	})),
)}

## An operator with a limit

It takes ${requestsPerSecond} requests a second, and answers the rest with 429. Ideal is the time that the requests needed take at exactly that rate.

${table(
	limited.map((row) => ({
		Devices: count(devicesOf(row)),
		Way: row.way,
		Time: seconds(row),
		'Of the ideal': allRight(row) ? ratio(ofIdeal(row, requestsPerSecond)) : '–',
		'Answered 429': percent(tooMany(row)),
		Tokens: tokens(row),
		'Answered right': answered(row),
	})),
)}

## Goals

${table(
	goals(results).map(({ goal, measured, met }) => ({
		Goal: goal,
		Measured: measured,
		Met: met ? 'yes' : '**no**',
	})),
)}
`;
	return await format(page, { ...(await resolveConfig(__filename)), parser: 'markdown' });
}

const seconds = ({ runs }: Row) =>
	spread(
		runs.map(({ ms }) => ms),
		(ms) => (ms / 1000).toFixed(2),
	) + ' s';

function memory({ runs }: Row): string {
	const known = runs.flatMap(({ memory = [] }) => memory);
	if (known.length === 0) return '–';
	const mb = (value: number) => value.toFixed(0);
	const peaks = known.map(({ peak }) => peak);
	const risen = Math.max(...known.map(({ before, peak }) => peak - before));
	return `${spread(peaks, mb)} MB, +${mb(risen)} MB`;
}

function tokens(row: Row): string {
	const lines = most(row, ({ statistics }) => statistics.authorizations.subscribers);
	const again = most(row, ({ statistics }) => statistics.authorizations.subscribersAgain);
	return `${count(lines)} (${count(again)})`;
}

/** Of the run that did worst. */
function answered({ runs }: Row): string {
	const worst = runs.reduce((one, other) => (other.right < one.right ? other : one));
	if (worst.right === worst.devices) return 'all';
	const why = worst.error === undefined ? '' : `: ${worst.error}`;
	return `**${count(worst.right)} of ${count(worst.devices)}**${why}`;
}

function table(rows: readonly Readonly<Record<string, string>>[]): string {
	const head = Object.keys(rows[0]!);
	return [head, head.map(() => '---'), ...rows.map((row) => Object.values(row))]
		.map((cells) => `| ${cells.join(' | ')} |`)
		.join('\n');
}

function versionOf({ node }: Runtime): string {
	return execFileSync(node, ['--version'], { encoding: 'utf8' }).trim().slice(1);
}
