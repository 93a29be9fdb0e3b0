import type { RoamingStatus } from '../../apis/roamingStatus';
import type { RoamingChange } from '../roamingEvent';

/** What is remembered of a device's status, as far as the operator told. */
export type LastStatus = Pick<RoamingStatus, 'roaming' | 'country' | 'countryCode'>;

/**
 * Compares the status of a device with its last one. One change is one event.
 * @param last `undefined` if none is known: any status is a change, then
 * @param chosen the changes that the workflow starts from
 * @returns `event`: `undefined` if nothing changed, or nothing that was chosen
 */
export function changeOf(
	last: LastStatus | undefined,
	{ roaming, country, countryCode }: LastStatus,
	chosen: ReadonlySet<RoamingChange>,
): { event: RoamingChange | undefined; remembered: LastStatus } {
	const present = { roaming, country, countryCode };
	const firstChosen = (...events: RoamingChange[]) => events.find((event) => chosen.has(event));
	if (last?.roaming !== roaming) {
		return { event: firstChosen(roaming ? 'started' : 'stopped', 'status'), remembered: present };
	}
	if (!roaming) return { event: undefined, remembered: present };
	const isOther = isOtherCountry(last, present);
	return {
		event: isOther ? firstChosen('countryChanged') : undefined,
		remembered: isOther ? present : completed(last, present),
	};
}

/** @returns `undefined` if the two cannot be compared, as when the country is withheld */
function isOtherCountry(last: LastStatus, present: LastStatus): boolean | undefined {
	for (const part of ['country', 'countryCode'] as const) {
		if (last[part] !== null && present[part] !== null) return last[part] !== present[part];
	}
	return undefined;
}

/** The present status of a device that is where it was, with what the operator leaves out this time. */
function completed(last: LastStatus, present: LastStatus): LastStatus {
	const isTold = present.country !== null || present.countryCode !== null;
	// A name and a code that came at different times might be of two countries.
	if (isTold && isOtherCountry(last, present) === undefined) return present;
	return {
		roaming: present.roaming,
		country: present.country ?? last.country,
		countryCode: present.countryCode ?? last.countryCode,
	};
}
