/** What this node is to keep to. */
import type { Row } from './comparisons';
import {
	allRight,
	atOnce,
	count,
	devicesOf,
	median,
	most,
	msOf,
	ofIdeal,
	percent,
	ratio,
	tooMany,
} from './numbers';
import type { Results } from './report';

export interface Goal {
	readonly goal: string;
	readonly measured: string;
	readonly met: boolean;
}

export function goals({ bySize, own, limited, requestsPerSecond }: Results): Goal[] {
	const [chain, cold, kept] = bySize.find(([row]) => devicesOf(row!) === 1_000)!;
	const [, coldOfMany] = bySize.find(([row]) => devicesOf(row!) === 10_000) ?? [];
	const [, withExpression, besideBareLoop] = own;
	const [, untold] = limited;
	const unlimited = bySize.flatMap(([, ...ofNode]) => ofNode);
	const right = [...unlimited, besideBareLoop!, ...limited.slice(1)].every(allRight);

	return [
		atMost(0.5, '1,000 new devices, of the chain’s time', msOf(cold!) / msOf(chain!)),
		atMost(0.2, 'the same 1,000 again, of the chain’s time', msOf(kept!) / msOf(chain!)),
		...(coldOfMany
			? [atMost(11, '10,000 new devices, of the time of 1,000', msOf(coldOfMany) / msOf(cold!))]
			: []),
		atMost(100, 'requests at once', Math.max(...unlimited.map((row) => most(row, atOnce))), count),
		// Fewer take less than n8n itself does now and then.
		...bySize
			.filter(([chain]) => devicesOf(chain!) >= 1_000)
			.map(([chain, ...ofNode]) =>
				atMost(
					1,
					`${count(devicesOf(chain!))} devices, of the chain’s peak memory`,
					Math.max(...ofNode.map(peakOf)) / peakOf(chain!),
				),
			),
		atMost(
			1.15,
			'of the time of a bare loop with the same expression',
			msOf(besideBareLoop!) / msOf(withExpression!),
		),
		atMost(1.25, 'under a limit, of the ideal time', ofIdeal(untold!, requestsPerSecond)),
		atMost(0.05, 'under a limit, of all answers 429', tooMany(untold!), percent),
		{ goal: 'every device answered, and right', measured: right ? 'yes' : 'no', met: right },
	];
}

function atMost(limit: number, what: string, measured: number, written = ratio): Goal {
	return {
		goal: `at most ${written(limit)}: ${what}`,
		measured: written(measured),
		met: measured <= limit,
	};
}

function peakOf({ runs }: Row): number {
	return median(runs.map(({ memory }) => memory?.peak ?? NaN));
}
