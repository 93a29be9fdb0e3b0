import { parseSink, parseSinkToken } from '../../../nodes/OpenGateway/actions/subscription/sink';
import { refusal, refusedWith } from '../../support/refusal';

test.each([
	'https://n8n.example.com/webhook/roaming?from=operator#part',
	'https://[2001:db8::1]:8443/webhook',
	'http://localhost:5678/webhook',
	'http://127.0.0.1:5678/webhook',
	'http://[::1]/webhook',
])('the sink %s is sent as it was entered', (written) => {
	expect(parseSink(` ${written}\n`)).toBe(written);
});

test.each([
	'http://n8n.example.com/webhook',
	'http://127.0.0.1.example.com/webhook',
	'ftp://n8n.example.com/webhook',
	'n8n.example.com/webhook',
	'/webhook/roaming',
	'https://',
	'',
	undefined,
	7,
	{ url: 'https://n8n.example.com' },
	`https://n8n.example.com/${'a'.repeat(2000)}`,
])('the sink %p is refused', (written) => {
	expect(refusal(() => parseSink(written))).toEqual(refusedWith('INVALID_OPTION', /https:/));
});

test.each(['https://user@n8n.example.com', 'https://:made-up-password@n8n.example.com'])(
	'the sink %s is refused, and its password is not repeated',
	(written) => {
		const refused = refusal(() => parseSink(written));
		expect(refused).toEqual(refusedWith('INVALID_OPTION', /'Sink Token'/));
		expect(refused.words).not.toContain('made-up-password');
	},
);

test('a sink needs no token', () => {
	expect([undefined, ''].map(parseSinkToken)).toEqual([undefined, undefined]);
});

test('a token of the sink is sent as it was entered', () => {
	expect(parseSinkToken('Made-up.token_~+/=')).toBe('Made-up.token_~+/=');
});

test.each(['two words', 'line\nbreak', 'contraseña', 'a'.repeat(2001), 7, null])(
	'the token %p is refused, and is not repeated',
	(written) => {
		const refused = refusal(() => parseSinkToken(written));
		expect(refused).toEqual(refusedWith('INVALID_OPTION', /'Sink Token'/));
		expect(refused.words).not.toContain(String(written));
	},
);
