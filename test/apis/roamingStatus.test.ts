import { readFileSync } from 'node:fs';
import { roamingStatus, type RoamingStatus } from '../../nodes/OpenGateway/apis/roamingStatus';
import { mobileCountryCodeTable, TABLE_FILE } from '../../scripts/mobileCountryCodes';
import { refusal, refusedWith } from '../support/refusal';
import { responseOf } from '../support/response';

/** The answer, and what was set aside. */
function reading(json: unknown): { answer: RoamingStatus; setAside: string[] } {
	const setAside: string[] = [];
	const answer = roamingStatus.read(responseOf({ json }), (part) => setAside.push(part));
	return { answer, setAside };
}
const read = (json: unknown) => reading(json).answer;
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
	expect(reading(body)).toStrictEqual({
		answer: { roaming: true, ...UNKNOWN, ...known },
		setAside: [],
	});
});

test.each<[what: string, body: object, known: Partial<RoamingStatus>]>([
	['a code as text', { countryCode: '262' }, { ...GERMAN, country: 'DE' }],
	['a code in a list', { countryCode: ['262'], countryName: 'DE' }, { ...GERMAN, country: 'DE' }],
	['the code of a test network', { countryCode: '001' }, { countryCode: 1 }],
	['a code alone', { countryCode: 208 }, { countryCode: 208, countryName: ['FR'], country: 'FR' }],
	['the code of several territories alone', { countryCode: 340 }, FRENCH],
	['the code of a network at sea alone', { countryCode: '901' }, { countryCode: 901 }],
	['a country as text', { countryName: 'DE' }, { countryName: ['DE'], country: 'DE' }],
	['a country in lower case', { countryName: ['fr '] }, { countryName: ['FR'], country: 'FR' }],
	[
		'countries in one text',
		{ countryName: 'BL, gf,GP;MF,MQ' },
		{ countryName: FRENCH.countryName },
	],
	['a country named twice', { countryName: ['DE', 'de'] }, { countryName: ['DE'], country: 'DE' }],
	...[
		['2024-02-20 10:41:38Z', '2024-02-20T10:41:38.000Z'],
		['2024-02-20T10:41:38+0530', '2024-02-20T05:11:38.000Z'],
		['2024-02-20T10:41:38-03', '2024-02-20T13:41:38.000Z'],
		['2024-02-20T10:41Z', '2024-02-20T10:41:00.000Z'],
		['Tue, 20 Feb 2024 10:41:38 GMT', '2024-02-20T10:41:38.000Z'],
	].map(([written, lastStatusTime]): [string, object, Partial<RoamingStatus>] => [
		`the time ${written}`,
		{ lastStatusTime: written },
		{ lastStatusTime },
	]),
])('%s says one thing only, and is read', (_what, body, known) => {
	expect(reading({ roaming: true, ...body })).toStrictEqual({
		answer: { roaming: true, ...UNKNOWN, ...known },
		setAside: [],
	});
});

test.each<[field: keyof RoamingStatus, values: unknown[]]>([
	[
		'countryCode',
		[34, 36, 49, '34', 'DE', 8, 800, 26.2, 1000, -1, '', true, {}, [], ['262', '208'], '2 62'],
	],
	[
		'countryName',
		[
			'',
			'Spain',
			['Spain'],
			['DEU'],
			['DE', null],
			['DE', 'Spain'],
			49,
			[49],
			true,
			{},
			[['DE']],
			'D',
		],
	],
	[
		'lastStatusTime',
		[
			'',
			'2024-02-20T10:41:38',
			'2024-13-20T10:41:38Z',
			'2026-02-30T10:00:00Z',
			'2024-02-20',
			'20/02/2024 10:41 Z',
			'02/03/2024 10:41 UTC',
			'yesterday',
			'0',
			1_708_425_698,
			true,
			{},
			[],
		],
	],
])('%s that says nothing, or more than one thing, is set aside', (field, values) => {
	for (const value of values) {
		const { answer, setAside } = reading({ roaming: true, [field]: value });
		expect([value, answer]).toStrictEqual([value, { roaming: true, ...UNKNOWN }]);
		expect(setAside).toEqual([field]);
	}
});

test('a dialling code beside the country is set aside, and the country stays', () => {
	expect(
		reading({ roaming: true, countryCode: 36, countryName: ['HU'], lastStatusTime: '2026-11-02' }),
	).toStrictEqual({
		answer: { roaming: true, ...UNKNOWN, countryName: ['HU'], country: 'HU' },
		setAside: ['countryCode', 'lastStatusTime'],
	});
});

test('a country in words follows from the mobile country code beside it', () => {
	expect(reading({ roaming: true, countryCode: 262, countryName: ['Germany'] })).toStrictEqual({
		answer: { roaming: true, ...UNKNOWN, ...GERMAN, country: 'DE' },
		setAside: ['countryName'],
	});
});

test('the operator’s own list of countries counts before that of the mobile country code', () => {
	expect(read({ roaming: true, countryCode: 310, countryName: ['PR'] })).toMatchObject({
		countryCode: 310,
		countryName: ['PR'],
	});
});

test('the table of mobile country codes is what the script generates', () => {
	expect(readFileSync(TABLE_FILE, 'utf8')).toBe(mobileCountryCodeTable());
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
])('%s is refused', (_what, json, words) => {
	const refused = refusal(() => read(json));
	expect(refused).toEqual(refusedWith('UNEXPECTED_ANSWER', words));
	expect(refused).toMatchObject({ status: 200, correlator: 'made-up-correlator' });
});
