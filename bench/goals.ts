/** The limits that this node keeps to. */
import type { Row } from './comparisons';
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
	throttled,
} from './numbers';
import type { Results } from './report';

export interface Goal {
	readonly goal: string;
	readonly measured: string;
	readonly met: boolean;
}

export function goals({
	bySize,
	own,
	limited,
	byAsking,
	notified,
	requestsPerSecond,
}: Results): Goal[] {
	const [baseline, cold, cached] = bySize.find(([row]) => devicesOf(row!) === 1_000)!;
	const [, coldOfMany] = bySize.find(([row]) => devicesOf(row!) === 10_000) ?? [];
	const [, withExpression, besideBareLoop] = own;
	const [, adaptive] = limited;
	const [checkRoaming, ask] = byAsking;
	const unlimited = bySize.flatMap(([, ...ofNode]) => ofNode);
	const right = [...unlimited, besideBareLoop!, ...limited.slice(1), ...byAsking].every(allRight);

	return [
		atMost(0.5, '1,000 new devices, of the baseline’s time', msOf(cold!) / msOf(baseline!)),
		atMost(
			0.2,
			'the same 1,000 devices again, of the baseline’s time',
			msOf(cached!) / msOf(baseline!),
		),
		...(coldOfMany
			? [atMost(11, '10,000 new devices, of the time of 1,000', msOf(coldOfMany) / msOf(cold!))]
			: []),
		atMost(
			100,
			'requests in flight',
			Math.max(...unlimited.map((row) => most(row, inFlight))),
			count,
		),
		// With fewer devices, n8n's own fluctuations exceed the difference.
		...bySize
			.filter(([baseline]) => devicesOf(baseline!) >= 1_000)
			.map(([baseline, ...ofNode]) =>
				atMost(
					1,
					`${count(devicesOf(baseline!))} devices, of the baseline’s peak memory`,
					Math.max(...ofNode.map(peakOf)) / peakOf(baseline!),
				),
			),
		atMost(
			1.15,
			'of the time of a bare loop with the same expression',
			msOf(besideBareLoop!) / msOf(withExpression!),
		),
		atMost(
			1.1,
			'an ask of the trigger, of the time of Check Roaming',
			msOf(ask!) / msOf(checkRoaming!),
		),
		atMost(1.25, 'under a limit, of the ideal time', ofIdeal(adaptive!, requestsPerSecond)),
		atMost(0.05, 'under a limit, of all responses HTTP 429', throttled(adaptive!), percent),
		atMost(
			1.15,
			'events at the trigger, of the time of as many calls of the Webhook node',
			median(notified[1]!.ms) / median(notified[0]!.ms),
		),
		{ goal: 'right results for every device', measured: right ? 'yes' : 'no', met: right },
	];
}

function atMost(limit: number, figure: string, measured: number, written = ratio): Goal {
	return {
		goal: `at most ${written(limit)}: ${figure}`,
		measured: written(measured),
		met: measured <= limit,
	};
}

function peakOf({ runs }: Row): number {
	return median(runs.map(({ memory }) => memory?.peak ?? NaN));
}
