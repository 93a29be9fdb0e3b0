/** The results as docs/benchmarks.md. */
import { execFileSync } from 'node:child_process';
import { availableParallelism, cpus, totalmem } from 'node:os';
import { format, resolveConfig } from 'prettier';
import { N8N_VERSION, type Runtime } from '../localN8n/runtime';
import type { Row } from './comparisons';
import { goals } from './goals';
import { EVENTS_AT_ONCE, type Notified } from './notifications';
import {
	allRight,
	count,
	devicesOf,
	inFlight,
	median,
	most,
	msOf,
	ofIdeal,
	percent,
	ratio,
	spread,
	throttled,
} from './numbers';

export interface Results {
	/** For each number of devices: the baseline, this node with new devices, and with the same again. */
	readonly bySize: readonly Row[][];
	/** The bare loop, the bare loop with an expression, and this node. */
	readonly own: readonly Row[];
	/** The Webhook node, and this trigger. */
	readonly notified: readonly Notified[];
	/** The baseline, this node, and this node with the option Requests per Second. */
	readonly limited: readonly Row[];
	/** Check Roaming, and an ask of the trigger. */
	readonly byAsking: readonly Row[];
	readonly latencyMs: number;
	readonly requestsPerSecond: number;
	readonly runtime: Runtime;
	/** Load average of the last minute, before the run and after each part. */
	readonly loads: readonly number[];
}

export async function reportOf(results: Results): Promise<string> {
	const { bySize, own, limited, byAsking, notified, latencyMs, requestsPerSecond, runtime, loads } =
		results;
	const page = `# Benchmarks

<!-- Generated: npm run bench -->

A real n8n ${N8N_VERSION} asks the sandbox’s Telefónica about devices. A new device takes three requests (CIBA): authorize, token, roaming. Every response comes after ${latencyMs} ms. The baseline is three HTTP Request nodes in a row, which is what people build without this node.

Measured on ${new Date().toISOString().slice(0, 10)} with Node.js ${versionOf(runtime)} on ${process.platform}, with ${availableParallelism()} cores (${cpus()[0]?.model.trim()}) and ${Math.round(totalmem() / 2 ** 30)} GB, which n8n and the operator share. Load average before the run and after each part: ${loads.map((load) => load.toFixed(1)).join(', ')}. The benchmark itself makes a load of two or three; a higher one makes all times longer.

- **Time**: from the start of the first requesting node to the end of the last, by n8n’s own record. The median of all runs (${bySize.map(([row]) => `${row!.runs.length} with ${count(devicesOf(row!))} devices`).join(', ')}), with the least and the greatest in brackets. The variants run in turn.
- **Peak memory**: of the n8n process during a run (\`VmHWM\`), and the greatest increase over the memory before a run. The baseline and this node each run in an n8n of their own, started anew for each number of devices, because a process rarely returns memory.
- **In flight**: the greatest number of requests that the operator was answering at the same time.
- **Tokens**: the greatest number of subscribers for whom the operator issued a token in one run, and in brackets, of those who got another one while the first was still valid.
- **Misused tokens**: API requests about one subscriber with the token of another.

## Many devices

${table(
	bySize.flatMap((rows) =>
		rows.map((row) => ({
			Devices: count(devicesOf(row)),
			Variant: row.variant,
			Time: seconds(row),
			'Of the baseline': ratio(msOf(row) / msOf(rows[0]!)),
			'Peak memory': memory(row),
			'In flight': count(most(row, inFlight)),
			Requests: count(most(row, ({ statistics }) => statistics.requests)),
			Tokens: tokens(row),
			'Misused tokens': count(most(row, ({ statistics }) => statistics.misusedTokens)),
			'Right results': right(row),
		})),
	),
)}

## The node’s own time

The bare loop sends the same requests with n8n’s \`helpers.httpRequest\`, for 100 devices at a time, in the same n8n. In a node, the phone number is an expression, which n8n evaluates for each item in the same thread. The bare loop with an expression does so, too; only what this node takes beyond that is its own time.

${table(
	own.map((row) => ({
		Devices: count(devicesOf(row)),
		Variant: row.variant,
		Time: seconds(row),
		'Of the bare loop': ratio(msOf(row) / msOf(own[0]!)),
		'Per device': `${(msOf(row) / devicesOf(row)).toFixed(2)} ms`,
		'In flight': count(most(row, inFlight)),
		'Right results': right(row),
	})),
)}

## An operator with a limit

The operator accepts ${requestsPerSecond} requests a second and throttles the rest (HTTP 429). The ideal time is what the necessary requests take at exactly that rate.

${table(
	limited.map((row) => ({
		Devices: count(devicesOf(row)),
		Variant: row.variant,
		Time: seconds(row),
		'Of the ideal': allRight(row) ? ratio(ofIdeal(row, requestsPerSecond)) : '–',
		'HTTP 429': percent(throttled(row)),
		Tokens: tokens(row),
		'Right results': right(row),
	})),
)}

## Events

Operators’ events come in at the trigger, ${EVENTS_AT_ONCE} at a time, each a workflow of its own run. The Webhook node gets the same calls, and authenticates them by a header. The time is from the first call to the end of the last run.

${table(
	notified.map(({ variant, ms, answered, executions }) => ({
		Variant: variant,
		Time: spread(ms, (value) => `${(value / 1000).toFixed(2)} s`),
		'Of the Webhook node': ratio(median(ms) / median(notified[0]!.ms)),
		'Answered with HTTP 204': count(answered),
		Runs: count(executions),
	})),
)}

## Asking at intervals

The trigger asks each minute about the same devices as Check Roaming, in the same n8n, both with kept tokens. One device crosses a border before each ask; the time is that from the first request to the start of the workflow.

${table(
	byAsking.map((row) => ({
		Devices: count(devicesOf(row)),
		Variant: row.variant,
		Time: seconds(row),
		'Of Check Roaming': ratio(msOf(row) / msOf(byAsking[0]!)),
		'In flight': count(most(row, inFlight)),
		'Right results': right(row),
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
	const subscribers = most(row, ({ statistics }) => statistics.authorizations.subscribers);
	const again = most(row, ({ statistics }) => statistics.authorizations.subscribersAgain);
	return `${count(subscribers)} (${count(again)})`;
}

/** The right results of the worst run. */
function right({ runs }: Row): string {
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
