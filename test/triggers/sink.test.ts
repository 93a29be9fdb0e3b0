import { parsePhoneNumber } from '../../nodes/OpenGateway/device';
import {
	isSinkAt,
	isSinkToken,
	open,
	seal,
	sealedIn,
	sealedInQuery,
	sinkAt,
	sinkKey,
	sinkToken,
	type SinkKey,
} from '../../nodes/OpenGateway/triggers/byEvents/sink';

const sealed = {
	device: { phoneNumber: parsePhoneNumber('+34600000001') },
	type: 'roaming-on',
	createdAt: 1_700_000_000_000,
	expiresAt: 1_700_600_000_000,
} as const;
const NODE = '["instance","workflow","node",false]';

let key: SinkKey;
let other: SinkKey;

beforeAll(async () => {
	[key, other] = await Promise.all([sinkKey('fingerprint'), sinkKey('another one')]);
});

test('what is sealed opens again with the same key for the same node', () => {
	expect(open(seal(sealed, key, NODE), key, NODE)).toEqual(sealed);
});

test('the keys of one application are derived once, and those of two applications differ', async () => {
	expect(await sinkKey('fingerprint')).toBe(key);
	expect(other.cipher).not.toEqual(key.cipher);
	expect(other.token).not.toEqual(key.token);
	expect(key.token).not.toEqual(key.cipher);
});

test('no two sinks of one subscription are alike, and none shows the phone number', () => {
	const sinks = Array.from({ length: 100 }, () => seal(sealed, key, NODE));
	expect(new Set(sinks).size).toBe(100);
	for (const sink of sinks) {
		expect(sink).toMatch(/^[\w-]+$/);
		expect(Buffer.from(sink, 'base64url').toString('latin1')).not.toContain('600000001');
	}
});

test.each([
	['with another key', () => open(seal(sealed, key, NODE), other, NODE)],
	['for another node', () => open(seal(sealed, key, NODE), key, NODE.replace('false', 'true'))],
	['if a character was added', () => open(`${seal(sealed, key, NODE)}A`, key, NODE)],
	['with a character that base64url lacks', () => open(`${seal(sealed, key, NODE)}.`, key, NODE)],
	['if it is cut off', () => open(seal(sealed, key, NODE).slice(0, 30), key, NODE)],
	['if it is empty', () => open('', key, NODE)],
])('it does not open %s', (_, opened) => {
	expect(opened()).toBeUndefined();
});

test('it does not open if any bit was altered', () => {
	const bytes = Buffer.from(seal(sealed, key, NODE), 'base64url');
	for (let bit = 0; bit < bytes.length * 8; bit++) {
		const altered = Buffer.from(bytes);
		altered[bit >> 3]! ^= 1 << (bit & 7);
		expect(open(altered.toString('base64url'), key, NODE)).toBeUndefined();
	}
});

test('a token is of its sink and its key alone', () => {
	const [one, two] = [seal(sealed, key, NODE), seal(sealed, key, NODE)];
	const token = sinkToken(one, key);
	expect(token).toMatch(/^[\w-]{43}$/);
	expect(isSinkToken(token, one, key)).toBe(true);
	expect(isSinkToken(token, two, key)).toBe(false);
	expect(isSinkToken(token, one, other)).toBe(false);
	expect(isSinkToken(`${token}A`, one, key)).toBe(false);
	expect(isSinkToken('', one, key)).toBe(false);
});

test('a sink holds what was sealed, and is known by its address', () => {
	const address = 'https://n8n.example.com/webhook/1/roaming';
	const written = seal(sealed, key, NODE);
	const sink = sinkAt(address, written);
	expect(sealedIn(sink)).toBe(written);
	expect(sealedInQuery(Object.fromEntries(new URL(sink).searchParams))).toBe(written);
	expect(isSinkAt(address, sink)).toBe(true);
	expect(isSinkAt('https://n8n.example.com/webhook/1/roam', sink)).toBe(false);
	expect(isSinkAt('https://n8n.example.com/webhook-test/1/roaming', sink)).toBe(false);
	expect(sealedIn(address)).toBeUndefined();
	expect(sealedInQuery({})).toBeUndefined();
	expect(sealedInQuery({ k: ['a', 'b'] })).toBeUndefined();
});
