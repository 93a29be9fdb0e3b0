import {
	maskedPhoneNumber,
	OpenGatewayError,
	ownErrors,
	quoted,
	toItemError,
	unexpectedResponse,
} from '../nodes/OpenGateway/errors';
import { formRequest, jsonRequest, type HttpResponse } from '../nodes/OpenGateway/http';
import { refusalError } from '../nodes/OpenGateway/refusal';
import { hidden, remembering, sentIn } from '../nodes/OpenGateway/sent';
import { responseOf } from './support/response';

const jwt = [{ alg: 'RS256' }, { sub: '+34600000001', scope: 'openid' }, 'made-up-signature']
	.map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
	.join('.');

describe('the words of a server', () => {
	test.each([
		['The number is unknown.', 'The number is unknown.'],
		['Límite superado: 100 %', 'Límite superado: 100 %'],
		['', ''],
		['HTTP 503 of 2024', 'HTTP 503 of 2024'],
		// No secret, though long.
		['Contact internationalization-department', 'Contact internationalization-department'],
	])('are quoted as they are: %j', (words, shown) => {
		expect(quoted(words)).toBe(shown);
	});

	test.each([
		['+34600000001', '+346•••••001'],
		['tel:+34600000001', 'tel:+346•••••001'],
		['+34 600 000 001', '+346•••••001'],
		['+34-600-000-001', '+346•••••001'],
		['(+34) 600.000.001', '(+346•••••001'],
		['+34 (600) 000 001', '+346•••••001'],
		['+34\u00A0600\u00A0000\u00A0001', '+346•••••001'],
		['+34\u2011600\u2013000\u2212001', '+346•••••001'],
		['+34/600/000/001', '+346•••••001'],
		['+34 - 600 - 000 - 001', '+346•••••001'],
		['{"msisdn":"34600000001"}', '{"msisdn":"3460••••001"}'],
		['+34600000001,+34600000002', '+346•••••001,+346•••••002'],
		['600123', '60•123'],
	])('never show a whole phone number: %j', (words, shown) => {
		expect(quoted(words)).toBe(shown);
		expect(quoted(`The number ${words} is unknown`)).toBe(`The number ${shown} is unknown`);
	});

	test.each([
		['a JWT', jwt],
		['a bearer token', 'Bearer 2YotnFZFEjr1zCsicMWpAA'],
		['an opaque token', '2YotnFZFEjr1zCsicMWpAA=='],
		['a form', 'client_secret=czZCaGRSa3F0MzpnWDFmQmF0M2JW'],
		['Basic authentication', 'Basic czZCaGRSa3F0MzpnWDFmQmF0M2JW'],
		['a hexadecimal token', '0123456789abcdef0123456789abcdef'],
	])('never show %s', (_what, secret) => {
		const shown = quoted(`It was ${secret} that was refused`);
		expect(shown).toMatch(/^It was .*•••.* that was refused$/);
		expect(shown).not.toMatch(/[\w-]{20}/);
	});

	test('come without line breaks, control characters or direction marks', () => {
		expect(quoted(' a\r\nb\tc\0d\u001B[31me\u202Ef\u2028g ')).toBe('a b cd[31mef g');
	});

	test('end after 200 characters', () => {
		const shown = quoted('word '.repeat(2000));
		expect(shown).toHaveLength(200);
		expect(shown.endsWith('…')).toBe(true);
		expect(quoted('é '.repeat(100))).toBe('é '.repeat(100).trim());
	});

	test('end with a whole character', () => {
		for (const beginning of ['', 'a']) {
			expect(quoted(beginning + '📱'.repeat(5000))).toMatch(/^a?(📱)+…$/u);
		}
		expect(quoted('a\uD83D')).toBe('a');
	});

	test('show nothing more when they are cut', () => {
		const shown = quoted(`${'x '.repeat(98)}+34600000001${' 1'.repeat(5000)}`);
		expect(shown).not.toContain('600000001');
		expect(shown.length).toBeLessThanOrEqual(200);
		expect(quoted(`${jwt} `.repeat(1000)).length).toBeLessThanOrEqual(200);
	});

	test('are cut within a long word, unless the script has no spaces', () => {
		expect(quoted(`See ${'é'.repeat(61)} for it`)).toBe(`See ${'é'.repeat(59)}… for it`);
		expect(quoted('é'.repeat(60))).toBe('é'.repeat(60));
		expect(quoted('电'.repeat(200))).toBe('电'.repeat(200));
	});

	test('are no HTML, and no code', () => {
		expect(quoted('<h1>Bad\n\n  Gateway</h1>')).toBe('‹h1›Bad Gateway‹/h1›');
		expect(quoted('%3Cb%3E is no `number`')).toBe("‹b› is no 'number'");
		expect(quoted('%C3 %ZZ 100%')).toBe('%C3 %ZZ 100%');
	});

	test.each([
		['80.90.34.2', '80.90.•.•'],
		['ipport:80.90.34.2:16790', 'ipport:80.90.•.•:16790'],
		['2001:db8::1', '2001:db8:•'],
		['2001:0DB8:0:0:0:0:0:1', '2001:0DB8:•'],
		['ipport:[2001:db8::1]:8080', 'ipport:[2001:db8:•]:8080'],
		['ip:2001:db8::1', 'ip:2001:db8:•'],
		['::ffff:80.90.34.2', '::•'],
		['123456789@domain.com', '•••@domain.com'],
		['"1.a+b@domain.com"', '"•••@domain.com"'],
		['123456789%40domain.com', '•••@domain.com'],
	])('never show a device whole: %j', (words, shown) => {
		expect(quoted(words)).toBe(shown);
		expect(quoted(`The device ${words}: unknown.`)).toBe(`The device ${shown}: unknown.`);
	});

	test.each(['10:20:30', 'std::vector', 'SVC0001: no', 'v1.2.3.4', '::', '@support', '1.2.3'])(
		'show what is no device: %j',
		(words) => {
			expect(quoted(`Why ${words} here`)).toBe(`Why ${words} here`);
		},
	);
});

describe('a masked phone number', () => {
	test.each([
		['+34600000001', '+346•••••001'],
		['+123456789012345', '+123•••••••••345'],
		['+123456789', '+123•••789'],
		['+12345678', '+1••••678'],
		['+12345', '+1•345'],
	])('keeps its length and its ends alone: %s', (phoneNumber, masked) => {
		expect(maskedPhoneNumber(phoneNumber)).toBe(masked);
	});
});

describe('the error of an item', () => {
	const refused = {
		remedy: 'Do this.',
		code: 'NOT_FOUND',
		nextMove: 'registration' as const,
		status: 404,
		correlator: 'made-up-correlator',
		serverMessage: 'No such number',
	};

	test('says what happened, what to do, whose move it is, and the operator’s code, status and correlator', () => {
		expect(toItemError(new OpenGatewayError('It is unknown.', refused))).toStrictEqual({
			message: 'It is unknown. Do this.',
			code: 'NOT_FOUND',
			description: 'No such number',
			nextMove: 'registration',
			status: 404,
			correlator: 'made-up-correlator',
		});
	});

	test('has null for everything that is absent', () => {
		const local = new OpenGatewayError('It is empty.', {
			remedy: 'Fill it in.',
			code: 'INVALID_DEVICE',
		});
		expect(toItemError(local)).toStrictEqual({
			message: 'It is empty. Fill it in.',
			code: 'INVALID_DEVICE',
			description: null,
			nextMove: 'you',
			status: null,
			correlator: null,
		});
	});

	test.each([
		['an error of another kind', new TypeError('Not iterable'), 'Not iterable'],
		['text', 'Thrown', 'Unknown error'],
		['nothing', undefined, 'Unknown error'],
		['null', null, 'Unknown error'],
	])('has the same fields for %s', (_what, thrown, message) => {
		expect(toItemError(thrown)).toStrictEqual({
			message,
			code: null,
			description: null,
			nextMove: null,
			status: null,
			correlator: null,
		});
	});

	test.each(Object.entries(ownErrors))('knows whose move it is after %s', (code, { nextMove }) => {
		const error = new OpenGatewayError('It is so.', { remedy: 'Do this.', code });
		expect(toItemError(error).nextMove).toBe(nextMove);
	});

	test.each(['NEVER_HEARD_OF', 'toString', '__proto__'])(
		'leaves a code that nobody knows to the operator: %s',
		(code) => {
			const error = new OpenGatewayError('It is so.', { remedy: 'Do this.', code });
			expect(toItemError(error).nextMove).toBe('operator');
		},
	);
});

describe('what was sent', () => {
	const shownOf = (words: string, ...secrets: string[]) => quoted(words, hidden(secrets));
	const SECRET = 'correct horse+battery%20<staple>/ü';

	test.each([
		['as it is', SECRET],
		['in a URL', encodeURIComponent(SECRET)],
		['in a form', new URLSearchParams({ '': SECRET }).toString().slice(1)],
		['in Base64', Buffer.from(SECRET).toString('base64')],
		['in Base64 for URLs', Buffer.from(SECRET).toString('base64url')],
		['with invisible characters', [...SECRET].join('\u200B')],
		['on two lines', SECRET.replace(' ', '\n')],
	])('is not shown if it comes back %s', (_how, echoed) => {
		expect(shownOf(`The secret ${echoed} is wrong`, SECRET)).toBe('The secret ••• is wrong');
	});

	test('is not shown in part: from 8 characters', () => {
		expect(shownOf('It began with secretwor', 'secretwords')).toBe('It began with •••');
		expect(shownOf('It ended with etwords', 'secretwords')).toBe('It ended with etwords');
	});

	test('is replaced as a whole, though a shorter value is a part of it', () => {
		expect(shownOf('secretwords', 'secret', 'secretwords')).toBe('•••');
	});

	test('is shown if it is as short as ordinary words', () => {
		expect(shownOf('It is true', 'true')).toBe('It is true');
	});

	test.each<[what: string, answer: Partial<HttpResponse>, shown: object]>([
		['a code', { json: { error: 'secretwords' } }, { code: 'unknown' }],
		['a correlator', { correlator: 'a-secretwords' }, { correlator: undefined }],
		['words', { json: { detail: 'No secretwords' } }, { serverMessage: 'No •••' }],
	])('is no part of an error as %s', (_what, answer, expected) => {
		const sent = hidden(['secretwords']);
		const response = responseOf({ status: 400, sent, ...answer });
		expect(refusalError(response, {}, 'the device').context).toMatchObject(expected);
	});

	const form = (fields: Record<string, string>, headers: Record<string, string> = {}) =>
		formRequest('https://api.example.com/token?key=in-the-query', fields, headers, 'a-correlator');

	test('is every value of a request but those that name the application', () => {
		const basic = Buffer.from('an-id:a%2Bsecret').toString('base64');
		const request = form(
			{
				grant_type: 'authorization_code',
				client_id: 'an-id-of-a-client',
				redirect_uri: 'https://example.com',
				code: 'the-code',
				login_hint: 'ipport:[2001:db8::1]:80',
			},
			{ authorization: `Basic ${basic}` },
		);
		expect(Object.fromEntries(sentIn(request, { access_token: 'a-token' })())).toEqual({
			[basic]: '•••',
			'a%2Bsecret': '•••',
			'a+secret': '•••',
			'in-the-query': '•••',
			'the-code': '•••',
			'a-token': '•••',
			'2001:db8::1': '2001:db8:•',
		});
	});

	test('is every identifier of a device in a request', () => {
		const json = { device: { phoneNumber: '+34600000001', other: ["o'neil@domain.com", 5] } };
		const request = jsonRequest({ url: 'https://api.example.com', json }, {}, 'a-correlator');
		const sent = sentIn(request, undefined);
		expect(quoted(`No +34600000001, o'neil@domain.com`, sent)).toBe(
			'No +346•••••001, •••@domain.com',
		);
		expect(quoted(`No ${Buffer.from('+34600000001').toString('base64')}`, sent)).toBe('No •••');
	});

	test('is remembered for the responses that follow', async () => {
		const send = remembering(async (secret: string) => ({ sent: hidden([secret]) }));
		await send('the-first');
		expect([...(await send('the-second')).sent().keys()]).toEqual(['the-first', 'the-second']);
		for (let at = 0; at < 100; at++) await send(`value-${at}`);
		expect((await send('the-last')).sent().size).toBeLessThan(50);
	});
});

describe('an error', () => {
	test.each(['<img src=x>', 'x'.repeat(65), 'two words', 'código', '34600000001', '/a#b'])(
		'has no code that is none: %j',
		(error) => {
			const refused = refusalError(responseOf({ status: 400, json: { error } }), {}, 'it');
			expect(['unknown', 'HTTP_400']).toContain(refused.context.code);
		},
	);

	test('holds no markup, whoever made it', () => {
		const error = new OpenGatewayError('No <b>\u202E', { remedy: 'Do\n<i>', code: 'X' });
		expect([error.message, error.context.remedy]).toEqual(['No ‹b›', 'Do ‹i›']);
	});

	test('names an address in 200 characters', () => {
		const url = `https://api.example.com/${'a'.repeat(1000)}`;
		const { context } = unexpectedResponse({ status: 200, url }, 'it is not JSON');
		expect(context.remedy).toContain(`${url.slice(0, 199)}…`);
	});
});
