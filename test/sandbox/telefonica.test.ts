import { applications } from '../../sandbox/applications';
import { telefonica } from '../../sandbox/operators/telefonica';
import { subscriberOf, subscribers } from '../../sandbox/subscribers';
import { sandboxUnderTest } from '../support/suite';
import { clientOf, seconds } from '../support/sandboxClient';

const sandbox = sandboxUnderTest();
let client: ReturnType<typeof clientOf>;
let tokenOfSubscriber1: string;

const subscriber1 = { ueId: { msisdn: '+34600000001' } };

beforeAll(async () => {
	client = clientOf(sandbox.baseUrls.telefonica);
	tokenOfSubscriber1 = await client.token('tel:+34600000001');
});

describe('The whole flow, for a subscriber that', () => {
	test.each(subscribers.map((subscriber) => [subscriber.description, subscriber] as const))(
		'%s',
		async (_what, subscriber) => {
			const msisdn = `+3460000000${subscriber.ending}`;
			const authorized = await client.authorize(`tel:${msisdn}`);
			if (!subscriber.consent) return expect(authorized.data.error).toBe('unknown_user_id');

			const { afterMs, given } = subscriber.consent;
			if (afterMs > 0) await seconds(afterMs / 1000 + 0.3);
			const token = await client.poll(authorized.data.auth_req_id);
			if (!given) {
				const error_description = "the phone's owner has not consented";
				return expect(token.data).toEqual({ error: 'access_denied', error_description });
			}

			const answer = await client.roaming(String(token.data.access_token), { ueId: { msisdn } });
			if (subscriber.status) {
				expect([answer.status, answer.data]).toEqual([200, subscriber.status]);
			} else {
				expect([answer.status, answer.data.code]).toEqual([503, 'SERVICE_UNAVAILABLE']);
			}
		},
	);

	test('is named by a letter is at home', () => {
		expect(subscriberOf('2001:db8::a').status).toEqual({ roaming: false });
		expect(subscriberOf('')).toBe(subscriberOf('2'));
	});
});

describe('A subscriber is known by', () => {
	test.each<[string, string, object]>([
		['its number', 'tel:+34600000001', { ueId: { msisdn: '+34600000001' } }],
		['its number without a plus', 'tel:+34600000001', { ueId: { msisdn: '34600000001' } }],
		['its IPv4 address', 'ipport:80.90.34.1', { ueId: { ipv4Addr: '80.90.34.1' } }],
		['that address with its mask', 'ipport:80.90.34.1', { ueId: { ipv4Addr: '80.90.34.1/32' } }],
		[
			'its IPv4 address and port',
			'ipport:80.90.34.1:16790',
			{ ueId: { ipv4Addr: '80.90.34.1' }, uePort: 16790 },
		],
		['its IPv6 address', 'ipport:[2001:db8::1]', { ueId: { ipv6Addr: '2001:db8::1' } }],
		[
			'its IPv6 address, written in another way',
			'ipport:[2001:DB8::1]:8080',
			{ ueId: { ipv6Addr: '2001:db8:0:0::1/128' }, uePort: 8080 },
		],
	])('%s', async (_what, hint, body) => {
		const { status, data } = await client.roaming(await client.token(hint), body);
		expect([status, data.countryName]).toEqual([200, ['DE']]);
	});
});

describe('A token of one subscriber is refused for', () => {
	test.each<[string, string, object]>([
		['another subscriber', 'tel:+34600000001', { ueId: { msisdn: '+34600000002' } }],
		[
			'another subscriber that ends alike',
			'tel:+34600000001',
			{ ueId: { msisdn: '+34600000011' } },
		],
		['an external id', 'tel:+34600000001', { ueId: { externalId: 'someone@example.com' } }],
		[
			'two identifiers, one of another subscriber',
			'tel:+34600000001',
			{ ueId: { msisdn: '+34600000001', ipv4Addr: '80.90.34.1' } },
		],
		[
			'another port of its address',
			'ipport:80.90.34.1:16790',
			{ ueId: { ipv4Addr: '80.90.34.1' }, uePort: 16791 },
		],
		[
			'its address without the port',
			'ipport:80.90.34.1:16790',
			{ ueId: { ipv4Addr: '80.90.34.1' } },
		],
		['a range of addresses', 'ipport:80.90.34.1', { ueId: { ipv4Addr: '80.90.34.1/24' } }],
		['another address', 'ipport:[2001:db8::1]', { ueId: { ipv6Addr: '2001:db8:1::1' } }],
	])('%s', async (_what, hint, body) => {
		const { status, data } = await client.roaming(await client.token(hint), body);
		expect([status, data.code]).toEqual([403, 'FORBIDDEN']);
	});
});

test('A token for another API is refused', async () => {
	const other = clientOf(sandbox.baseUrls.telefonica, applications.otherApi);
	const token = await other.token('tel:+34600000001', {
		scope: 'dpv:FraudPreventionAndDetection#sim-swap',
	});
	const { status, data } = await client.roaming(token, subscriber1);
	expect([status, data.code]).toEqual([403, 'FORBIDDEN']);
});

test('A subscriber the operator does not know is not found', async () => {
	const { status, data } = await client.roaming(tokenOfSubscriber1, {
		ueId: { msisdn: '+34600000009' },
	});
	expect([status, data.code]).toEqual([404, 'NOT_FOUND']);
});

test.each([
	['no token', { authorization: '' }],
	['a token nobody was given', { authorization: 'Bearer made-up' }],
	['the application instead', { authorization: 'Basic bW9jazptb2Nr' }],
	['two tokens', { authorization: 'Bearer one two' }],
])('A request with %s is refused', async (_what, headers) => {
	const { status, data, headers: answered } = await client.roaming('', subscriber1, headers);
	expect([status, data.code]).toEqual([401, 'UNAUTHORIZED']);
	expect(answered['www-authenticate']).toBe('Bearer');
});

test.each([
	['1', 200, undefined],
	['7', 403, 'FORBIDDEN'],
	['9', 404, 'NOT_FOUND'],
	['0', 503, 'SERVICE_UNAVAILABLE'],
])('The public token asks about any subscriber: …%s', async (ending, expected, code) => {
	const { status, data } = await client.roaming(telefonica.authorization.fixedToken, {
		ueId: { msisdn: `+3460000000${ending}` },
	});
	expect([status, data.code]).toEqual([expected, code]);
});

describe('A body is refused that', () => {
	const msisdn = '+34600000001';
	test.each<[string, unknown]>([
		['is empty', ''],
		['is not JSON', '{"ueId":'],
		['is an array', []],
		['is null', 'null'],
		['has no ueId', {}],
		['has a ueId that is null', { ueId: null }],
		['has a ueId that is a string', { ueId: msisdn }],
		['has an empty ueId', { ueId: {} }],
		['has an unknown property', { ueId: { msisdn }, device: {} }],
		['has an unknown identifier', { ueId: { phoneNumber: msisdn } }],
		['has an unknown identifier beside', { ueId: { msisdn, phoneNumber: msisdn } }],
		['has a number for a number', { ueId: { msisdn: 34600000001 } }],
		['has too short a number', { ueId: { msisdn: '+3460' } }],
		['has too long a number', { ueId: { msisdn: '+3460000000100000' } }],
		['has a number with spaces', { ueId: { msisdn: '+34 600 000 001' } }],
		['has a number with a line break', { ueId: { msisdn: '+34600000001\n' } }],
		['has a number with two pluses', { ueId: { msisdn: '++34600000001' } }],
		['has 256 in an IPv4 address', { ueId: { ipv4Addr: '80.90.34.256' } }],
		['has too wide a mask', { ueId: { ipv4Addr: '80.90.34.1/33' } }],
		['has an IPv6 address for IPv4', { ueId: { ipv4Addr: '2001:db8::1' } }],
		['has an IPv6 address in upper case', { ueId: { ipv6Addr: '2001:DB8::1' } }],
		['has an IPv6 address with leading zeros', { ueId: { ipv6Addr: '2001:0db8::1' } }],
		['has an IPv6 address with a zone', { ueId: { ipv6Addr: 'fe80::1%eth0' } }],
		['has an IPv6 address in brackets', { ueId: { ipv6Addr: '[2001:db8::1]' } }],
		['has an external id that is a list', { ueId: { externalId: [] } }],
		['has a port above 65535', { ueId: { ipv4Addr: '80.90.34.1' }, uePort: 65536 }],
		['has a negative port', { ueId: { ipv4Addr: '80.90.34.1' }, uePort: -1 }],
		['has half a port', { ueId: { ipv4Addr: '80.90.34.1' }, uePort: 0.5 }],
		['has a port as text', { ueId: { ipv4Addr: '80.90.34.1' }, uePort: '16790' }],
		['has a port that is null', { ueId: { msisdn }, uePort: null }],
	])('%s', async (_what, body) => {
		const { status, data } = await client.roaming(tokenOfSubscriber1, body);
		expect([status, data.code]).toEqual([400, 'INVALID_INPUT']);
		expect(data.message).toEqual(expect.any(String));
	});

	test('comes as anything but JSON', async () => {
		const { status, data } = await client.roaming(tokenOfSubscriber1, JSON.stringify(subscriber1), {
			'content-type': 'text/plain',
		});
		expect([status, data.code]).toEqual([400, 'INVALID_INPUT']);
	});
});

describe('A correlator', () => {
	test.each(['9b5b5c4e-1', 'a:b;c.d/e<f>{g}_h', 'x'.repeat(256)])('is echoed: %s', async (sent) => {
		const headers = { 'x-correlator': sent };
		const answers = [
			await client.roaming(tokenOfSubscriber1, subscriber1, headers),
			await client.roaming('made-up', subscriber1, headers),
			await client.roaming(tokenOfSubscriber1, {}, headers),
		];
		expect(answers.map((answer) => answer.status)).toEqual([200, 401, 400]);
		for (const answer of answers) expect(answer.headers['x-correlator']).toBe(sent);
	});

	test.each(['with space', 'käse', 'x'.repeat(257), 'a,b'])('is refused: %s', async (sent) => {
		const { status, data, headers } = await client.roaming(tokenOfSubscriber1, subscriber1, {
			'x-correlator': sent,
		});
		expect([status, data.code]).toEqual([400, 'INVALID_INPUT']);
		expect(headers['x-correlator']).toBeUndefined();
	});
});
