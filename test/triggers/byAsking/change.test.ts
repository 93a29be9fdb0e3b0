import { changeOf, type LastStatus } from '../../../nodes/OpenGateway/triggers/byAsking/change';
import type { RoamingChange } from '../../../nodes/OpenGateway/triggers/roamingEvent';

const abroad = (country: string | null, countryCode: number | null = null): LastStatus => ({
	roaming: true,
	country,
	countryCode,
});
const home: LastStatus = { roaming: false, country: null, countryCode: null };
const [germany, france, belgium] = [abroad('DE', 262), abroad('FR', 208), abroad('BE', 206)];
const antilles = abroad(null, 340);
const atSea = abroad(null, 901);
const withheld = abroad(null);

const all: RoamingChange[] = ['started', 'stopped', 'countryChanged', 'status'];
const event = (
	last: LastStatus | undefined,
	present: LastStatus,
	chosen: readonly RoamingChange[] = all,
) => changeOf(last, present, new Set(chosen)).event;
const rememberedAfter = (last: LastStatus | undefined, present: LastStatus) =>
	changeOf(last, present, new Set()).remembered;

describe('one change is one event', () => {
	test.each<
		[string, LastStatus | undefined, LastStatus, readonly RoamingChange[], string | undefined]
	>([
		['a border left', home, france, all, 'started'],
		['a border left', home, france, ['status', 'countryChanged'], 'status'],
		['a border left', home, france, ['stopped', 'countryChanged'], undefined],
		['a return', france, home, all, 'stopped'],
		['a return', france, home, ['status', 'started'], 'status'],
		['a return', france, home, ['started', 'countryChanged'], undefined],
		['another country', france, belgium, all, 'countryChanged'],
		['another country', france, belgium, ['started', 'stopped', 'status'], undefined],
		['the first status abroad', undefined, france, all, 'started'],
		['the first status abroad', undefined, france, ['status'], 'status'],
		['the first status abroad', undefined, france, ['stopped', 'countryChanged'], undefined],
		['the first status at home', undefined, home, all, 'stopped'],
		['the first status at home', undefined, home, ['status'], 'status'],
		['the first status at home', undefined, home, ['started', 'countryChanged'], undefined],
	])('%s, from %j to %j with %j chosen: %s', (_, last, present, chosen, expected) => {
		expect(event(last, present, chosen)).toBe(expected);
	});

	test.each<[string, LastStatus, LastStatus]>([
		['at home as before', home, home],
		['in the same country', france, france],
		['the country is withheld', france, withheld],
		['the country was withheld', withheld, france],
		['another MCC of the same country', abroad('US', 310), abroad('US', 311)],
		['the territory of an MCC that serves several', antilles, abroad('GP', 340)],
		['a name and a code that cannot be compared', abroad('FR'), antilles],
	])('no event: %s', (_, last, present) => {
		expect(event(last, present)).toBeUndefined();
	});

	test.each<[string, LastStatus, LastStatus]>([
		['from a country to an MCC of several', france, antilles],
		['from one MCC to another', antilles, atSea],
		['to sea', germany, atSea],
		['by name alone', abroad('FR'), abroad('DE')],
	])('another country: %s', (_, last, present) => {
		expect(event(last, present)).toBe('countryChanged');
	});
});

describe('what is remembered', () => {
	test('is the present status', () => {
		expect(rememberedAfter(undefined, france)).toEqual(france);
		expect(rememberedAfter(france, belgium)).toEqual(belgium);
		expect(rememberedAfter(france, home)).toEqual(home);
		expect(rememberedAfter(home, withheld)).toEqual(withheld);
	});

	test('keeps a country that is withheld for a while', () => {
		expect(rememberedAfter(france, withheld)).toEqual(france);
		expect(rememberedAfter(france, abroad(null, 208))).toEqual(france);
		expect(rememberedAfter(antilles, abroad('GP', 340))).toEqual(abroad('GP', 340));
		expect(event(rememberedAfter(france, withheld), belgium)).toBe('countryChanged');
		expect(event(rememberedAfter(france, withheld), france)).toBeUndefined();
	});

	test('never joins the name of one country with the code of another', () => {
		expect(rememberedAfter(abroad('FR'), antilles)).toEqual(antilles);
		expect(rememberedAfter(antilles, abroad('FR'))).toEqual(abroad('FR'));
	});

	test('forgets the country at home', () => {
		expect(event(rememberedAfter(france, home), belgium, ['countryChanged'])).toBeUndefined();
	});

	test('does not depend on what was chosen', () => {
		for (const last of [undefined, home, france, antilles, withheld]) {
			for (const present of [home, germany, antilles, atSea, withheld]) {
				expect(changeOf(last, present, new Set(all)).remembered).toEqual(
					rememberedAfter(last, present),
				);
			}
		}
	});
});
