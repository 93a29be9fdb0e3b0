import { parseNetworkAccessIdentifier } from '../../nodes/OpenGateway/device';
import { refusal, refusedWith } from '../support/refusal';

const invalid = (words?: RegExp) => refusedWith('INVALID_DEVICE', words);

test.each([
	'123456789@domain.com',
	'user.name+tag@sub.domain.example',
	"o'neil!#$%&*/=?^`{|}~-@a",
	`${'a'.repeat(128)}@${'b'.repeat(127)}`,
])('a network access identifier is accepted: %j', (written) => {
	expect(parseNetworkAccessIdentifier(` ${written} `)).toBe(written);
});

test.each([
	'123456789',
	123456789,
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
	'a\0@domain.com',
	'<a@domain.com>',
	'mailto:ä@domain.com',
	'a@dömain.com',
	'📱@domain.com',
	`${'a'.repeat(129)}@b`,
	`a@${'b'.repeat(128)}`,
])('another text is refused, with an example of what is accepted: %j', (written) => {
	expect(refusal(() => parseNetworkAccessIdentifier(written))).toEqual(
		invalid(/123456789@domain\.com/),
	);
});

test.each([
	[undefined, /missing/],
	[null, /missing/],
	[' ', /empty/],
	[['a@domain.com'], /list/],
	[{ id: 'a@domain.com' }, /object/],
	['a@'.repeat(200), /\b400 characters/],
])('another value is refused: %j', (input, words) => {
	const refused = refusal(() => parseNetworkAccessIdentifier(input));
	expect(refused).toEqual(invalid(words));
	expect(refused.words).toMatch(/network access identifier/i);
});
