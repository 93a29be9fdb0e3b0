import { OpenGatewayError } from '../../nodes/OpenGateway/errors';
import { readRoamingStatus, type RoamingStatus } from '../../nodes/OpenGateway/apis/roamingStatus';

const answer = (json: unknown) => ({ status: 200, json, correlator: 'made-up-correlator' });
const unknownCountry = {
	countryCode: null,
	countryName: [],
	country: null,
	lastStatusTime: null,
};

const promised: [what: string, body: object, status: RoamingStatus][] = [
	['a device at home', { roaming: false }, { ...unknownCountry, roaming: false }],
	[
		'a country',
		{ roaming: true, countryCode: 262, countryName: ['DE'] },
		{ ...unknownCountry, roaming: true, countryCode: 262, countryName: ['DE'], country: 'DE' },
	],
	[
		'several territories under one mobile country code',
		{ roaming: true, countryCode: 340, countryName: ['BL', 'GF', 'GP', 'MF', 'MQ'] },
		{
			...unknownCountry,
			roaming: true,
			countryCode: 340,
			countryName: ['BL', 'GF', 'GP', 'MF', 'MQ'],
		},
	],
	[
		'no territory, at sea',
		{ roaming: true, countryCode: 901, countryName: [] },
		{ ...unknownCountry, roaming: true, countryCode: 901 },
	],
	['the country withheld', { roaming: true }, { ...unknownCountry, roaming: true }],
	[
		'the country withheld by nulls',
		{ roaming: true, countryCode: null, countryName: null, lastStatusTime: null },
		{ ...unknownCountry, roaming: true },
	],
	[
		'the code alone',
		{ roaming: true, countryCode: 208 },
		{ ...unknownCountry, roaming: true, countryCode: 208 },
	],
	[
		'the country alone',
		{ roaming: true, countryName: ['FR'] },
		{ ...unknownCountry, roaming: true, countryName: ['FR'], country: 'FR' },
	],
	[
		'roaming at home',
		{ roaming: true, countryCode: 214, countryName: ['ES'] },
		{ ...unknownCountry, roaming: true, countryCode: 214, countryName: ['ES'], country: 'ES' },
	],
	...[
		'2024-02-29T23:59:59Z',
		'2024-02-20T10:41:38.657Z',
		'2024-02-20t10:41:38.6z',
		'2024-02-20T10:41:38+05:30',
	].map((lastStatusTime): [string, object, RoamingStatus] => [
		`the time ${lastStatusTime}`,
		{ roaming: false, lastStatusTime },
		{ ...unknownCountry, roaming: false, lastStatusTime },
	]),
	[
		'more than is promised, which is left out',
		{ roaming: false, device: { phoneNumber: '+34600000001' }, imsi: '214070000000001' },
		{ ...unknownCountry, roaming: false },
	],
];

test.each(promised)('reads %s, with every field there', (_what, body, status) => {
	expect(readRoamingStatus(answer(body))).toStrictEqual(status);
});

test.each<[what: string, json: unknown, words: RegExp]>([
	['what is not JSON', undefined, /it is not JSON/],
	['null', null, /"roaming" is neither true nor false/],
	['a bare true', true, /"roaming"/],
	['text', 'true', /"roaming"/],
	['a list', [{ roaming: true }], /"roaming"/],
	['nothing about roaming', {}, /"roaming"/],
	['roaming that is null', { roaming: null }, /"roaming"/],
	['roaming as text', { roaming: 'false' }, /"roaming"/],
	['roaming as a number', { roaming: 1 }, /"roaming"/],
	['an error in place of an answer', { code: 'NOT_FOUND', message: 'No' }, /"roaming"/],
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
	['a time that is none', { roaming: true, lastStatusTime: '2024-13-20T10:41:38Z' }, /"lastS/],
	['a date', { roaming: true, lastStatusTime: '2024-02-20' }, /"lastStatusTime"/],
	['a time as a number', { roaming: true, lastStatusTime: 1_708_425_698 }, /"lastStatusTime"/],
])('refuses %s', (_what, json, words) => {
	let thrown: unknown;
	try {
		readRoamingStatus(answer(json));
	} catch (error) {
		thrown = error;
	}
	expect(thrown).toBeInstanceOf(OpenGatewayError);
	expect(thrown).toMatchObject({
		message: expect.stringMatching(words),
		context: { code: 'UNEXPECTED_ANSWER', status: 200, correlator: 'made-up-correlator' },
	});
});
