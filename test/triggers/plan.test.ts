import type { SubscriptionType } from '../../nodes/OpenGateway/apis/roamingSubscription';
import { parsePhoneNumber } from '../../nodes/OpenGateway/device';
import {
	marginOf,
	planFor,
	type Found,
	type Pair,
} from '../../nodes/OpenGateway/triggers/byEvents/plan';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const NOW = Date.parse('2026-11-27T12:00:00Z');

const pair = (number: string, type: SubscriptionType = 'roaming-on'): Pair => ({
	device: { phoneNumber: parsePhoneNumber(number) },
	type,
});
const ONE = pair('+34600000001');
const TWO = pair('+34600000002');

/** A subscription of a week that is one day old. */
function found(
	id: string,
	of: Pair | undefined,
	changes: Partial<Found['subscription']> & {
		isHere?: boolean;
		endsIn?: number;
		age?: number;
	} = {},
): Found {
	const { isHere = true, endsIn = 6 * DAY, age = DAY, ...subscription } = changes;
	return {
		subscription: {
			id,
			type: of?.type ?? null,
			sink: 'https://n8n.example.com/webhook/1/roaming?k=made-up',
			status: 'ACTIVE',
			startsAt: null,
			expiresAt: null,
			device: null,
			...subscription,
		},
		sealed: of && { ...of, createdAt: NOW - age, expiresAt: NOW + endsIn },
		isHere,
		listedFor: undefined,
	};
}

function plan(
	wanted: Pair[],
	those: Found[],
	{ ended = [], made = [] }: { ended?: string[]; made?: Pair[] } = {},
) {
	const { keep, create, remove } = planFor(wanted, those, NOW, {
		ended: new Set(ended),
		isInTheMaking: (one) => made.includes(one),
	});
	const ids = (list: readonly Found[]) => list.map(({ subscription }) => subscription.id);
	return { keep: ids(keep), create, remove: ids(remove) };
}

test('what is wanted and not there is created', () => {
	expect(plan([ONE, TWO], [])).toEqual({ keep: [], create: [ONE, TWO], remove: [] });
});

test('what is wanted and there is kept', () => {
	expect(plan([ONE, TWO], [found('1', ONE), found('2', TWO)])).toEqual({
		keep: ['1', '2'],
		create: [],
		remove: [],
	});
});

test('what is there and not wanted is removed', () => {
	const other = pair('+34600000001', 'roaming-off');
	expect(plan([ONE], [found('1', ONE), found('2', TWO), found('3', other)])).toEqual({
		keep: ['1'],
		create: [],
		remove: ['2', '3'],
	});
});

test('of several for one pair, the one that lasts longest is kept', () => {
	const those = [found('1', ONE, { endsIn: 3 * DAY }), found('2', ONE), found('3', ONE)];
	expect(plan([ONE], those)).toEqual({ keep: ['2'], create: [], remove: ['3', '1'] });
});

test.each(['EXPIRED', 'DELETED'])(
	'one that is %s is made anew, and needs no deletion',
	(status) => {
		expect(plan([ONE], [found('1', ONE, { status })])).toEqual({
			keep: [],
			create: [ONE],
			remove: [],
		});
	},
);

test.each(['ACTIVATION_REQUESTED', 'ACTIVE', 'INACTIVE', null])(
	'one that is %s is kept',
	(status) => {
		expect(plan([ONE], [found('1', ONE, { status })]).keep).toEqual(['1']);
	},
);

test.each([
	['is at another address', found('1', ONE, { isHere: false }), {}],
	['was sealed with another key', found('1', undefined), {}],
	['has ended, as an event told', found('1', ONE), { ended: ['1'] }],
	['is about to end', found('1', ONE, { age: 6 * DAY, endsIn: 15 * HOUR }), {}],
	[
		'is about to end as the operator has it',
		found('1', ONE, { expiresAt: new Date(NOW + HOUR).toISOString() }),
		{},
	],
])('one that %s is replaced', (_, one, known) => {
	expect(plan([ONE], [one], known)).toEqual({ keep: [], create: [ONE], remove: ['1'] });
});

test('one that the list may not show yet is not created twice', () => {
	expect(plan([ONE, TWO], [], { made: [ONE] }).create).toEqual([TWO]);
});

test.each([
	['a week', 7 * DAY, 16.8 * HOUR],
	['two hours', 2 * HOUR, 12 * MINUTE],
	['an hour', HOUR, 10 * MINUTE],
	['twelve minutes', 12 * MINUTE, 6 * MINUTE],
	['a minute', MINUTE, MINUTE / 2],
])('one that lasts %s is renewed in time, but not at once', (_, lifetime, margin) => {
	const one = found('1', ONE, { age: 0, endsIn: lifetime });
	expect(marginOf(one)).toBe(margin);
	expect(plan([ONE], [one]).keep).toEqual(['1']);
});
