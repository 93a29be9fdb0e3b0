/** What was measured, as docs/benchmarks.md says it. */
import { execFileSync } from 'node:child_process';
import { availableParallelism, cpus, totalmem } from 'node:os';

import { format, resolveConfig } from 'prettier';

import { N8N_VERSION, type Runtime } from '../demo/runtime';
import type { Row } from './comparisons';
import type { Measured } from './measure';

export interface Results {
	/** The chain, this node with new devices, and with the same again. */
	readonly bySize: readonly Row[][];
	/** The bare loop, and this node. */
	readonly own: readonly Row[];
	/** The chain, this node, and this node told of the limit. */
	readonly limited: readonly Row[];
	readonly latencyMs: number;
	readonly requestsPerSecond: number;
	readonly runtime: Runtime;
}

export async function reportOf(results: Results): Promise<string> {
	const { bySize, own, limited, latencyMs, requestsPerSecond, runtime } = results;
	const page = `# Benchmarks

<!-- Generated: npm run bench -->

A real n8n ${N8N_VERSION} asks the sandbox’s Telefónica about devices, each new device with three requests (CIBA): authorize, token, roaming. The operator answers each after ${latencyMs} ms. The chain of three HTTP Request nodes is what people build without this node.

Measured on ${new Date().toISOString().slice(0, 10)}, Node.js ${versionOf(runtime)}, ${availableParallelism()} cores (${cpus()[0]?.model.trim()}), ${Math.round(totalmem() / 2 ** 30)} GB, ${process.platform}. n8n and the operator share the machine. Medians of ${own[0]!.runs.length} runs, the ways in turn; in brackets the least and the most.

- **Time**: by n8n’s own record of the run, from the start of the first node that asks to the end of the last.
- **Peak memory**: of the n8n process during the run, its own ${'`VmHWM`'}. The chain and this node each have an n8n of their own; what earlier and smaller runs of the same way left behind is part of it.
- **At once**: the most requests that the operator was answering at the same time, in any run.
- **Tokens**: lines that the operator issued an access token for, and in brackets those to which it did so again while the first was still good; in any run.
- **Foreign**: questions with a token of another line. There must be none.

## Many devices

${table(
	[
		'Devices',
		'Way',
		'Time',
		'Of the chain',
		'Peak memory',
		'At once',
		'Requests',
		'Tokens',
		'Foreign',
		'Answered right',
	],
	bySize.flatMap((rows) =>
		rows.map((row) => [
			count(devicesOf(row)),
			row.way,
			seconds(row),
			ratio(msOf(row) / msOf(rows[0]!)),
			memory(row),
			count(most(row, atOnce)),
			count(most(row, ({ statistics }) => statistics.requests)),
			tokens(row),
			count(most(row, foreign)),
			answered(row),
		]),
	),
)}

## The node’s own time

Beside a bare loop over n8n’s ${'`helpers.httpRequest`'}, 100 devices at a time, in the same n8n.

${table(
	['Devices', 'Way', 'Time', 'Of the bare loop', 'A device', 'At once', 'Answered right'],
	own.map((row) => [
		count(devicesOf(row)),
		row.way,
		seconds(row),
		ratio(msOf(row) / msOf(own[0]!)),
		`${(msOf(row) / devicesOf(row)).toFixed(2)} ms`,
		count(most(row, atOnce)),
		answered(row),
	]),
)}

## An operator with a limit

It answers ${requestsPerSecond} requests a second, and the rest with 429. Ideal is the time that the requests needed take at exactly that rate.

${table(
	['Devices', 'Way', 'Time', 'Of the ideal', 'Answered with 429', 'Tokens', 'Answered right'],
	limited.map((row) => [
		count(devicesOf(row)),
		row.way,
		seconds(row),
		ratio(ofIdeal(row, requestsPerSecond)),
		percent(tooMany(row)),
		tokens(row),
		answered(row),
	]),
)}

## Goals

${table(
	['Goal', 'Measured', 'Met'],
	goals(results).map(([goal, measured, met]) => [goal, measured, met ? 'yes' : '**no**']),
)}
`;
	return await format(page, { ...(await resolveConfig(__filename)), parser: 'markdown' });
}

/** What the node is to keep to, what was measured of it, and whether it does. */
function goals({ bySize, own, limited, requestsPerSecond }: Results): [string, string, boolean][] {
	const of = (size: number) => bySize.find(([row]) => devicesOf(row!) === size);
	const [chain, cold, kept] = of(1_000)!;
	const [, coldOfMany] = of(10_000) ?? [];
	const [bareLoop, node] = own;
	const [, untold] = limited;
	const atMost = (goal: string, most: number, measured: number): [string, string, boolean] => [
		`${goal}: at most ${most}`,
		ratio(measured),
		measured <= most,
	];
	const ofThisNode = bySize.flatMap(([, ...rows]) => rows);
	const allRight = (rows: readonly Row[]) => rows.every((row) => answered(row) === 'all');
	const memoryOf = (row: Row) => median(row.runs.map(({ peakMb = 0 }) => peakMb));

	return [
		atMost('1,000 new devices, of the chain’s time', 0.5, msOf(cold!) / msOf(chain!)),
		atMost('The same 1,000 again, of the chain’s time', 0.2, msOf(kept!) / msOf(chain!)),
		atMost('Requests at once', 100, Math.max(...ofThisNode.map((row) => most(row, atOnce)))),
		...bySize.map(([chain, ...rows]) =>
			atMost(
				`Peak memory with ${count(devicesOf(chain!))} devices, of the chain’s`,
				1,
				Math.max(...rows.map(memoryOf)) / memoryOf(chain!),
			),
		),
		atMost('Time of the bare loop’s', 1.15, msOf(node!) / msOf(bareLoop!)),
		...(coldOfMany
			? [atMost('10,000 devices, of the time of 1,000', 11, msOf(coldOfMany) / msOf(cold!))]
			: []),
		atMost('Under a limit, of the ideal time', 1.25, ofIdeal(untold!, requestsPerSecond)),
		[
			'Under a limit, answered with 429: less than 5 %',
			percent(tooMany(untold!)),
			tooMany(untold!) < 0.05,
		],
		[
			'Every device answered right, under a limit too',
			...everyOne([...ofThisNode, node!, untold!]),
		],
	];

	function everyOne(rows: Row[]): [string, boolean] {
		return allRight(rows) ? ['all', true] : ['not all', false];
	}
}

const msOf = ({ runs }: Row) => median(runs.map(({ ms }) => ms));
const devicesOf = ({ runs }: Row) => runs[0]!.devices;
const atOnce = ({ statistics }: Measured) => statistics.inFlight.peak;
const foreign = ({ statistics }: Measured) => statistics.foreignTokens;
const most = ({ runs }: Row, of: (run: Measured) => number) => Math.max(...runs.map(of));

/** How much longer than at exactly the allowed rate. */
function ofIdeal(row: Row, requestsPerSecond: number): number {
	const requests = devicesOf(row) * 3;
	return msOf(row) / ((requests / requestsPerSecond) * 1000);
}

/** The share of requests that were refused for coming too fast. */
function tooMany({ runs }: Row): number {
	return median(runs.map(({ statistics }) => (statistics.answers[429] ?? 0) / statistics.requests));
}

function seconds({ runs }: Row): string {
	const times = runs.map(({ ms }) => ms);
	const [middle, least, greatest] = [median(times), Math.min(...times), Math.max(...times)].map(
		(ms) => (ms / 1000).toFixed(2),
	);
	return `${middle} s (${least}–${greatest})`;
}

function memory({ runs }: Row): string {
	const peaks = runs.flatMap(({ peakMb = [] }) => peakMb);
	if (peaks.length === 0) return '–';
	const [middle, least, greatest] = [median(peaks), Math.min(...peaks), Math.max(...peaks)].map(
		(mb) => mb.toFixed(0),
	);
	return `${middle} MB (${least}–${greatest})`;
}

function tokens(row: Row): string {
	const lines = most(row, ({ statistics }) => statistics.authorizations.lines);
	const again = most(row, ({ statistics }) => statistics.authorizations.linesAgain);
	return `${count(lines)} (${count(again)})`;
}

/** A way that leaves devices unanswered, or answers wrongly, is not to be compared by its time. */
function answered({ runs }: Row): string {
	const worst = runs.reduce((one, other) => (other.right < one.right ? other : one));
	if (worst.right === worst.devices) return 'all';
	return `**${count(worst.right)} of ${count(worst.devices)}**${worst.error ? `: ${worst.error}` : ''}`;
}

function median(values: readonly number[]): number {
	const sorted = [...values].sort((one, other) => one - other);
	const middle = (sorted.length - 1) / 2;
	return (sorted[Math.floor(middle)]! + sorted[Math.ceil(middle)]!) / 2;
}

const ratio = (value: number) => value.toFixed(2);
const percent = (share: number) => `${(share * 100).toFixed(1)} %`;
const count = (value: number) => value.toLocaleString('en');

function table(head: string[], rows: string[][]): string {
	return [head, head.map(() => '---'), ...rows]
		.map((cells) => `| ${cells.join(' | ')} |`)
		.join('\n');
}

function versionOf({ node }: Runtime): string {
	return execFileSync(node, ['--version'], { encoding: 'utf8' }).trim().slice(1);
}
