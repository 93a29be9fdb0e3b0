/** The comparisons that the benchmark makes. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { RunningSandbox } from '../sandbox/client';
import { freshDevices } from './devices';
import type { InstalledVariant, PublishedTrigger } from './instance';
import { type Measured, measure } from './measure';

/** A variant under certain conditions, with all of its runs. */
export interface Row {
	readonly variant: string;
	readonly runs: readonly Measured[];
}

/**
 * The baseline beside this node: with new devices, and with the same devices again, whose tokens
 * are still valid.
 */
export async function speed(
	baseline: InstalledVariant,
	node: InstalledVariant,
	operator: RunningSandbox,
	count: number,
	rounds: number,
): Promise<Row[]> {
	let devices: string[] = [];
	return await inTurn(rounds, {
		[baseline.name]: () => measure(baseline, freshDevices(count), operator),
		[`${node.name}, new devices`]: () => measure(node, (devices = freshDevices(count)), operator),
		[`${node.name}, the same again`]: () => measure(node, devices, operator),
	});
}

/**
 * Check Roaming beside an ask of the trigger about the same devices, both with kept tokens. The time
 * of an ask is that from its first request to the start of the workflow.
 * @param traveller a device of the trigger alone, which crosses a border before each ask
 */
export async function asking(
	node: InstalledVariant,
	trigger: PublishedTrigger,
	{ devices, traveller }: { devices: readonly string[]; traveller: string },
	operator: RunningSandbox,
	rounds: number,
): Promise<Row[]> {
	let isAbroad = false;
	const ask = async (): Promise<Measured> => {
		isAbroad = !isAbroad;
		// It forgets where devices were moved to, too.
		await operator.forget();
		await operator.forgetStatistics();
		await operator.move(traveller, { country: isAbroad ? 'DE' : 'ES' });
		const { at, results } = await trigger.nextStart();
		const statistics = await operator.statistics();
		const began = Math.min(...(await operator.exchanges()).map((sent) => Date.parse(sent.at)));
		const isRight = results.length === 1 && results[0]!.roaming === isAbroad;
		return {
			...{ ms: at - began, memory: undefined, devices: devices.length, error: undefined },
			...{ right: isRight ? devices.length : 0, statistics },
		};
	};
	// The first round begins with the publishing, and obtains the tokens.
	await untilQuiet(operator);
	// The asks that follow come a minute apart, and a run in between meets none.
	await ask();
	return await inTurn(rounds, {
		[node.name]: () => measure(node, devices, operator),
		[trigger.name]: ask,
	});
}

/** Waits until no request has come for two seconds. */
async function untilQuiet(operator: RunningSandbox): Promise<void> {
	let before = -1;
	let { requests } = await operator.statistics();
	while (requests !== before) {
		await sleep(2000);
		before = requests;
		({ requests } = await operator.statistics());
	}
}

/** An operator that accepts a limited number of requests a second. */
export async function underALimit(
	variants: readonly InstalledVariant[],
	operator: RunningSandbox,
	requestsPerSecond: number,
	count: number,
	rounds: number,
): Promise<Row[]> {
	await operator.setRate(requestsPerSecond);
	const rows = await ofNewDevices(variants, operator, count, rounds);
	await operator.setRate();
	return rows;
}

/** Variants beside each other, with new devices. */
export async function ofNewDevices(
	variants: readonly InstalledVariant[],
	operator: RunningSandbox,
	count: number,
	rounds: number,
): Promise<Row[]> {
	const turns = variants.map((variant) => [
		variant.name,
		() => measure(variant, freshDevices(count), operator),
	]);
	return await inTurn(rounds, Object.fromEntries(turns));
}

/** Runs the variants in turn: what slows the machine for a while then slows all of them. */
async function inTurn(
	rounds: number,
	turns: Readonly<Record<string, () => Promise<Measured>>>,
): Promise<Row[]> {
	const rows = Object.entries(turns).map(([variant, run]) => ({
		variant,
		run,
		runs: [] as Measured[],
	}));
	for (let round = 0; round < rounds; round++) {
		for (const { run, runs } of rows) runs.push(await run());
	}
	return rows;
}
