import { isIPv4, isIPv6 } from 'node:net';
import {
	ipv4AddressIn,
	parseIpv4Address,
	parseIpv6Address,
	parsePort,
} from '../../nodes/OpenGateway/device';
import { operatorsPatterns } from '../support/openapi';
import { refusal, refusedWith } from '../support/refusal';

const invalid = (words?: RegExp) => refusedWith('INVALID_DEVICE', words);

describe('an IPv6 address', () => {
	const canonical: [written: string, canonical: string][] = [
		['2001:db8::1', '2001:db8::1'],
		['2001:DB8::A', '2001:db8::a'],
		['2001:0db8:0000:0000:0000:0000:0000:0001', '2001:db8::1'],
		['2001:db8:0:0:0:0:0:1', '2001:db8::1'],
		['2001:db8::0:1', '2001:db8::1'],
		['2001:db8:85a3:8d3:1319:8a2e:370:7344', '2001:db8:85a3:8d3:1319:8a2e:370:7344'],
		['0:0:0:0:0:0:0:0', '::'],
		['0::1', '::1'],
		['1::', '1::'],
		['fe80::1', 'fe80::1'],
		['1:2:3:4:5:6:7:8', '1:2:3:4:5:6:7:8'],
		// RFC 5952 section 4.2: the longest run, the first of equal ones, never a single group.
		['1:0:0:2:0:0:0:3', '1:0:0:2::3'],
		['2001:db8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
		['2001:db8::1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
		['::2:3:4:5:6:7:8', '0:2:3:4:5:6:7:8'],
		['1:2:3:4:5:6:7::', '1:2:3:4:5:6:7:0'],
		['1:0:2:0:3:0:4:0', '1:0:2:0:3:0:4:0'],
		['0:0:1::', '0:0:1::'],
		// The operator's patterns know no dotted quad.
		['::FFFF:80.90.34.2', '::ffff:505a:2202'],
		['64:ff9b::192.0.2.33', '64:ff9b::c000:221'],
		['1:2:3:4:5:6:1.2.3.4', '1:2:3:4:5:6:102:304'],
		[' 2001:db8::1\n', '2001:db8::1'],
	];

	test.each(canonical)('is brought into its canonical form (RFC 5952): %j', (written, form) => {
		expect(parseIpv6Address(written)).toBe(form);
	});

	test('always comes out in a form that the operator’s patterns accept', () => {
		const patterns = operatorsPatterns('Ipv6Addr');
		// Every way in which groups can be zero: the canonical form shortens each differently.
		const everyShape = Array.from({ length: 256 }, (_, zeros) =>
			Array.from({ length: 8 }, (_, group) => (zeros & (1 << group) ? '0' : `a0${group}`)).join(
				':',
			),
		);
		for (const written of [...canonical.map(([one]) => one), ...everyShape]) {
			const address = parseIpv6Address(written);
			expect([address, isIPv6(address)]).toEqual([address, true]);
			for (const pattern of patterns) expect(address).toMatch(pattern);
		}
	});

	test.each([
		...[
			['::ffff:80.90.34.2', '80.90.34.2'],
			['::ffff:0:1', '0.0.0.1'],
			['::ffff:ffff:ff00', '255.255.255.0'],
		],
		// An IPv4-compatible, a translated and a NAT64 address (RFC 4291, 2765, 6052) are no device's own.
		...['::80.90.34.2', '::ffff:0:80.90.34.2', '64:ff9b::80.90.34.2', '2001:db8::1'].map((one) => [
			one,
			undefined,
		]),
	])('holds the IPv4 address of a device only if it is mapped: %s', (written, ipv4) => {
		expect(ipv4AddressIn(parseIpv6Address(written))).toBe(ipv4);
	});

	test.each([
		['a zone', 'fe80::1%eth0'],
		['an encoded zone', 'fe80::1%25eth0'],
		['brackets', '[2001:db8::1]'],
		['brackets and a port', '[2001:db8::1]:8080'],
		['the host of a URL', '2001:db8::1]/@[::2'],
		['a mask', '2001:db8::/32'],
		['nine groups', '1:2:3:4:5:6:7:8:9'],
		['seven groups', '1:2:3:4:5:6:7'],
		['two gaps', '1::2::3'],
		['three colons', '1:::2'],
		['five digits in a group', '12345::'],
		['a letter beyond f', '2001:db8::g'],
		['a space inside', '2001:db8:: 1'],
		['a line break inside', '2001:db8::1\r\nX-Evil: 1'],
		['a NUL', '2001:db8::1\0'],
		['full-width colons', '2001：db8：：1'],
		['an IPv4 address', '80.90.34.2'],
		['an octet above 255', '::ffff:1.2.3.256'],
		['an octal octet', '::ffff:01.2.3.4'],
		['a short IPv4 part', '::ffff:1.2.3'],
		['a dot at its end', '::ffff:1.2.3.4.'],
		['a scheme', 'http://[2001:db8::1]'],
		['words', 'dead beef'],
		['words that are hexadecimal', 'deadbeef'],
		['only a colon', ':'],
		['a number', 20010],
	])('is refused with %s', (_what, written) => {
		expect(isIPv6(String(written)) && !String(written).includes('%')).toBe(false);
		expect(refusal(() => parseIpv6Address(written))).toEqual(invalid(/IPv6 address.*2001:db8::1/i));
	});
});

describe('an IPv4 address', () => {
	const [pattern] = operatorsPatterns('Ipv4Addr');
	const addresses = ['80.90.34.2', '0.0.0.0', '255.255.255.255', '1.20.199.249', ' 80.90.34.2\n'];
	test.each(addresses)('is accepted: %j', (written) => {
		expect(isIPv4(written.trim())).toBe(true);
		expect(parseIpv4Address(written)).toBe(written.trim());
		if (pattern) expect(parseIpv4Address(written)).toMatch(pattern);
	});

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
		'80.90.34.2, 10.0.0.1',
		'80.90.34.2\r\nX-Evil: 1',
		'80.90.34.2\0',
		'80.90.34.2&scope=openid',
		'1.5e1.2.3',
		'80．90．34．1',
		'٨٠.90.34.2',
		'2001:db8::1',
		'localhost',
		'1348087298',
		1_348_087_298,
		80.9,
	])('is refused: %j', (written) => {
		expect(isIPv4(String(written))).toBe(false);
		expect(refusal(() => parseIpv4Address(written))).toEqual(invalid(/IPv4 address.*80\.90\.34/i));
	});
});

test.each([
	['IPv4 address', parseIpv4Address],
	['IPv6 address', parseIpv6Address],
])('an %s that is no text is refused, and called by its name', (name, parse) => {
	const refusals = [undefined, null, ' ', true, ['80.90.34.2'], {}, '1.'.repeat(500)].map((input) =>
		refusal(() => parse(input)),
	);
	expect(refusals).toEqual(
		[/missing/, /missing/, /empty/, /boolean/, /list/, /object/, /\b1000 characters/].map(invalid),
	);
	for (const { words } of refusals) expect(words.toLowerCase()).toContain(name.toLowerCase());
});

describe('a port', () => {
	test.each([
		[1, 1],
		[65_535, 65_535],
		['16790', 16_790],
		[' 16790 ', 16_790],
		['00443', 443],
	])('is accepted: %p', (written, port) => {
		expect(parsePort(written)).toBe(port);
	});

	test.each([[0], ['0'], [''], ['  '], [null], [undefined]])('is unknown: %p', (written) => {
		expect(parsePort(written)).toBeUndefined();
	});

	test.each<[unknown]>([
		...[[-1], [65_536], [1.5], [NaN], [Infinity], ['65536'], ['-1'], ['1.5'], ['1e3']],
		...[['0x50'], ['http'], ['443/tcp'], ['8080-8090'], ['8080&scope=openid'], ['١٢٣'], ['🔌']],
		...([['8'.repeat(10_000)], [true], [false], [[443]], [{}]] as [unknown][]),
	] as [unknown][])('is refused: %p', (written) => {
		expect(refusal(() => parsePort(written))).toEqual(invalid(/port.*1 to 65535/i));
	});
});
