import {
	readSubscription,
	readSubscriptions,
	subscriptionRequest,
	type Subscription,
} from '../../nodes/OpenGateway/apis/roamingSubscription';
import { phone } from '../support/identifiers';
import { refusal, refusedWith } from '../support/refusal';
import { responseOf } from '../support/response';

const PREFIX = 'org.camaraproject.device-roaming-status-subscriptions.v0.';
const SINK = 'https://n8n.example.com/webhook/roaming';

const read = (json: unknown) => readSubscription(responseOf({ json }));
const readPage = (json: unknown, page = 1) => readSubscriptions(responseOf({ json }), page);

/** A subscription of which the operator tells the id alone. */
const known = (id: string): Subscription => ({
	id,
	type: null,
	sink: null,
	status: null,
	startsAt: null,
	expiresAt: null,
	device: null,
});

describe('A subscription', () => {
	test('is read with all that the operator tells', () => {
		const body = {
			id: 'made-up-1',
			protocol: 'HTTP',
			sink: SINK,
			types: [`${PREFIX}roaming-change-country`],
			config: { subscriptionDetail: { device: phone }, subscriptionMaxEvents: 5 },
			startsAt: '2026-11-27T10:00:00Z',
			expiresAt: '2026-12-04T10:00:00Z',
			status: 'ACTIVE',
		};
		expect(read(body)).toStrictEqual({
			id: 'made-up-1',
			type: 'roaming-change-country',
			sink: SINK,
			status: 'ACTIVE',
			startsAt: '2026-11-27T10:00:00Z',
			expiresAt: '2026-12-04T10:00:00Z',
			device: phone,
		});
	});

	test('that is accepted first has its id alone, and every other field is null', () => {
		const response = responseOf({ status: 202, json: { id: 'made-up-1' } });
		expect(readSubscription(response)).toStrictEqual(known('made-up-1'));
	});

	test.each([
		['an empty text', { sink: '', status: '', startsAt: '' }],
		['no text', { sink: 7, status: null, expiresAt: ['2026-12-04T10:00:00Z'] }],
		['a type of another API', { types: ['org.camaraproject.sim-swap.v0.swapped'] }],
		['no list of types', { types: `${PREFIX}roaming-on` }],
		['no device', { config: { subscriptionDetail: { device: null } } }],
		['no details', { config: null }],
	])('with %s in a field has null there', (_what, fields) => {
		expect(read({ id: 'made-up-1', ...fields })).toStrictEqual(known('made-up-1'));
	});

	test.each([[undefined], [null], ['made-up-1'], [{}], [{ id: '' }], [{ id: 7 }], [[]]])(
		'is not in %j',
		(json) => {
			expect(refusal(() => read(json))).toEqual(refusedWith('UNEXPECTED_ANSWER', /with an id/));
		},
	);
});

describe('A list', () => {
	const some = (...ids: string[]) => ids.map((id) => ({ id }));

	test('as an array is whole', () => {
		expect(readPage(some('a', 'b'))).toStrictEqual({
			subscriptions: [known('a'), known('b')],
			next: undefined,
		});
	});

	test.each([[[]], [{ subscriptions: [] }]])('may be empty: %j', (json) => {
		expect(readPage(json)).toStrictEqual({ subscriptions: [], next: undefined });
	});

	test('leaves out what has no id', () => {
		const { subscriptions } = readPage([{ id: 'a' }, null, 'b', { status: 'ACTIVE' }]);
		expect(subscriptions).toStrictEqual([known('a')]);
	});

	const SECOND = '?page=2&perPage=2';
	test.each<[what: string, pagination: object | undefined, next: string | undefined]>([
		['by its number of pages', { page: 1, perPage: 2, totalPages: 2 }, SECOND],
		['by its number of pages', { page: 1, perPage: 2, totalPages: 1 }, undefined],
		['by its number of subscriptions', { page: 1, perPage: 2, totalCount: 3 }, SECOND],
		['by its number of subscriptions', { page: 1, perPage: 2, totalCount: 2 }, undefined],
		['without totals, by a full page', { page: 1, perPage: 2 }, SECOND],
		['without totals, by a page that is not full', { page: 1, perPage: 3 }, undefined],
		['by nothing, without the size of a page', { page: 1 }, undefined],
		['by nothing, with a size that is no number', { page: 1, perPage: '2' }, undefined],
		['by nothing, without pagination', undefined, undefined],
	])('tells whether a page follows %s: %j', (_what, pagination, next) => {
		expect(readPage({ subscriptions: some('a', 'b'), pagination })).toStrictEqual({
			subscriptions: [known('a'), known('b')],
			next,
		});
	});

	test('tells of the page after the present one', () => {
		const pagination = { page: 2, perPage: 2, totalCount: 5 };
		const ofPage = (page: number) => readPage({ subscriptions: some('c', 'd'), pagination }, page);
		expect(ofPage(2).next).toBe('?page=3&perPage=2');
		expect(ofPage(3).next).toBeUndefined();
	});

	test('ends with an empty page, whatever the totals say', () => {
		const pagination = { page: 2, perPage: 2, totalCount: 100, totalPages: 50 };
		expect(readPage({ subscriptions: [], pagination }, 2).next).toBeUndefined();
	});

	test.each([[undefined], ['text'], [{}], [{ subscriptions: {} }], [{ id: 'a' }]])(
		'is not %j',
		(json) => {
			expect(refusal(() => readPage(json))).toEqual(refusedWith('UNEXPECTED_ANSWER', /not a list/));
		},
	);
});

describe('A request', () => {
	test('has what is wanted alone', () => {
		expect(subscriptionRequest({ type: 'roaming-on', sink: SINK }, phone)).toStrictEqual({
			protocol: 'HTTP',
			sink: SINK,
			types: [`${PREFIX}roaming-on`],
			config: { subscriptionDetail: { device: phone } },
		});
	});

	test('names no device beside the access of a subscriber', () => {
		expect(subscriptionRequest({ type: 'roaming-on', sink: SINK }, undefined)).toMatchObject({
			config: { subscriptionDetail: {} },
		});
	});

	test('has a token of the sink that ends with the subscription', () => {
		const end = '2026-12-04T10:00:00.000Z';
		const subscription = {
			type: 'roaming-status',
			sink: SINK,
			sinkToken: 'made-up-token',
			expiresAt: Date.parse(end),
			maxEvents: 5,
			initialEvent: true,
		} as const;
		expect(subscriptionRequest(subscription, phone)).toStrictEqual({
			protocol: 'HTTP',
			sink: SINK,
			sinkCredential: {
				credentialType: 'ACCESSTOKEN',
				accessToken: 'made-up-token',
				accessTokenExpiresUtc: end,
				accessTokenType: 'bearer',
			},
			types: [`${PREFIX}roaming-status`],
			config: {
				subscriptionDetail: { device: phone },
				subscriptionExpireTime: end,
				subscriptionMaxEvents: 5,
				initialEvent: true,
			},
		});
	});
});
