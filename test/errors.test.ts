import {
	maskedPhoneNumber,
	OpenGatewayError,
	ownErrors,
	quoted,
	toItemError,
} from '../nodes/OpenGateway/errors';

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
		expect(quoted(' a\r\nb\tc\0d\u001B[31me\u202Ef\u2028g ')).toBe('a b c d [31me f g');
	});

	test('end after 200 characters', () => {
		const shown = quoted('word '.repeat(2000));
		expect(shown).toHaveLength(200);
		expect(shown.endsWith('…')).toBe(true);
		expect(quoted('é'.repeat(200))).toBe('é'.repeat(200));
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

	test('stay text if they are HTML', () => {
		expect(quoted('<h1>Bad\n\n  Gateway</h1>')).toBe('<h1>Bad Gateway</h1>');
	});
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
