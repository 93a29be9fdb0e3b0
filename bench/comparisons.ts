/** What is compared with what. */
import type { RunningSandbox } from '../sandbox/client';
import { freshDevices } from './devices';
import type { InstalledWay } from './instance';
import { type Measured, measure } from './measure';

/** A way under certain conditions, and all its runs. */
export interface Row {
	readonly way: string;
	readonly runs: readonly Measured[];
}

/**
 * The chain of HTTP Request nodes beside this node: with devices that were never asked about
 * before, and with the same again, whose tokens are still good.
 */
export async function speed(
	chain: InstalledWay,
	node: InstalledWay,
	operator: RunningSandbox,
	count: number,
	rounds: number,
): Promise<Row[]> {
	let devices: string[] = [];
	return await inTurn(rounds, {
		[chain.name]: () => measure(chain, freshDevices(count), operator),
		[`${node.name}, new devices`]: () => measure(node, (devices = freshDevices(count)), operator),
		[`${node.name}, the same again`]: () => measure(node, devices, operator),
	});
}

/** An operator that answers only so many requests a second. */
export async function underALimit(
	ways: readonly InstalledWay[],
	operator: RunningSandbox,
	requestsPerSecond: number,
	count: number,
	rounds: number,
): Promise<Row[]> {
	await operator.setRate(requestsPerSecond);
	const rows = await ofNewDevices(ways, operator, count, rounds);
	await operator.setRate();
	return rows;
}

/** Ways beside each other, with devices that were never asked about before. */
export async function ofNewDevices(
	ways: readonly InstalledWay[],
	operator: RunningSandbox,
	count: number,
	rounds: number,
): Promise<Row[]> {
	const turns = ways.map((way) => [way.name, () => measure(way, freshDevices(count), operator)]);
	return await inTurn(rounds, Object.fromEntries(turns));
}

/** One after the other and all over again: what slows the machine for a while slows all alike. */
async function inTurn(
	rounds: number,
	turns: Readonly<Record<string, () => Promise<Measured>>>,
): Promise<Row[]> {
	const rows = Object.entries(turns).map(([way, run]) => ({ way, run, runs: [] as Measured[] }));
	for (let round = 0; round < rounds; round++) {
		for (const { run, runs } of rows) runs.push(await run());
	}
	return rows;
}
