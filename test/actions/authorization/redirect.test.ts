import { OpenGatewayError } from '../../../nodes/OpenGateway/errors';
import {
	parseExpiresIn,
	parseRedirectUri,
	parseReference,
} from '../../../nodes/OpenGateway/actions/authorization/redirect';

function refusal(parse: () => unknown): string {
	try {
		return `It was taken: ${String(parse())}`;
	} catch (error) {
		if (!(error instanceof OpenGatewayError)) throw error;
		expect(error.context.code).toBe('INVALID_REDIRECT');
		expect(error.nextMove).toBe('you');
		return `${error.message} ${error.context.remedy}`;
	}
}

describe('a redirect URI', () => {
	// Operators compare it letter by letter (RFC 6749 section 3.1.2.2), so none may change.
	test.each([
		'https://n8n.example.com/webhook/back',
		'https://n8n.example.com',
		'https://N8N.example.com:443/webhook/../back/?a=1&b=%20ä',
		'http://localhost:5678/webhook/back',
		'http://127.0.0.1:5678/webhook/back',
		'http://[::1]:5678/webhook/back',
	])('is taken letter by letter: %s', (uri) => {
		expect(parseRedirectUri(uri)).toBe(uri);
		expect(parseRedirectUri(` ${uri}\n`)).toBe(uri);
	});

	const notAnAddress = /is not a web address.*production URL of the webhook/;
	const notEncrypted = /is not encrypted.*must begin with https:/;
	const fragment = /has a fragment.*Leave out the #/;
	test.each([
		['', notAnAddress],
		['  ', notAnAddress],
		[undefined, notAnAddress],
		[null, notAnAddress],
		[1, notAnAddress],
		[['https://n8n.example.com'], notAnAddress],
		['n8n.example.com/webhook', notAnAddress],
		['/webhook/back', notAnAddress],
		['ftp://n8n.example.com', notAnAddress],
		['javascript:alert(1)', notAnAddress],
		['myapp://back', notAnAddress],
		['https://', notAnAddress],
		['http://n8n.example.com/webhook', notEncrypted],
		['http://192.168.0.2:5678/webhook', notEncrypted],
		['http://localhost.example.com/webhook', notEncrypted],
		['https://n8n.example.com/#back', fragment],
		['https://n8n.example.com/#', fragment],
	])('is refused where it is %j', (uri, words) => {
		expect(refusal(() => parseRedirectUri(uri))).toMatch(words);
	});
});

describe('the time a callback has', () => {
	test.each([
		[1, 1],
		[600, 600],
		[604_800, 604_800],
		['900', 900],
		[' 900 ', 900],
		[undefined, 600],
		[null, 600],
		['', 600],
	])('is taken: %j', (input, seconds) => {
		expect(parseExpiresIn(input)).toBe(seconds);
	});

	test.each([
		[0],
		['  '],
		[-1],
		[604_801],
		[NaN],
		[Infinity],
		['soon'],
		['10 min'],
		[true],
		[[600]],
		[{}],
	])('is refused where it is %j', (input) => {
		expect(refusal(() => parseExpiresIn(input))).toMatch(
			/Expires After.*from 1 to 604800.*Leave it out for ten minutes/,
		);
	});
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
	])('is taken: %j', (input, reference) => {
		expect(parseReference(input)).toBe(reference);
	});

	test.each([['x'.repeat(201)], [{ id: 7 }], [['7']], [true]])(
		'is refused where it is %.40j',
		(input) => {
			expect(refusal(() => parseReference(input))).toMatch(/Reference is not text of at most 200/);
		},
	);
});
