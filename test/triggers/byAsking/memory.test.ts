import type { Device } from '../../../nodes/OpenGateway/device';
import { parsePhoneNumber } from '../../../nodes/OpenGateway/device';
import {
	FORGOTTEN,
	hashes,
	readMemory,
	readStatus,
	writtenStatus,
} from '../../../nodes/OpenGateway/triggers/byAsking/memory';

const device = (index: number): Device => ({
	phoneNumber: parsePhoneNumber(`+3460${String(index).padStart(7, '0')}`, undefined),
});

test.each([
	['0', { roaming: false, country: null, countryCode: null }],
	['1', { roaming: true, country: null, countryCode: null }],
	['1FR', { roaming: true, country: 'FR', countryCode: null }],
	['1FR208', { roaming: true, country: 'FR', countryCode: 208 }],
	['1340', { roaming: true, country: null, countryCode: 340 }],
	['11', { roaming: true, country: null, countryCode: 1 }],
])('a status is written as %s, and read again', (written, status) => {
	expect(writtenStatus(status)).toBe(written);
	expect(readStatus(written)).toEqual(status);
});

test.each([FORGOTTEN, '2', '1fr', '1FRA', '12345', 'true', 1, null, undefined, {}])(
	'%j is no status',
	(written) => {
		expect(readStatus(written)).toBeUndefined();
	},
);

test.each([undefined, null, 'x', 7, {}, [], { key: 'x' }, { at: 1 }, { key: 1, at: 1 }])(
	'%j is no memory',
	(stored) => {
		expect(readMemory(stored)).toBeUndefined();
	},
);

test('a memory without devices remembers none', () => {
	expect(readMemory({ key: 'x', at: 1, devices: null })).toEqual({ key: 'x', at: 1, devices: {} });
});

test('a changed credential has other hashes, and so has another device', () => {
	const [one, same, other] = ['one', 'one', 'other'].map((fingerprint) => hashes({ fingerprint }));
	expect(one!.key).toBe(same!.key);
	expect(one!.of(device(1))).toBe(same!.of(device(1)));
	expect(one!.key).not.toBe(other!.key);
	expect(one!.of(device(1))).not.toBe(other!.of(device(1)));
	expect(one!.of(device(1))).not.toBe(one!.of(device(2)));
});

test('10,000 devices take less than 300 kB, each its own hash', () => {
	const { key, of: hash } = hashes({ fingerprint: 'made-up' });
	const longest = writtenStatus({ roaming: true, country: 'FR', countryCode: 208 });
	const devices = Object.fromEntries(
		Array.from({ length: 10_000 }, (_, index) => [hash(device(index)), longest]),
	);
	expect(Object.keys(devices)).toHaveLength(10_000);
	const { length } = JSON.stringify({ key, at: Date.now(), devices });
	console.log(`10,000 devices: ${length} bytes`);
	expect(length).toBeLessThan(300_000);
});
