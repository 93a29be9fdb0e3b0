import { existsSync, readFileSync } from 'node:fs';
import { isIPv4, isIPv6 } from 'node:net';
import { join, resolve } from 'node:path';
import examples from 'libphonenumber-js/mobile/examples';
import {
	getCountries,
	getCountryCallingCode,
	getExampleNumber,
	parsePhoneNumberFromString,
	type PhoneNumber,
} from 'libphonenumber-js/max';
import {
	maskedDevice,
	deviceInWords,
	parseIpv4Address,
	parseIpv6Address,
	parseNetworkAccessIdentifier,
	parsePhoneNumber,
	parsePort,
	type Device,
} from '../nodes/OpenGateway/device';
import { OpenGatewayError } from '../nodes/OpenGateway/errors';

/** What a parser says to an input that it refuses. */
function refusal(parse: () => unknown): string {
	try {
		return `took it as ${JSON.stringify(parse())}`;
	} catch (error) {
		if (!(error instanceof OpenGatewayError)) throw error;
		expect(error.context.code).toBe('INVALID_DEVICE');
		return `${error.message} ${error.context.remedy}`;
	}
}

describe('a phone number with its country', () => {
	test.each([
		['as E.164', '+34600123456'],
		['with spaces and dashes', '+34 600 12-34-56'],
		['with 00', '0034600123456'],
		['with 00 and spaces', '00 34 600 12 34 56'],
		['with its country in parentheses', '(+34)600123456'],
		['with 00 in parentheses', '(0034) 600 123 456'],
		['with dots', '+34.600.123.456'],
		['with a slash behind the area', '+34 600/123456'],
		['with non-breaking spaces', '+34\u00A0600\u202F123\u00A0456'],
		['with thin and figure spaces', '+34\u2009600\u2007123\u2009456'],
		['with non-breaking hyphens', '+34\u2011600\u2011123\u2011456'],
		['with en, em and figure dashes', '+34\u2013600\u2014123\u2012456'],
		['with minus signs', '+34\u2212600\u2212123\u2212456'],
		['with full-width dashes', '+34\uFF0D600\uFF0D123\uFF0D456'],
		['with the marks of an address book', '\u202A+34 600 12 34 56\u202C'],
		['with left-to-right marks', '\u200E+34\u200E600123456'],
		['with a byte order mark', '\uFEFF+34600123456'],
		['with a soft hyphen', '+34600\u00AD123456'],
		['with a zero-width space', '+34600\u200B123456'],
		['with a tab', '+34\t600123456'],
		['with blanks and a line break around it', '  +34600123456 \r\n'],
	])('is taken %s', (_how, written) => {
		expect(parsePhoneNumber(written)).toBe('+34600123456');
	});

	test('is not touched by the default calling code', () => {
		expect(parsePhoneNumber('+49 151 23456789', '34')).toBe('+4915123456789');
		expect(parsePhoneNumber('0049 151 23456789', '34')).toBe('+4915123456789');
	});

	test.each([
		['+44 (0)20 7946 0958', '+442079460958'],
		['+44 020 7946 0958', '+442079460958'],
		['0044 (0) 20 7946 0958', '+442079460958'],
		['+49 (0151) 23456789', '+4915123456789'],
		['+36 (06) 20 123 4567', '+36201234567'],
		['+359 (0)88 123 4567', '+359881234567'],
	])('loses the 0 that is dialled at home only: %s', (written, e164) => {
		expect(parsePhoneNumber(written)).toBe(e164);
	});

	test.each([
		['+39 06 1234 5678', '+390612345678'],
		['+39 (0)6 1234 5678', '+390612345678'],
		['+225 07 12 34 56 78', '+2250712345678'],
		['+229 01 95 12 34 56', '+2290195123456'],
	])('keeps the 0 that is a part of it: %s', (written, e164) => {
		expect(parsePhoneNumber(written)).toBe(e164);
	});

	test.each([
		['12345', 5],
		['123456789012345', 15],
	])('may have 5 to 15 digits: +%s', (digits) => {
		expect(parsePhoneNumber(`+${digits}`)).toBe(`+${digits}`);
	});

	test.each([
		['too few digits', '+1234', /4 digits with its country; it must have 5 to 15/],
		['too many digits', '+1234567890123456', /16 digits/],
		['no digits', '+', /has no digits/],
		['no digits but dashes', '(---)', /has no digits/],
		['a 0 for a country', '+0600765432', /0 where its country code should begin/],
		['00 twice', '000034600765432', /0 where its country code should begin/],
		['00 behind a plus', '+0034600765432', /0 where its country code should begin/],
		['a plus too many', '++34600765432', /contains "\+"/],
		['a second number', '+34600765432, +34600765433', /contains ","/],
		['a second ending', '+34 600 76 54 32/33', /contains "\/"/],
		['a second line', '+34600765432\n+34600765433', /contains the character U\+000A/],
		['an extension', '+34600765432 ext. 12', /contains "e"/],
		['a URI scheme', 'tel:+34600765432', /contains "t"/],
		['letters for digits', '+1 800 FLOWERS', /contains "F"/],
		['an encoded plus', '%2B34600765432', /contains "%"/],
		['digits of another script', '+٣٤٦٠٠٧٦٥٤٣٢', /contains the character U\+0663/],
		['an emoji', '+34600765432📱', /contains the character U\+1F4F1/],
		['a NUL', '+34600765432\0', /contains the character U\+0000/],
		['decimal places', '600765432.0', /made a decimal number.*Keep it as text/],
		['more decimal places', '34600765432.50', /made a decimal number/],
		['an exponent', '3.4600765432E+10', /contains "E"/],
	])('is refused with %s', (_what, written, message) => {
		const words = refusal(() => parsePhoneNumber(written, '34'));
		expect(words).toMatch(message);
		expect(words).not.toContain('600765432');
	});

	test.each([
		['nothing', undefined, /is missing.*\+34600123456/],
		['null', null, /is missing/],
		['empty', '', /is empty/],
		['blank', ' \t\u00A0', /is empty/],
		['a list', ['+34600765432'], /is a list, not text.*Check the expression/],
		['an object', { number: '+34600765432' }, /is an object, not text/],
		['true', true, /is a boolean, not text/],
		['NaN', NaN, /is a number that cannot be one/],
		['infinite', Infinity, /is a number that cannot be one/],
		['negative', -600765432, /is a number that cannot be one/],
		['a fraction', 600765432.5, /is a number that cannot be one/],
		['beyond safe integers', 2 ** 53, /is a number that cannot be one/],
		['10,000 characters', '1'.repeat(10_000), /is 10000 characters long/],
	])('is refused where it is %s', (_what, input, message) => {
		expect(refusal(() => parsePhoneNumber(input, '34'))).toMatch(message);
	});
});

describe('a phone number without its country', () => {
	test.each(['600 76 54 32', '600765432', '0600765432', 600765432, 34600765432, '34 600 765 432'])(
		'is refused where no default calling code is set: %p',
		(written) => {
			for (const none of [undefined, null, '']) {
				const words = refusal(() => parsePhoneNumber(written, none));
				expect(words).toMatch(/ending in 432 does not say its country.*Default Calling Code/);
				expect(words).not.toMatch(/600.?76/);
			}
		},
	);

	test.each([
		['600 12 34 56', '34', '+34600123456'],
		['600123456', 34, '+34600123456'],
		['600123456', '+34', '+34600123456'],
		['600123456', '0034', '+34600123456'],
		['600123456', ' 34 ', '+34600123456'],
		[600123456, '34', '+34600123456'],
		['07700 900123', '44', '+447700900123'],
		['(07700) 900-123', '44', '+447700900123'],
		['06.12.34.56.78', '33', '+33612345678'],
		['0151/23456789', '49', '+4915123456789'],
		['1 (212) 555-0123', '1', '+12125550123'],
		['(212) 555-0123', '1', '+12125550123'],
		['8 (912) 345-67-89', '7', '+79123456789'],
		['812 345-67-89', '7', '+78123456789'],
		['7012345678', '7', '+77012345678'],
		['06 20 123 4567', '36', '+36201234567'],
		['8 (029) 491-19-11', '375', '+375294911911'],
		['8 612 34567', '370', '+37061234567'],
		['0 612 34567', '370', '+37061234567'],
		['312 345 6789', '39', '+393123456789'],
		['06 1234 5678', '39', '+390612345678'],
		['0 9 11 2345-6789', '54', '+5491123456789'],
		['(11) 91234-5678', '55', '+5511912345678'],
		['55 91234-5678', '55', '+5555912345678'],
	])('is completed as its country writes it: %p with %p', (written, callingCode, e164) => {
		expect(parsePhoneNumber(written, callingCode)).toBe(e164);
	});

	test.each([
		['one that begins with its calling code', '34600123456', '34', /begins with 34, which may be/],
		['a 0 and its calling code', '034600123456', '34', /begins with 34, which may be/],
		['India’s, that begin so by chance', '91234 56789', '91', /begins with 91, which may be/],
		['Argentina’s 15 for mobiles', '011 15-2345-6789', '54', /ending in 789 cannot be completed/],
		['Argentina’s without 15', '11 2345-6789', '54', /cannot be completed/],
		['a carrier in Brazil', '0 15 11 91234-5678', '55', /cannot be completed/],
		['a carrier in Colombia', '03 300 123 4567', '57', /cannot be completed/],
		['Mexico’s old prefix for mobiles', '044 55 1234 5678', '52', /cannot be completed/],
		['a local number without its area', '555-0123', '1', /cannot be completed/],
		['a lost 0 in Hungary', 6201234567, '36', /cannot be completed/],
		['a lost 0 in Côte d’Ivoire', 712345678, '225', /cannot be completed/],
		['a 0 too many', '0212 555 0123', '1', /cannot be completed/],
		['nothing but zeros', '0', '34', /cannot be completed/],
	])('is refused where the rules leave a doubt: %s', (_what, written, callingCode, message) => {
		expect(refusal(() => parsePhoneNumber(written, callingCode))).toMatch(message);
	});

	test.each(['Spain', 'ES', '0', '3434', '-34', 3.4, NaN, true, [34, 35], {}, '３４'])(
		'is refused where the default calling code is %p',
		(callingCode) => {
			expect(refusal(() => parsePhoneNumber('600123456', callingCode))).toMatch(
				/Default Calling Code is not a country calling code.*like 34 for Spain/,
			);
		},
	);
});

/** Every country's example of a mobile number, as libphonenumber has them. */
const countries = getCountries().flatMap((country) => {
	const example = getExampleNumber(country, examples);
	return example ? [{ country, example, callingCode: getCountryCallingCode(country) }] : [];
});

describe(`the mobile numbers of ${countries.length} countries`, () => {
	test('come out exactly where they are written internationally', () => {
		for (const { example } of countries) {
			for (const written of [
				example.formatInternational(),
				example.format('RFC3966').replace('tel:', ''),
				`00${example.number.slice(1)}`,
			]) {
				expect([written, parsePhoneNumber(written)]).toEqual([written, example.number]);
			}
		}
	});

	const outcomes = countries.map(({ country, example, callingCode }) => ({
		country,
		callingCode,
		expected: example.number,
		outcome: completion(example.formatNational(), callingCode),
	}));
	const completed = outcomes.filter(({ outcome, expected }) => outcome === expected);
	const refused = outcomes.filter(({ outcome }) => outcome === undefined);

	test(`are completed as written at home: ${completed.length} right, ${refused.length} refused, no other`, () => {
		const others = outcomes.filter((one) => !completed.includes(one) && !refused.includes(one));
		expect(others).toEqual([]);
		expect(refused.map(({ callingCode }) => callingCode)).toEqual(['54']);
	});

	test('are never completed to another, however they are written or a spreadsheet spoils them', () => {
		const others: unknown[] = [];
		let asked = 0;
		for (const { country, example, callingCode } of countries) {
			for (const number of mobileNumbersLike(example)) {
				asked += 1;
				const national = number.formatNational();
				for (const written of [
					national,
					number.nationalNumber,
					Number(national.replace(/\D/g, '')),
					Number(number.nationalNumber),
					`${callingCode}${number.nationalNumber}`,
					`0${callingCode}${number.nationalNumber}`,
				]) {
					const outcome = completion(written, callingCode);
					if (outcome !== undefined && outcome !== number.number) {
						others.push({ country, written, outcome, expected: number.number });
					}
				}
			}
		}
		expect(others).toEqual([]);
		expect(asked).toBeGreaterThan(2000);
	});

	/** `undefined` where it is refused. */
	function completion(written: unknown, callingCode: string): string | undefined {
		try {
			return parsePhoneNumber(written, callingCode);
		} catch (error) {
			if (!(error instanceof OpenGatewayError)) throw error;
			return undefined;
		}
	}

	/** Some valid mobile numbers of a country, always the same ones, of its example's length. */
	function mobileNumbersLike({ number, countryCallingCode, nationalNumber }: PhoneNumber) {
		let seed = Number(nationalNumber.slice(-6)) + 1;
		const digit = () => Math.floor(((seed = (seed * 16_807) % 2_147_483_647) / 2_147_483_647) * 10);
		const kept = number.length - nationalNumber.length;
		return Array.from({ length: 40 }, (_, attempt) => {
			const beginning = number.slice(0, kept + (attempt % 4));
			const digits = Array.from({ length: number.length - beginning.length }, digit);
			return parsePhoneNumberFromString(beginning + digits.join(''));
		}).filter(
			(found): found is PhoneNumber =>
				found?.countryCallingCode === countryCallingCode &&
				found.number.length === number.length &&
				/MOBILE/.test(found.getType() ?? ''),
		);
	}
});

describe('an IPv6 address', () => {
	const canonical: [written: string, canonical: string][] = [
		['2001:db8::1', '2001:db8::1'],
		['2001:DB8::A', '2001:db8::a'],
		['2001:0db8:0000:0000:0000:0000:0000:0001', '2001:db8::1'],
		['2001:db8:0:0:0:0:0:1', '2001:db8::1'],
		['2001:db8::0:1', '2001:db8::1'],
		['2001:db8:85a3:8d3:1319:8a2e:370:7344', '2001:db8:85a3:8d3:1319:8a2e:370:7344'],
		['::', '::'],
		['0:0:0:0:0:0:0:0', '::'],
		['::1', '::1'],
		['1::', '1::'],
		['0::1', '::1'],
		['fe80::1', 'fe80::1'],
		['1:2:3:4:5:6:7:8', '1:2:3:4:5:6:7:8'],
		// RFC 5952 section 4.2: the longest run, the first of equal ones, never a single group.
		['1:0:0:2:0:0:0:3', '1:0:0:2::3'],
		['2001:db8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
		['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
		['2001:db8::1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
		['::2:3:4:5:6:7:8', '0:2:3:4:5:6:7:8'],
		['1:2:3:4:5:6:7::', '1:2:3:4:5:6:7:0'],
		['1:0:2:0:3:0:4:0', '1:0:2:0:3:0:4:0'],
		['0:0:1::', '0:0:1::'],
		// The operator's patterns know no dotted quad.
		['::ffff:192.0.2.1', '::ffff:c000:201'],
		['::FFFF:80.90.34.2', '::ffff:505a:2202'],
		['64:ff9b::192.0.2.33', '64:ff9b::c000:221'],
		['1:2:3:4:5:6:1.2.3.4', '1:2:3:4:5:6:102:304'],
		[' 2001:db8::1\n', '2001:db8::1'],
	];

	test.each(canonical)('is brought into its canonical form (RFC 5952): %j', (written, form) => {
		expect(parseIpv6Address(written)).toBe(form);
	});

	/** Telefónica's document is not part of this repository: `OPEN_GATEWAY_SPECS` says where it is. */
	const document = resolve(
		join(__dirname, '..'),
		process.env.OPEN_GATEWAY_SPECS ?? '../shared/specs',
		'telefonica/devicestatus_openapi.yaml',
	);
	const checkedAgainst = existsSync(document) ? test : test.skip;
	if (!existsSync(document)) {
		console.warn(`SKIPPED: addresses are not checked against the operator's document ${document}.`);
	}

	/** The patterns of a schema of the document, in their order. */
	function patternsOf(schema: string): RegExp[] {
		const [, , lines = ''] =
			new RegExp(`^( *)${schema}:\\n((?:\\1 .*\\n)+)`, 'm').exec(readFileSync(document, 'utf8')) ??
			[];
		return [...lines.matchAll(/pattern: '(.*)'$/gm)].map(([, pattern = '']) => new RegExp(pattern));
	}

	checkedAgainst('always comes out in a form that both patterns of the operator take', () => {
		const patterns = patternsOf('Ipv6Addr');
		expect(patterns).toHaveLength(2);
		// Every way in which groups can be zero: the canonical form shortens each differently.
		const everyShape = Array.from({ length: 256 }, (_, zeros) =>
			Array.from({ length: 8 }, (_, group) => (zeros & (1 << group) ? '0' : `a0${group}`)).join(
				':',
			),
		);
		for (const written of [...canonical.map(([one]) => one), ...everyShape]) {
			const address = parseIpv6Address(written);
			expect([address, ...patterns.map((pattern) => pattern.test(address))]).toEqual([
				address,
				true,
				true,
			]);
			expect(isIPv6(address)).toBe(true);
		}
	});

	checkedAgainst('and so does an IPv4 address, and a phone number', () => {
		const [ipv4] = patternsOf('Ipv4Addr');
		const [msisdn] = patternsOf('MSISDN');
		for (const address of ['0.0.0.0', '80.90.34.2', '255.255.255.255', '1.20.199.249']) {
			expect([address, ipv4?.test(parseIpv4Address(address))]).toEqual([address, true]);
		}
		for (const { example } of countries) {
			expect(parsePhoneNumber(example.number)).toMatch(msisdn ?? '');
		}
	});

	test.each([
		['a zone', 'fe80::1%eth0'],
		['an encoded zone', 'fe80::1%25eth0'],
		['brackets', '[2001:db8::1]'],
		['brackets and a port', '[2001:db8::1]:8080'],
		['a mask', '2001:db8::/32'],
		['a mask of one address', '2001:db8::1/128'],
		['nine groups', '1:2:3:4:5:6:7:8:9'],
		['seven groups', '1:2:3:4:5:6:7'],
		['two gaps', '1::2::3'],
		['three colons', '1:::2'],
		['five digits in a group', '12345::'],
		['a letter beyond f', '2001:db8::g'],
		['a space inside', '2001:db8:: 1'],
		['an IPv4 address', '80.90.34.2'],
		['an octet above 255', '::ffff:1.2.3.256'],
		['an octal octet', '::ffff:01.2.3.4'],
		['a short IPv4 part', '::ffff:1.2.3'],
		['a dot at its end', '::ffff:1.2.3.4.'],
		['a scheme', 'http://[2001:db8::1]'],
		['words', 'dead beef'],
		['words that are hexadecimal', 'deadbeef'],
		['only a colon', ':'],
	])('is refused with %s', (_what, written) => {
		expect(isIPv6(written) && !written.includes('%')).toBe(false);
		expect(refusal(() => parseIpv6Address(written))).toMatch(
			/IPv6 address is not one.*like 2001:db8::1, without a mask, a zone, brackets or a port/,
		);
	});
});

describe('an IPv4 address', () => {
	test.each(['80.90.34.2', '0.0.0.0', '255.255.255.255', '192.168.0.1', ' 80.90.34.2\n'])(
		'is taken: %j',
		(written) => {
			expect(isIPv4(written.trim())).toBe(true);
			expect(parseIpv4Address(written)).toBe(written.trim());
		},
	);

	test.each([
		'80.90.34',
		'80.90.34.2.1',
		'80.90.34.256',
		'80.90.34.999',
		'80.90.34.02',
		'0120.90.34.2',
		'0x50.90.34.2',
		'80.90.34.2/32',
		'80.90.34.2:8080',
		'80.90.34.-2',
		'80.90.34.',
		'.80.90.34.2',
		'80..34.2',
		'80,90,34,2',
		'80. 90.34.2',
		'1.5e1.2.3',
		'٨٠.90.34.2',
		'2001:db8::1',
		'localhost',
		'1348087298',
	])('is refused: %j', (written) => {
		expect(isIPv4(written)).toBe(false);
		expect(refusal(() => parseIpv4Address(written))).toMatch(
			/not four numbers from 0 to 255 with dots.*like 80\.90\.34\.2/,
		);
	});

	test('is refused as a number', () => {
		expect(refusal(() => parseIpv4Address(1_348_087_298))).toMatch(/not four numbers/);
		expect(refusal(() => parseIpv4Address(80.9))).toMatch(/a number that cannot be one/);
	});
});

describe('a port', () => {
	test.each([
		[1, 1],
		[65_535, 65_535],
		['16790', 16_790],
		[' 16790 ', 16_790],
		['00443', 443],
	])('is taken: %p', (written, port) => {
		expect(parsePort(written)).toBe(port);
	});

	test.each([[0], ['0'], [''], ['  '], [null], [undefined]])('is not known: %p', (written) => {
		expect(parsePort(written)).toBeUndefined();
	});

	test.each([
		[-1],
		[65_536],
		[1.5],
		[NaN],
		[Infinity],
		['65536'],
		['-1'],
		['1.5'],
		['1e3'],
		['0x50'],
		['http'],
		['443/tcp'],
		['١٢٣'],
		[true],
		[false],
		[[443]],
		[{}],
	])('is refused: %p', (written) => {
		expect(refusal(() => parsePort(written))).toMatch(
			/port is not a whole number from 1 to 65535.*Leave it at 0/,
		);
	});
});

describe('a network access identifier', () => {
	test.each([
		'123456789@domain.com',
		'user.name+tag@sub.domain.example',
		"o'neil!#$%&*/=?^`{|}~-@a",
		`${'a'.repeat(128)}@${'b'.repeat(127)}`,
	])('is taken: %j', (written) => {
		expect(parseNetworkAccessIdentifier(` ${written} `)).toBe(written);
	});

	test.each([
		'123456789',
		'@domain.com',
		'123456789@',
		'a@b@c',
		'a b@domain.com',
		'a@domain .com',
		'a@.com',
		'a@domain.',
		'a@-domain',
		'a@domain.com\r\nx-evil: 1',
		'a@domain.com"}',
		'<a@domain.com>',
		'ä@domain.com',
		'a@dömain.com',
		'📱@domain.com',
		`${'a'.repeat(129)}@b`,
	])('is refused: %j', (written) => {
		expect(refusal(() => parseNetworkAccessIdentifier(written))).toMatch(
			/not of the form local@domain.*like 123456789@domain\.com/,
		);
	});

	test('is refused where it is a number, missing or too long', () => {
		expect(refusal(() => parseNetworkAccessIdentifier(123456789))).toMatch(/not of the form/);
		expect(refusal(() => parseNetworkAccessIdentifier(undefined))).toMatch(/is missing/);
		expect(refusal(() => parseNetworkAccessIdentifier('a@'.repeat(200)))).toMatch(/400 characters/);
	});
});

test.each([
	['phone number', parsePhoneNumber],
	['IPv4 address', parseIpv4Address],
	['IPv6 address', parseIpv6Address],
	['network access identifier', parseNetworkAccessIdentifier],
] as const)('a missing %s is called by its name', (name, parse) => {
	expect(refusal(() => parse(undefined))).toMatch(`The ${name} is missing.`);
	expect(refusal(() => parse(' '))).toMatch(`The ${name} is empty.`);
});

describe('a masked device', () => {
	const ipv4Address = () => ({ publicAddress: parseIpv4Address('80.90.34.2') });
	const devices: [written: string, device: () => Device, masked: string][] = [
		['+34600000001', () => ({ phoneNumber: parsePhoneNumber('+34600000001') }), '+346•••••001'],
		['+12345', () => ({ phoneNumber: parsePhoneNumber('+12345') }), '+1•345'],
		[
			'+123456789012345',
			() => ({ phoneNumber: parsePhoneNumber('+123456789012345') }),
			'+123•••••••••345',
		],
		[
			'123456789@domain.com',
			() => ({ networkAccessIdentifier: parseNetworkAccessIdentifier('123456789@domain.com') }),
			'•••@domain.com',
		],
		['80.90.34.2', () => ({ ipv4Address: ipv4Address() }), '80.90.•.•'],
		[
			'16790',
			() => ({ ipv4Address: { ...ipv4Address(), publicPort: parsePort(16790) } }),
			'80.90.•.•',
		],
		[
			'2001:db8:85a3::7344',
			() => ({ ipv6Address: parseIpv6Address('2001:db8:85a3::7344') }),
			'2001:db8:•',
		],
		['::1', () => ({ ipv6Address: parseIpv6Address('::1') }), '::•'],
	];

	test.each(devices)('can be recognised, but does not show %s', (written, device, masked) => {
		expect(maskedDevice(device())).toBe(masked);
		expect(masked).not.toContain(written);
	});
});

describe('the line in an error', () => {
	test('is named by what is shown of its device', () => {
		expect(deviceInWords({ phoneNumber: parsePhoneNumber('+34600000001') })).toBe(
			'the line +346•••••001',
		);
	});

	test('is the one that signed in where nobody named a device', () => {
		expect(deviceInWords(undefined)).toBe('the line that signed in');
	});
});
