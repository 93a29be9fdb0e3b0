import type { INodeParameters } from 'n8n-workflow';
import { openGatewayApi } from '../support/credential';
import { runNode } from '../support/engine';
import { sandboxForSuite } from '../support/suite';

/**
 * What workflows deliver, as opposed to what people should write: each input is refused before any
 * request, in words that say what is wrong and how it should look, or reaches the operator as the
 * exact value that was meant.
 */
const sandbox = sandboxForSuite();

/** The fields of the node, as an expression delivers them; an absent one is `undefined` there. */
interface Input {
	phoneNumber?: unknown;
	defaultCallingCode?: unknown;
	ipv4Address?: unknown;
	port?: unknown;
	ipv6Address?: unknown;
	networkAccessIdentifier?: unknown;
}

/** Runs the node for one item whose every field comes in through an expression. */
async function run(identifierType: string, input: Input) {
	const { defaultCallingCode, ...fields } = input;
	const expressions: INodeParameters = { identifierType };
	for (const name of [identifierType, ...Object.keys(fields)]) {
		expressions[name] = `={{ $json.${name} }}`;
	}
	if ('defaultCallingCode' in input) {
		expressions.options = { defaultCallingCode: '={{ $json.defaultCallingCode }}' };
	}
	const { outputs, error } = await runNode([{ ...fields, defaultCallingCode } as never], {
		credential: openGatewayApi({ baseUrl: sandbox.baseUrls.telefonica }),
		parameters: expressions,
		onError: 'continueRegularOutput',
	});
	expect(error).toBeUndefined();
	expect(outputs[0]).toHaveLength(1);
	return outputs[0]?.[0]?.json;
}

type Refused = [what: string, input: Input, happened: RegExp];
type Accepted = [what: string, input: Input, hint: string, body: object];

function refusesEach(identifierType: string, remedy: RegExp, rows: Refused[]): void {
	test.each(rows)('refuses %s', async (_what, input, happened) => {
		const json = await run(identifierType, input);

		expect(json).toStrictEqual({
			error: {
				message: expect.stringMatching(happened),
				code: 'INVALID_DEVICE',
				description: null,
				nextMove: 'you',
				status: null,
				correlator: null,
			},
		});
		const { message } = json?.error as { message: string };
		expect(message).toMatch(remedy);
		expect(message.length).toBeLessThan(400);
		expect(message).not.toMatch(/\p{C}/u);
		expect(message.replace(/\D/g, '')).not.toContain(MEANT);
		expect(await sandbox.exchanges()).toEqual([]);
	});
}

function understandsEach(identifierType: string, rows: Accepted[]): void {
	test.each(rows)('understands %s', async (_what, input, hint, body) => {
		const json = await run(identifierType, input);

		expect(json).toMatchObject({ roaming: true, country: 'DE' });
		const [authentication, token, roaming, ...others] = await sandbox.exchanges();
		expect([...new URLSearchParams(authentication?.body)]).toEqual([
			['login_hint', hint],
			['scope', 'dpv:FraudPreventionAndDetection#device-status-roaming-read'],
		]);
		expect(token?.path).toBe('/apigateway/token');
		expect(JSON.parse(roaming?.body ?? '')).toEqual(body);
		expect(others).toEqual([]);
	});
}

/** The subscriber number that most inputs mean; no error may show it. It roams in the sandbox. */
const MEANT = '612987651';

describe('a phone number', () => {
	const inputs = (rows: [what: string, phoneNumber: unknown, happened: RegExp][]): Refused[] =>
		rows.map(([what, phoneNumber, happened]) => [
			what,
			{ phoneNumber, defaultCallingCode: '34' },
			happened,
		]);

	refusesEach(
		'phoneNumber',
		/like \+34600123456 or 0034600123456/,
		inputs([
			['a missing field', undefined, /phone number is missing/],
			['null', null, /phone number is missing/],
			['an empty text', '', /phone number is empty/],
			['blanks', ' \t \u00A0 ', /phone number is empty/],
			['true', true, /is a boolean, not text/],
			['false', false, /is a boolean, not text/],
			['an empty list', [], /is a list, not text/],
			['a list', ['+34612987651'], /is a list, not text/],
			['a list of lists', [['+34612987651']], /is a list, not text/],
			['an empty object', {}, /is an object, not text/],
			['an object', { value: '+34612987651' }, /is an object, not text/],
			['an object that reads as a number', { toString: '+34612987651' }, /is an object, not text/],
			['NaN', NaN, /is a number that cannot be one/],
			['Infinity', Infinity, /is a number that cannot be one/],
			['minus Infinity', -Infinity, /is a number that cannot be one/],
			['a fraction', 612987651.5, /is a number that cannot be one/],
			['a negative number', -612987651, /is a number that cannot be one/],
			['an unsafe number', 34612987651346129, /is a number that cannot be one/],
			['a huge number', 1e300, /is a number that cannot be one/],
			['a number of one digit', 7, /has 3 digits with its country; it must have 5 to 15/],
			['zero', 0, /cannot be completed with the calling code 34/],
			['10,000 digits', '6'.repeat(10_000), /is 10000 characters long/],
			['10,000 blanks and a number', ' '.repeat(10_000) + '612987651', /is 10009 characters long/],
			['10,000 separators in a number', `+34${'-'.repeat(10_000)}612987651`, /characters long/],
			['16 digits', '+3461298765134612', /has 16 digits/],
			['4 digits', '+3461', /has 4 digits/],
			['only a plus', '+', /has no digits/],
			['only punctuation', '(--) ..', /has no digits/],
			['a word', 'unknown', /contains "u"/],
			['the word null', 'null', /contains "n"/],
			['the word undefined', 'undefined', /contains "u"/],
			['an object made text', '[object Object]', /contains "\["/],
			['an expression that was not resolved', '{{ $json.phone }}', /contains "\{"/],
			['an emoji', '📱', /contains the character U\+1F4F1/],
			['an emoji behind a number', '+34612987651📱', /contains the character U\+1F4F1/],
			['half a character', '+34612987651\uD83D', /contains the character U\+D83D/],
			['a NUL', '+34612987651\0', /contains the character U\+0000/],
			['a control character', '+3461298\u0007 7651', /contains the character U\+0007/],
			['a vertical tab', '+34612\u000B987651', /contains the character U\+000B/],
			['a line break inside', '+34612\n987651', /contains the character U\+000A/],
			['a header', '+34612987651\r\nX-Evil: 1', /contains the character U\+000D/],
			['a form field', '+34612987651&scope=openid', /contains "&"/],
			['an encoded form field', '+34612987651%26scope%3Dopenid', /contains "%"/],
			['JSON', '+34612987651","uePort":"1', /contains """/],
			['SQL', "+34612987651' OR '1'='1", /contains "'"/],
			['HTML', '<b>+34612987651</b>', /contains "<"/],
			['a template', '${612987651}', /contains "\$"/],
			['a path', '../../612987651', /contains "\/"/],
			['a URI', 'tel:+34612987651', /contains "t"/],
			['a URI in capitals', 'TEL:+34612987651', /contains "T"/],
			['a SIP address', 'sip:+34612987651@example.com', /contains "s"/],
			['an encoded plus', '%2B34612987651', /contains "%"/],
			['a plus that a form made a space of, twice', '++34612987651', /contains "\+"/],
			['Arabic digits', '+٣٤٦١٢٩٨٧٦٥١', /contains the character U\+0663/],
			['full-width digits', '＋３４６１２９８７６５１', /contains the character U\+FF0B/],
			['superscript digits', '+34612987651²', /contains the character U\+00B2/],
			['a letter O for a zero', '+346129876O1', /contains "O"/],
			['two numbers with a comma', '+34612987651,+34612987652', /contains ","/],
			['two numbers with a semicolon', '+34612987651;+34612987652', /contains ";"/],
			['two numbers with a word', '+34612987651 or +34612987652', /contains "o"/],
			['two numbers with a space', '+34612987651 +34612987652', /contains "\+"/],
			['two numbers with a slash', '612987651/612987652', /has 20 digits/],
			['two endings with a slash', '612987651/52', /contains "\/"/],
			['an extension', '+34612987651 ext 4', /contains "e"/],
			['an extension with an x', '+34612987651x4', /contains "x"/],
			['an extension of a URI', '+34612987651;ext=4', /contains ";"/],
			['a pause', '+34612987651,,4', /contains ","/],
			['a feature code', '*31#612987651', /contains "\*"/],
			['an exponent', '6.12987651E+8', /contains "E"/],
			['an apostrophe of a spreadsheet', "'+34612987651", /contains "'"/],
			['a formula', '=+34612987651', /contains "="/],
			['a thousands separator', '612,987,651', /contains ","/],
			['a 0 for a country', '+0612987651', /has a 0 where its country code should begin/],
			['00 behind a plus', '+0034612987651', /has a 0 where its country code should begin/],
			['a hidden country code', '34612987651', /begins with 34, which may be its country/],
			['a number that hides it', 34612987651, /begins with 34, which may be its country/],
			['a country code behind one 0', '034612987651', /begins with 34, which may be its country/],
			['an IPv6 address', '2001:db8::1', /contains ":"/],
			['an e-mail address', '612987651@example.com', /contains "@"/],
		]),
	);

	refusesEach('phoneNumber', /Keep it as text at its source/, [
		['a decimal number', { phoneNumber: '612987651.0' }, /was made a decimal number/],
		['a decimal number with its country', { phoneNumber: '34612987651.00' }, /was made a decimal/],
		['one with decimal places', { phoneNumber: '612987651.5' }, /was made a decimal number/],
	]);

	refusesEach('phoneNumber', /like \+34600123456.*set the option Default Calling Code/, [
		['one without its country', { phoneNumber: '612 98 76 51' }, /ending in 651 does not say/],
		['a number', { phoneNumber: 612987651 }, /ending in 651 does not say its country/],
		[
			'one whose country is missing',
			{ phoneNumber: '612987651', defaultCallingCode: undefined },
			/ending in 651 does not say its country/,
		],
		[
			'one whose country is null',
			{ phoneNumber: '612987651', defaultCallingCode: null },
			/ending in 651 does not say its country/,
		],
		[
			'one whose country is empty',
			{ phoneNumber: '612987651', defaultCallingCode: '' },
			/ending in 651 does not say its country/,
		],
		[
			'one whose country is blank',
			{ phoneNumber: '612987651', defaultCallingCode: '  ' },
			/ending in 651 does not say its country/,
		],
	]);

	refusesEach(
		'phoneNumber',
		/Write 1 to 3 digits, like 34 for Spain/,
		(
			[
				['a country by its name', 'Spain'],
				['a country by its ISO code', 'ES'],
				['a country by its mobile country code and more', '21407'],
				['0', '0'],
				['the number 0', 0],
				['a negative number', -34],
				['a fraction', 34.5],
				['NaN', NaN],
				['Infinity', Infinity],
				['true', true],
				['a list of two', ['34', '49']],
				['an object', { code: '34' }],
				['a form field', '34&scope=openid'],
				['a control character', '34\0'],
				['Arabic digits', '٣٤'],
				['10,000 digits', '3'.repeat(10_000)],
			] satisfies [string, unknown][]
		).map(([what, defaultCallingCode]) => [
			`where the default calling code is ${what}`,
			{ phoneNumber: '612987651', defaultCallingCode },
			/Default Calling Code is not a country calling code/,
		]),
	);

	const reaches = ['tel:+34612987651', { ueId: { msisdn: '+34612987651' } }] as const;
	const meant = (rows: [what: string, phoneNumber: unknown, code?: unknown][]): Accepted[] =>
		rows.map(([what, phoneNumber, code]) => [
			what,
			{ phoneNumber, ...(code !== undefined && { defaultCallingCode: code }) },
			...reaches,
		]);

	understandsEach(
		'phoneNumber',
		meant([
			['E.164', '+34612987651'],
			['blanks and line breaks around it', '\r\n +34612987651 \n'],
			['spaces, dashes and parentheses', '(+34) 612-98 76.51'],
			['00 for a plus', '0034 612 987 651'],
			['non-breaking spaces and hyphens', '+34\u00A0612\u2011987\u2011651'],
			['the marks of an address book', '\u202A+34 612 987 651\u202C'],
			['a byte order mark', '\uFEFF+34612987651'],
			['a tab', '+34\t612987651'],
			['a 0 that is dialled at home only', '+34 (0)612 987 651'],
			['a default that is not needed', '+34612987651', '49'],
			['a number and its default', 612987651, '34'],
			['a number and its default, a number', 612987651, 34],
			['a default with a plus', '612 987 651', '+34'],
			['a default with 00 and blanks', '612 987 651', ' 00 34 '],
			['a 0 in front and its default', '0612 987 651', '34'],
			['a default in a list of one', '612 987 651', ['34']],
		]),
	);
});

describe('an IPv4 address', () => {
	refusesEach(
		'ipv4Address',
		/public address that your server sees, like 80\.90\.34\.2, without a mask/,
		(
			[
				['a missing field', undefined, /IPv4 address is missing/],
				['null', null, /IPv4 address is missing/],
				['an empty text', '', /IPv4 address is empty/],
				['true', true, /is a boolean, not text/],
				['a list', ['80.90.34.1'], /is a list, not text/],
				['a list of octets', [80, 90, 34, 1], /is a list, not text/],
				['an object', { address: '80.90.34.1' }, /is an object, not text/],
				['a fraction', 80.9, /is a number that cannot be one/],
				['a whole number', 1348084225, /is not four numbers/],
				['10,000 characters', '80.90.34.1,'.repeat(1000), /is 11000 characters long/],
				['three octets', '80.90.34', /is not four numbers from 0 to 255/],
				['five octets', '80.90.34.1.1', /is not four numbers/],
				['an octet of 256', '80.90.34.256', /is not four numbers/],
				['an octal octet', '80.90.034.1', /is not four numbers/],
				['a hexadecimal octet', '0x50.90.34.1', /is not four numbers/],
				['a negative octet', '80.90.34.-1', /is not four numbers/],
				['an empty octet', '80..34.1', /is not four numbers/],
				['a dot at its end', '80.90.34.1.', /is not four numbers/],
				['a mask', '80.90.34.1/32', /is not four numbers/],
				['a port', '80.90.34.1:8080', /is not four numbers/],
				['a scheme', 'http://80.90.34.1', /is not four numbers/],
				['a list of a proxy', '80.90.34.1, 10.0.0.1', /is not four numbers/],
				['a space inside', '80.90. 34.1', /is not four numbers/],
				['Arabic digits', '٨٠.٩٠.٣٤.١', /is not four numbers/],
				['full-width dots', '80．90．34．1', /is not four numbers/],
				['a header', '80.90.34.1\r\nX-Evil: 1', /is not four numbers/],
				['a form field', '80.90.34.1&scope=openid', /is not four numbers/],
				['JSON', '80.90.34.1"}', /is not four numbers/],
				['a NUL', '80.90.34.1\0', /is not four numbers/],
				['an emoji', '📱', /is not four numbers/],
				['an IPv6 address', '2001:db8::1', /is not four numbers/],
				['a name', 'localhost', /is not four numbers/],
			] satisfies [string, unknown, RegExp][]
		).map(([what, ipv4Address, happened]) => [what, { ipv4Address }, happened]),
	);

	refusesEach(
		'ipv4Address',
		/Leave it at 0 if it is not known/,
		(
			[
				['-1', -1],
				['65536', 65_536],
				['a fraction', 80.5],
				['NaN', NaN],
				['Infinity', Infinity],
				['true', true],
				['false', false],
				['a list', [8080]],
				['an object', {}],
				['a word', 'http'],
				['an exponent', '8e3'],
				['hexadecimal', '0x1F90'],
				['a fraction as text', '8080.0'],
				['a range', '8080-8090'],
				['10,000 digits', '8'.repeat(10_000)],
				['a form field', '8080&scope=openid'],
				['Arabic digits', '٨٠٨٠'],
				['an emoji', '🔌'],
			] satisfies [string, unknown][]
		).map(([what, port]) => [
			`where the port is ${what}`,
			{ ipv4Address: '80.90.34.1', port },
			/port is not a whole number from 1 to 65535/,
		]),
	);

	const alone = ['ipport:80.90.34.1', { ueId: { ipv4Addr: '80.90.34.1' } }] as const;
	const withPort = [
		'ipport:80.90.34.1:8080',
		{ ueId: { ipv4Addr: '80.90.34.1' }, uePort: 8080 },
	] as const;
	const ipv4Address = '80.90.34.1';

	understandsEach('ipv4Address', [
		['blanks around it', { ipv4Address: ' 80.90.34.1\n' }, ...alone],
		['a port', { ipv4Address, port: 8080 }, ...withPort],
		['a port as text', { ipv4Address, port: ' 8080 ' }, ...withPort],
		['a port of 0', { ipv4Address, port: 0 }, ...alone],
		['a port of 0 as text', { ipv4Address, port: '0' }, ...alone],
		['an empty port', { ipv4Address, port: '' }, ...alone],
		['a port of null', { ipv4Address, port: null }, ...alone],
		['a missing port', { ipv4Address, port: undefined }, ...alone],
	]);
});

describe('an IPv6 address', () => {
	refusesEach(
		'ipv6Address',
		/like 2001:db8::1, without a mask, a zone, brackets or a port/,
		(
			[
				['a missing field', undefined, /IPv6 address is missing/],
				['null', null, /IPv6 address is missing/],
				['an empty text', '', /IPv6 address is empty/],
				['a list', ['2001:db8::1'], /is a list, not text/],
				['a number', 20010, /IPv6 address is not one/],
				['10,000 characters', '2001:'.repeat(2000), /is 10000 characters long/],
				['a zone', 'fe80::1%eth0', /IPv6 address is not one/],
				['brackets', '[2001:db8::1]', /IPv6 address is not one/],
				['brackets and a port', '[2001:db8::1]:8080', /IPv6 address is not one/],
				['a mask', '2001:db8::1/128', /IPv6 address is not one/],
				['nine groups', '1:2:3:4:5:6:7:8:1', /IPv6 address is not one/],
				['seven groups', '1:2:3:4:5:6:1', /IPv6 address is not one/],
				['two gaps', '2001::db8::1', /IPv6 address is not one/],
				['five digits in a group', '20010:db8::1', /IPv6 address is not one/],
				['a letter beyond f', '2001:dbg::1', /IPv6 address is not one/],
				['an IPv4 address', '80.90.34.1', /IPv6 address is not one/],
				['the host of a URL', '2001:db8::1]/@[::2', /IPv6 address is not one/],
				['a header', '2001:db8::1\r\nX-Evil: 1', /IPv6 address is not one/],
				['a form field', '2001:db8::1&scope=openid', /IPv6 address is not one/],
				['a NUL', '2001:db8::1\0', /IPv6 address is not one/],
				['an emoji', '2001:db8::📱', /IPv6 address is not one/],
				['full-width colons', '2001：db8：：1', /IPv6 address is not one/],
			] satisfies [string, unknown, RegExp][]
		).map(([what, ipv6Address, happened]) => [what, { ipv6Address }, happened]),
	);

	understandsEach(
		'ipv6Address',
		(
			[
				['capitals', '2001:DB8::1', '2001:db8::1'],
				['leading zeros', '2001:0db8:0000:0000:0000:0000:0000:0001', '2001:db8::1'],
				['a gap for one group', '2001:db8::1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
				['an IPv4 address inside', '::ffff:80.90.34.1', '::ffff:505a:2201'],
				['blanks around it', ' 2001:db8::1\t', '2001:db8::1'],
			] satisfies [string, string, string][]
		).map(([what, ipv6Address, address]) => [
			what,
			{ ipv6Address },
			`ipport:[${address}]`,
			{ ueId: { ipv6Addr: address } },
		]),
	);
});

describe('a network access identifier', () => {
	refusesEach(
		'networkAccessIdentifier',
		/should look like 123456789@domain\.com/,
		(
			[
				['a missing field', undefined, /network access identifier is missing/],
				['null', null, /network access identifier is missing/],
				['an empty text', '', /network access identifier is empty/],
				['a number', 123456781, /is not of the form local@domain/],
				['a list', ['123456781@domain.com'], /is a list, not text/],
				['an object', { id: '123456781@domain.com' }, /is an object, not text/],
				['10,000 characters', `${'1'.repeat(9989)}@domain.com`, /is 10000 characters long/],
				['no @', '123456781', /is not of the form local@domain/],
				['two @', '1@2@domain.com', /is not of the form/],
				['nothing before the @', '@domain.com', /is not of the form/],
				['nothing behind the @', '123456781@', /is not of the form/],
				['a space', '123 456@domain.com', /is not of the form/],
				['a URI', 'mailto:1@domain.com', /is not of the form/],
				['a header', '1@domain.com\r\nX-Evil: 1', /is not of the form/],
				['JSON', '1@domain.com","msisdn":"+34612987651', /is not of the form/],
				['an emoji', '📱@domain.com', /is not of the form/],
				['a NUL', '1\0@domain.com', /is not of the form/],
			] satisfies [string, unknown, RegExp][]
		).map(([what, networkAccessIdentifier, happened]) => [
			what,
			{ networkAccessIdentifier },
			happened,
		]),
	);

	test('is refused by the backend flow even where it is right, and what works is named', async () => {
		const networkAccessIdentifier = '123456781@domain.com';

		expect(await run('networkAccessIdentifier', { networkAccessIdentifier })).toStrictEqual({
			error: {
				message: expect.stringMatching(
					/cannot be used with the backend flow.*phone number, IPv4 address or IPv6 address/,
				),
				code: 'UNSUPPORTED_DEVICE',
				description: null,
				nextMove: 'you',
				status: null,
				correlator: null,
			},
		});
		expect(await sandbox.exchanges()).toEqual([]);
	});
});

describe('the kind of identifier', () => {
	test.each([['imsi'], [''], [null], [undefined], ['toString'], [1], [['phoneNumber', 'imsi']]])(
		'is refused where an expression makes it %j, though a phone number is there',
		async (identifierType) => {
			const { outputs } = await runNode([{ identifierType } as never], {
				credential: openGatewayApi({ baseUrl: sandbox.baseUrls.telefonica }),
				parameters: {
					identifierType: '={{ $json.identifierType }}',
					phoneNumber: '+34612987651',
					// Where an expression chooses, n8n asks that all fields be filled in.
					ipv4Address: '80.90.34.1',
					ipv6Address: '2001:db8::1',
					networkAccessIdentifier: '123456781@domain.com',
				},
				onError: 'continueRegularOutput',
			});

			expect(outputs[0]?.map(({ json }) => json)).toStrictEqual([
				{
					error: {
						message: expect.stringMatching(/Identify Device By.*phoneNumber, ipv4Address/),
						code: 'INVALID_DEVICE',
						description: null,
						nextMove: 'you',
						status: null,
						correlator: null,
					},
				},
			]);
			expect(await sandbox.exchanges()).toEqual([]);
		},
	);
});
