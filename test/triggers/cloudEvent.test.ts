import { readCloudEvent } from '../../nodes/OpenGateway/triggers/byEvents/cloudEvent';

const PREFIX = 'org.camaraproject.device-roaming-status-subscriptions.v0.';

function event(type: string, data: object = {}, changes: object = {}): string {
	return JSON.stringify({
		id: '1',
		source: 'https://operator.example.com',
		specversion: '1.0',
		type: PREFIX + type,
		time: '2026-11-27T12:00:00Z',
		datacontenttype: 'application/json',
		data: { subscriptionId: 'a', ...data },
		...changes,
	});
}

const UNKNOWN = { country: null, countryCode: null, countryName: [] };

test.each<[string, object, object]>([
	['roaming-on', {}, { roaming: true, ...UNKNOWN }],
	['roaming-off', {}, { roaming: false, ...UNKNOWN }],
	['roaming-status', { roaming: true }, { roaming: true, ...UNKNOWN }],
	[
		'roaming-status',
		{ roaming: true, countryCode: 208, countryName: ['FR'] },
		{ roaming: true, country: 'FR', countryCode: 208, countryName: ['FR'] },
	],
	[
		'roaming-change-country',
		{ countryCode: 206, countryName: ['BE'] },
		{ roaming: true, country: 'BE', countryCode: 206, countryName: ['BE'] },
	],
	// The country follows from its code, and a code that is none is set aside.
	[
		'roaming-change-country',
		{ countryCode: 206 },
		{ roaming: true, country: 'BE', countryCode: 206, countryName: ['BE'] },
	],
	['roaming-change-country', { countryCode: 'x' }, { roaming: true, ...UNKNOWN }],
])('%s with %j is read', (type, data, told) => {
	expect(readCloudEvent(event(type, data))).toEqual({
		id: '1',
		source: 'https://operator.example.com',
		time: '2026-11-27T12:00:00Z',
		subscriptionId: 'a',
		told: { type, ...told },
	});
});

test.each([
	['subscription-started', { initiationReason: 'SUBSCRIPTION_CREATED' }, 'subscriptionStarted'],
	['subscription-updated', { updateReason: 'SUBSCRIPTION_INACTIVE' }, 'subscriptionUpdated'],
	['subscription-ended', { terminationReason: 'MAX_EVENTS_REACHED' }, 'subscriptionEnded'],
	['subscription-ends', { terminationReason: 'NETWORK_TERMINATED' }, 'subscriptionEnded'],
	['subscription-ended', {}, 'subscriptionEnded'],
])('%s with %j is of a subscription’s life', (type, data, lifecycle) => {
	const [reason = null] = Object.values(data);
	expect(readCloudEvent(event(type, data))?.told).toEqual({ lifecycle, reason });
});

test.each([
	['nothing', ''],
	['something that is not JSON', '{'],
	['null', 'null'],
	['a list of events', `[${event('roaming-on')}]`],
	['another version of CloudEvents', event('roaming-on', {}, { specversion: '0.3' })],
	['a version that is a number', event('roaming-on', {}, { specversion: 1 })],
	['an event without an id', event('roaming-on', {}, { id: undefined })],
	['an event with an empty id', event('roaming-on', {}, { id: '' })],
	['an id of 3,000 characters', event('roaming-on', {}, { id: 'x'.repeat(3000) })],
	['an event without a source', event('roaming-on', {}, { source: undefined })],
	['an event without a time', event('roaming-on', {}, { time: undefined })],
	['a time without an offset', event('roaming-on', {}, { time: '2026-11-27T12:00:00' })],
	['a time that is none', event('roaming-on', {}, { time: '2026-13-27T12:00:00Z' })],
	[
		'an event of another API',
		event('roaming-on', {}, { type: 'org.camaraproject.x.v0.roaming-on' }),
	],
	['an unknown event of this API', event('roaming-perhaps')],
	['a name that every object has', event('constructor')],
	['a status that is no boolean', event('roaming-status', { roaming: 'true' })],
	['a status without data', event('roaming-status', {}, { data: undefined })],
])('%s is refused', (_, body) => {
	expect(readCloudEvent(body)).toBeUndefined();
});

test('a byte order mark and unknown members do no harm', () => {
	expect(readCloudEvent(`\uFEFF${event('roaming-on', {}, { traceparent: 'x' })}`)).toBeDefined();
});
