import { parsePhoneNumber } from '../../nodes/OpenGateway/device';
import { refusal, refusedWith } from '../support/refusal';

const invalid = (words?: RegExp) => refusedWith('INVALID_DEVICE', words);

describe('a phone number with its country', () => {
	test.each([
		...['+34600123456', '+34 600 12-34-56', '0034600123456', '00 34 600 12 34 56'],
		...['(+34)600123456', '(0034) 600 123 456', '+34.600.123.456', '+34600123.456'],
		...['+34 600/123456', '+34600123456'.padEnd(300)],
		// Spaces, hyphens and dashes of every kind.
		...['+34\u00A0600\u202F123\u00A0456', '+34\u2009600\u2007123\u2009456', '+34\t600123456'],
		...['+34\u2011600\u2011123\u2011456', '+34\u2013600\u2014123\u2012456'],
		...['+34\u2212600\u2212123\u2212456', '+34\uFF0D600\uFF0D123\uFF0D456'],
		// The invisible marks of address books.
		...['\u202A+34 600 12 34 56\u202C', '\u200E+34\u200E600123456', '\uFEFF+34600123456'],
		...['+34600\u00AD123456', '+34600\u200B123456', '  +34600123456 \r\n'],
	])('is accepted as %j', (written) => {
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
		['+7 8 912 345-67-89', '+79123456789'],
		['007 8 912 345-67-89', '+79123456789'],
		['+1 1 347 555 0123', '+13475550123'],
		['+375 8 029 491-19-11', '+375294911911'],
		['+81 (0)90 1234 5678', '+819012345678'],
		['+55 0 15 11 91234-5678', '+5511912345678'],
		['+54 11 15-2345-6789', '+5491123456789'],
		// Spain dials none, but people write it.
		['+34 (0)600 123 456', '+34600123456'],
	])('loses the prefix that is dialled at home only: %s', (written, e164) => {
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
		['an operator’s test number', '+99999991000', '+99999991000'],
		['a length that no numbering plan has yet', '+34 600 123 4567', '+346001234567'],
		['Mexico’s prefix for mobiles, which is gone', '+52 1 55 1234 5678', '+5215512345678'],
		['a number of a service', '+1 310 1234', '+13101234'],
	])('is taken at its word behind a +: %s', (_what, written, e164) => {
		expect(parsePhoneNumber(written)).toBe(e164);
	});

	test.each([
		['011 34 600 123 456', '1', '+34600123456'],
		['0034 600 123 456', '1', '+34600123456'],
		['010 34 600 123 456', '81', '+34600123456'],
		['0011 34 600 123 456', '61', '+34600123456'],
		['001 34 600 123 456', '66', '+34600123456'],
		['00700 34 600 123 456', '82', '+34600123456'],
		['8 10 34 600 123 456', '7', '+34600123456'],
		['0 34 600 123 456', '685', '+34600123456'],
		['00 15 34 600 123 456', '55', '+34600123456'],
		// Italy has numbers that begin with 0, but none with 00, which leads abroad from there.
		['0045 20 12 34 56', '39', '+4520123456'],
	])('may begin with what is dialled to call abroad: %s with %s', (written, callingCode, e164) => {
		expect(parsePhoneNumber(written, callingCode)).toBe(e164);
	});

	test.each([
		['a calling code that nobody has', '00999 9999 1000', '34', /with 00\b.*\+ instead of 00/],
		['a number that is too short there', '0034 600 123', '34', /with 00\b/],
		['two ways abroad', '001 65 9234 5678', '65', /as two numbers/],
		['another two', '009 1 212 555 0123', '66', /as two numbers/],
		['a way abroad of another country', '011 34 600 123 456', '34', /\bcode 34\b/],
		['that without a default calling code', '011 34 600 123 456', undefined, /does not say/],
	])(
		'is refused if it begins with 00 or another way abroad, then %s',
		(_, written, code, words) => {
			expect(refusal(() => parsePhoneNumber(written, code))).toEqual(invalid(words));
		},
	);

	test.each(['12345', '123456789012345'])('may have 5 to 15 digits: +%s', (digits) => {
		expect(parsePhoneNumber(`+${digits}`)).toBe(`+${digits}`);
	});

	test.each([
		['too few digits', '+1234', /\b4 digits/],
		['too many digits', '+1234567890123456', /\b16 digits/],
		['a single digit', '+1', /\b1 digit\b/],
		['no digits', '+', /digits/],
		['no digits but dashes', '(---)', /digits/],
		['a 0 for a country', '+0600765432', /country code/],
		['00 twice', '000034600765432', /with 00\b/],
		['00 behind a plus', '+0034600765432', /country code/],
		['a second number behind a slash', '600765432/600765433', /\bcode 34\b/],
		['decimal places', '600765432.0', /decimal/],
		['decimal places behind its country', '34600765432.00', /decimal/],
		['more decimal places', '34600765432.50', /decimal/],
		['an exponent', '3.4600765432E+10', /decimal/],
		['an exponent and a comma', '3,46E+10', /decimal/],
	])('is refused with %s', (_what, written, words) => {
		const refused = refusal(() => parsePhoneNumber(written, '34'));
		expect(refused).toEqual(invalid(words));
		expect(refused.words).not.toContain('600765432');
	});

	test.each([
		['++34600765432', '"+"'],
		['+34600765432, +34600765433', '","'],
		['+34600765432 +34600765433', '"+"'],
		['+34600765432;+34600765433', '";"'],
		['+34 600 76 54 32/33', '"/"'],
		['+34600765432\n+34600765433', 'U+000A'],
		['+34600765432\r\nX-Evil: 1', 'U+000D'],
		['+34600\u000B765432', 'U+000B'],
		['+34600765432\0', 'U+0000'],
		['+34600765432 ext. 12', '"e"'],
		['+34600765432x4', '"x"'],
		['tel:+34600765432', '"t"'],
		['+1 800 FLOWERS', '"F"'],
		['+346007654O2', '"O"'],
		['%2B34600765432', '"%"'],
		['+34600765432&scope=openid', '"&"'],
		['+34600765432","uePort":"1', '"""'],
		["'+34600765432", '"\'"'],
		['=+34600765432', '"="'],
		['*31#600765432', '"*"'],
		['<b>+34600765432</b>', '"‹"'],
		['600765432@example.com', '"@"'],
		['2001:db8::1', '":"'],
		['+٣٤٦٠٠٧٦٥٤٣٢', 'U+0663'],
		['＋34600765432', 'U+FF0B'],
		['+34600765432²', 'U+00B2'],
		['+34600765432📱', 'U+1F4F1'],
		['+34600765432\uD83D', 'U+D83D'],
	])('is refused with a character that is none of it, which is shown: %j', (written, shown) => {
		const refused = refusal(() => parsePhoneNumber(written, '34'));
		expect(refused).toEqual(invalid());
		expect(refused.words).toContain(shown);
		expect(refused.words).not.toContain('600765432');
	});

	test.each([
		['nothing', undefined, /missing.*field's name.*\+34600123456/],
		['null', null, /missing.*field's name/],
		['empty', '', /empty.*field's name/],
		['the text of nothing', 'undefined', /missing.*field's name/],
		['a + before nothing', '+undefined', /missing.*field's name/],
		['a + alone', '+', /no digits.*field's name/],
		['a fixed text instead of an expression', '{{ $json.phone }}', /Fixed to Expression/],
		['the text of an object', '[object Object]', /object.*field/],
		['a list as text', '+34600765432, +34600765433', /Split Out/],
		['blank', ' \t\u00A0', /empty/],
		['a list', ['+34600765432'], /list.*Split Out/],
		['an object', { number: '+34600765432' }, /object.*field/],
		['an object that reads as a number', { toString: '+34600765432' }, /object/],
		['true', true, /boolean/],
		['NaN', NaN, /number/],
		['infinite', Infinity, /number/],
		['negative', -600765432, /number/],
		['a fraction', 600765432.5, /number/],
		['beyond safe integers', 2 ** 53, /number/],
		['10,000 characters', '1'.repeat(10_000), /\b10000 characters/],
		['301 characters', '+34600765432'.padEnd(301), /\b301 characters/],
		['10,000 separators', `+34${'-'.repeat(10_000)}600765432`, /\b10012 characters/],
	])('is refused if it is %s', (_what, input, words) => {
		const refused = refusal(() => parsePhoneNumber(input, '34'));
		expect(refused).toEqual(invalid(words));
		expect(refused.words).not.toContain('600765432');
	});
});

describe('a phone number without its country', () => {
	test.each(['600 76 54 32', '600765432', '0600765432', 600765432])(
		'is refused without a default calling code: %p',
		(written) => {
			for (const none of [undefined, null, '', '  ']) {
				const refused = refusal(() => parsePhoneNumber(written, none));
				expect(refused).toEqual(invalid(/\b432\b.*Default Calling Code/));
				expect(refused.words).not.toMatch(/600.?76/);
			}
		},
	);

	test.each([
		['34 600 765 432', undefined],
		[34600765432, undefined],
		[34600765432, '34'],
		['34600765432', '44'],
		// It could be a fixed line in Germany, whose numbers have many lengths.
		['34600765432', '49'],
	])(
		'is refused with the advice to put a + before it if it has its country: %p',
		(written, code) => {
			const refused = refusal(() => parsePhoneNumber(written, code));
			expect(refused).toEqual(invalid(/432\b.*\+\{\{ \$json\.phone \}\}/));
			expect(refused.words).not.toMatch(/600.?76/);
		},
	);

	test.each([
		['600 12 34 56', '34', '+34600123456'],
		['600123456', 34, '+34600123456'],
		['600123456', '+34', '+34600123456'],
		['600123456', '0034', '+34600123456'],
		['600123456', ' 34 ', '+34600123456'],
		['600123456', ['34'], '+34600123456'],
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
		['0 15 11 91234-5678', '55', '+5511912345678'],
		['011 15-2345-6789', '54', '+5491123456789'],
		['11 2345-6789', '54', '+541123456789'],
		['03 300 123 4567', '57', '+573001234567'],
		['91234 56789', '91', '+919123456789'],
		['01512 5550123', '49', '+4915125550123'],
		// A mobile number of Germany comes before one of the United States without its +.
		['15125550123', '49', '+4915125550123'],
		['034600 76543', '49', '+493460076543'],
	])('is completed as its country writes it: %p with %p', (written, callingCode, e164) => {
		expect(parsePhoneNumber(written, callingCode)).toBe(e164);
	});

	test.each([
		['one that begins with its calling code', '34600123456', '34', /\bcode 34\b/],
		['a 0 and its calling code', '034600123456', '34', /\bcode 34\b/],
		['one that may begin with its calling code', '4915123456', '49', /with 49\b.*put \+49/],
		['a 0 that Spain does not dial', '0600123456', '34', /\bcode 34\b/],
		['another country’s', '15125550123', '34', /\bcode 34\b/],
		['Mexico’s old prefix for mobiles', '044 55 1234 5678', '52', /\b52\b/],
		['a local number without its area', '555-0123', '1', /\bcode 1\b/],
		['a local number of Madagascar', '22 345 67', '261', /\b261\b/],
		['a lost 0 in Hungary', 6201234567, '36', /\b36\b/],
		['a lost 0 in Côte d’Ivoire', 712345678, '225', /\b225\b/],
		// Istanbul, not New York.
		['a 0 too many', '0212 555 0123', '1', /\bcode 1\b/],
		['nothing but zeros', '0', '34', /\b34\b/],
		['a single digit', 7, '34', /\b34\b/],
	])('is refused if the rules leave a doubt: %s', (_what, written, callingCode, words) => {
		expect(refusal(() => parsePhoneNumber(written, callingCode))).toEqual(invalid(words));
	});

	test.each([
		...['Spain', 'ES', '0', '3434', '-34', '34\0', '34&scope=openid', '３４', '3'.repeat(10_000)],
		...[0, -34, 3.4, NaN, Infinity, true, [34, 35], {}, { code: '34' }],
	])('is refused with the default calling code %p', (callingCode) => {
		expect(refusal(() => parsePhoneNumber('600123456', callingCode))).toEqual(
			invalid(/Default Calling Code.*34/),
		);
	});
});
