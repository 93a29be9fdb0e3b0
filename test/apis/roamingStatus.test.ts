import { roamingStatus, type RoamingStatus } from '../../nodes/OpenGateway/apis/roamingStatus';
import { refusal, refusedWith } from '../support/refusal';
import { responseOf } from '../support/response';

const read = (json: unknown) => roamingStatus.read(responseOf({ json }), () => undefined);
const UNKNOWN = { country: null, countryCode: null, countryName: [], lastStatusTime: null };
const FRENCH = { countryCode: 340, countryName: ['BL', 'GF', 'GP', 'MF', 'MQ'] };
const GERMAN = { countryCode: 262, countryName: ['DE'] };

test.each<[what: string, body: object, known: Partial<RoamingStatus>]>([
	['a device at home', { roaming: false }, { roaming: false }],
	['a country', { roaming: true, ...GERMAN }, { ...GERMAN, country: 'DE' }],
	['a mobile country code of several territories', { roaming: true, ...FRENCH }, FRENCH],
	[
		'a mobile country code of no territory, at sea',
		{ roaming: true, countryCode: 901, countryName: [] },
		{ countryCode: 901 },
	],
	['a response without the country', { roaming: true }, {}],
	[
		'a response with null for the country',
		{ roaming: true, countryCode: null, countryName: null, lastStatusTime: null },
		{},
	],
	['a code alone', { roaming: true, countryCode: 208 }, { countryCode: 208 }],
	[
		'a country alone',
		{ roaming: true, countryName: ['FR'] },
		{ countryName: ['FR'], country: 'FR' },
	],
	...[
		'2024-02-29T23:59:59Z',
		'2024-02-20T10:41:38.657Z',
		'2024-02-20t10:41:38.6z',
		'2024-02-20T10:41:38+05:30',
	].map((lastStatusTime): [string, object, Partial<RoamingStatus>] => [
		`the time ${lastStatusTime}`,
		{ roaming: true, lastStatusTime },
		{ lastStatusTime },
	]),
	[
		'a response with other fields, which are left out',
		{ roaming: true, device: { phoneNumber: '+34600000001' }, imsi: '214070000000001' },
		{},
	],
])('%s is read, with every field there', (_what, body, known) => {
	expect(read(body)).toStrictEqual({ roaming: true, ...UNKNOWN, ...known });
});

test.each<[what: string, json: unknown, words: RegExp]>([
	['text that is not JSON', undefined, /it is not JSON/],
	['null', null, /"roaming" is neither true nor false/],
	['a bare true', true, /"roaming"/],
	['text', 'true', /"roaming"/],
	['a list', [{ roaming: true }], /"roaming"/],
	['an empty object', {}, /"roaming"/],
	['roaming that is null', { roaming: null }, /"roaming"/],
	['roaming as text', { roaming: 'false' }, /"roaming"/],
	['roaming as a number', { roaming: 1 }, /"roaming"/],
	['an error body', { code: 'NOT_FOUND', message: 'No' }, /"roaming"/],
	['a code as text', { roaming: true, countryCode: '262' }, /"countryCode"/],
	['a code with a fraction', { roaming: true, countryCode: 26.2 }, /"countryCode"/],
	['a code of four digits', { roaming: true, countryCode: 1000 }, /"countryCode"/],
	['a negative code', { roaming: true, countryCode: -1 }, /"countryCode"/],
	['a country as text', { roaming: true, countryName: 'DE' }, /"countryName"/],
	['a country in lower case', { roaming: true, countryName: ['de'] }, /"countryName"/],
	['a country by its name', { roaming: true, countryName: ['Germany'] }, /"countryName"/],
	['a country of three letters', { roaming: true, countryName: ['DEU'] }, /"countryName"/],
	['a null among countries', { roaming: true, countryName: ['DE', null] }, /"countryName"/],
	['a time without its offset', { roaming: true, lastStatusTime: '2024-02-20T10:41:38' }, /"lastS/],
	['a time with a month 13', { roaming: true, lastStatusTime: '2024-13-20T10:41:38Z' }, /"lastS/],
	['a date', { roaming: true, lastStatusTime: '2024-02-20' }, /"lastStatusTime"/],
	['a time as a number', { roaming: true, lastStatusTime: 1_708_425_698 }, /"lastStatusTime"/],
])('%s is refused', (_what, json, words) => {
	const refused = refusal(() => read(json));
	expect(refused).toEqual(refusedWith('UNEXPECTED_ANSWER', words));
	expect(refused).toMatchObject({ status: 200, correlator: 'made-up-correlator' });
});
