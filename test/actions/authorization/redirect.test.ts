import {
	parseExpiresIn,
	parseForAnyone,
	parseRedirectUri,
	parseReference,
} from '../../../nodes/OpenGateway/actions/authorization/redirect';
import { refusal, refusedWith } from '../../support/refusal';

const expectRefused = (parse: () => unknown, words: RegExp) => {
	const refused = refusal(parse);
	expect(refused).toEqual(refusedWith('INVALID_REDIRECT', words));
	expect(refused.nextMove).toBe('you');
};

describe('a redirect URI', () => {
	// Operators compare it letter by letter (RFC 6749 section 3.1.2.2), so it must not change.
	test.each([
		'https://n8n.example.com/webhook/back',
		'https://n8n.example.com',
		'https://N8N.example.com:443/webhook/../back/?a=1&b=%20ä',
		'http://localhost:5678/webhook/back',
		'http://127.0.0.1:5678/webhook/back',
		'http://[::1]:5678/webhook/back',
	])('is accepted letter by letter: %s', (uri) => {
		expect(parseRedirectUri(uri)).toBe(uri);
		expect(parseRedirectUri(` ${uri}\n`)).toBe(uri);
	});

	test.each(['', undefined, 1, 'n8n.example.com', 'ftp://n8n.example.com', 'javascript:alert(1)'])(
		'that is not a web address is refused: %j',
		(uri) => expectRefused(() => parseRedirectUri(uri), /is not a web address.*production URL/),
	);

	test.each(['http://n8n.example.com/webhook', 'http://localhost.example.com'])(
		'without encryption is refused: %s',
		(uri) => expectRefused(() => parseRedirectUri(uri), /not encrypted.*must begin with https:/),
	);

	test.each(['#back', '#'])('with a fragment is refused: %s', (fragment) =>
		expectRefused(
			() => parseRedirectUri(`https://n8n.example.com/${fragment}`),
			/has a fragment.*Remove the #/,
		),
	);
});

describe('the lifetime of a callback', () => {
	test.each([
		[1, 1],
		[600, 600],
		[604_800, 604_800],
		['900', 900],
		[' 900 ', 900],
		[undefined, 600],
		[null, 600],
		['', 600],
	])('%j is read as %i s', (input, seconds) => {
		expect(parseExpiresIn(input)).toBe(seconds);
	});

	test.each([0, '  ', -1, 604_801, NaN, Infinity, 'soon', '10 min', true, [600], {}])(
		'%j is refused',
		(input) =>
			expectRefused(
				() => parseExpiresIn(input),
				/'Expires After'.*from 1 to 604800.*Remove the option for ten minutes/,
			),
	);
});

describe('whether anyone may use the URL', () => {
	test.each([
		[true, true],
		[false, false],
		[undefined, false],
		[null, false],
		['', false],
	])('%j is read as %j', (input, forAnyone) => {
		expect(parseForAnyone(input)).toBe(forAnyone);
	});

	test.each(['true', 'yes', 1, {}, [true]])('%j is refused', (input) =>
		expectRefused(() => parseForAnyone(input), /'Let Anyone Use the URL'.*Remove the option/),
	);
});

describe('a reference', () => {
	test.each([
		['customer 7', 'customer 7'],
		[' é📱 ', ' é📱 '],
		['x'.repeat(200), 'x'.repeat(200)],
		[7, '7'],
		[0, '0'],
		['', undefined],
		[undefined, undefined],
		[null, undefined],
	])('%.40j is read as %.40j', (input, reference) => {
		expect(parseReference(input)).toBe(reference);
	});

	test.each([['x'.repeat(201)], [{ id: 7 }], [['7']], [true]])('%j is refused', (input) =>
		expectRefused(() => parseReference(input), /'Reference' is not text of at most 200/),
	);
});
