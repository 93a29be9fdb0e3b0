import { changeIn, typesFor } from '../../nodes/OpenGateway/triggers/byEvents/changes';
import type { RoamingChange } from '../../nodes/OpenGateway/triggers/roamingEvent';

const chosen = (changes: string) => new Set(changes.split(' ') as RoamingChange[]);

test.each([
	['started', ['roaming-on']],
	['stopped', ['roaming-off']],
	['status', ['roaming-status']],
	['countryChanged', ['roaming-change-country']],
	['started stopped', ['roaming-status']],
	['started status', ['roaming-status']],
	['stopped status', ['roaming-status']],
	['started countryChanged', ['roaming-on', 'roaming-change-country']],
	['stopped countryChanged', ['roaming-off', 'roaming-change-country']],
	['started stopped status countryChanged', ['roaming-status', 'roaming-change-country']],
])('of %s, subscriptions of the types %j tell', (changes, types) => {
	expect(typesFor(chosen(changes))).toEqual(types);
});

/** The document's example: which events there are, and which of them a workflow sees. */
const JOURNEY = [
	['to France', 'roaming-status', true],
	['to France', 'roaming-on', true],
	['to Belgium', 'roaming-change-country', true],
	['home', 'roaming-status', false],
	['home', 'roaming-off', false],
] as const;

test.each<[string, string[]]>([
	['started', ['to France: started']],
	['stopped', ['home: stopped']],
	['status', ['to France: status', 'home: status']],
	['countryChanged', ['to Belgium: countryChanged']],
	['started stopped', ['to France: started', 'home: stopped']],
	['started status', ['to France: started', 'home: status']],
	['stopped status', ['to France: status', 'home: stopped']],
	[
		'started stopped status countryChanged',
		['to France: started', 'to Belgium: countryChanged', 'home: stopped'],
	],
])('of a journey from Germany to France, Belgium and back, %s gives %j', (changes, seen) => {
	const set = chosen(changes);
	const told = JOURNEY.filter(([, type]) => typesFor(set).includes(type));
	const events = told.map(([step, type, roaming]) => [step, changeIn(type, roaming, set)] as const);
	expect(events.flatMap(([step, event]) => (event ? [`${step}: ${event}`] : []))).toEqual(seen);
});
