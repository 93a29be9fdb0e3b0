import type {
	ICredentialDataDecryptedObject,
	IDataObject,
	INode,
	INodeParameters,
} from 'n8n-workflow';
import { errors } from '../../nodes/OpenGateway/actions/subscription/errors';
import createSchema from '../../nodes/OpenGateway/__schema__/v1.0.0/subscription/create.json';
import deleteSchema from '../../nodes/OpenGateway/__schema__/v1.0.0/subscription/delete.json';
import getSchema from '../../nodes/OpenGateway/__schema__/v1.0.0/subscription/get.json';
import getAllSchema from '../../nodes/OpenGateway/__schema__/v1.0.0/subscription/getAll.json';
import { maskedDevice } from '../../nodes/OpenGateway/device';
import type { ErrorText } from '../../nodes/OpenGateway/errors';
import { camara } from '../../nodes/OpenGateway/operators/camara';
import { noSuchSubscription } from '../../nodes/OpenGateway/operators/sharedErrors';
import { applications } from '../../sandbox/applications';
import type { Exchange } from '../../sandbox/exchanges';
import { combination } from '../support/combinations';
import { credentialAt } from '../support/credential';
import { runNode } from '../support/engine';
import { phone } from '../support/identifiers';
import { textOf } from '../support/refusal';
import {
	startScriptedOperator,
	type ScriptedAnswer,
	type ScriptedOperator,
} from '../support/scriptedOperator';
import { delivered, sinkForSuite } from '../support/sink';
import { sandboxForSuite } from '../support/suite';

/** The operations on subscriptions, in n8n's engine. */
const sandbox = sandboxForSuite();
const sink = sinkForSuite();

afterEach(async () => {
	await sandbox.forgetSubscriptions();
	await sandbox.setSubscriptions({});
});

const clientCredentials = combination('camara', 'v1', 'clientCredentials', 'clientSecretBasic');
const ciba = combination('camara', 'v1', 'ciba', 'clientSecretBasic');
const nokia = combination('nokia', 'nokia', 'apiKey');

const byPhone = { identifierType: 'phoneNumber', phoneNumber: '+34 600 000 001' };
const HOUR = 3_600_000;
const PATH = /\/subscriptions(\/[^/]+)?(\?.*)?$/;

interface Setting {
	access?: typeof ciba;
	/** Of the credential. */
	changes?: ICredentialDataDecryptedObject;
	items?: IDataObject[];
	onError?: INode['onError'];
}

async function run(
	operation: string,
	parameters: INodeParameters = {},
	{ access = clientCredentials, changes = {}, items = [{}], onError }: Setting = {},
) {
	const credential = { ...(await credentialAt(sandbox, access)), ...changes };
	const { outputs, error } = await runNode(items, {
		credential,
		parameters: {
			resource: 'subscription',
			operation,
			...(operation === 'create' && { sink: sink.url, ...byPhone }),
			...parameters,
		},
		onError,
	});
	return { outputs, error, answers: outputs[0]?.map(({ json }) => json) ?? [] };
}

/** The error of the one item, after one attempt. */
async function errorOf(
	operation: string,
	parameters: INodeParameters = {},
	setting: Setting = {},
): Promise<IDataObject> {
	const once = { options: { retries: 0 }, ...parameters };
	const onError = 'continueRegularOutput';
	const { answers } = await run(operation, once, { ...setting, onError });
	expect(answers).toHaveLength(1);
	return answers[0]?.error as IDataObject;
}

async function created(parameters: INodeParameters = {}, setting?: Setting): Promise<string> {
	const { answers } = await run('create', parameters, setting);
	return String(answers[0]?.id);
}

/** The requests about subscriptions. */
async function requests(method?: string): Promise<Exchange[]> {
	const exchanges = await sandbox.exchanges();
	return exchanges.filter((one) => PATH.test(one.path) && [one.method, undefined].includes(method));
}

describe.each([
	{ ...clientCredentials, owner: {}, told: phone },
	// Its access says which device is meant, so neither requests nor responses name it.
	{ ...ciba, owner: byPhone, told: null },
	{ ...nokia, owner: {}, told: phone },
])('With $name', ({ owner, told, ...access }) => {
	test('a subscription is created, read, listed and deleted', async () => {
		const options = { maxEvents: 5, expiresAfter: 24 };
		const before = Date.now();
		const { answers } = await run('create', { type: 'roaming-on', options }, { access });
		const [subscription] = answers;

		const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/) as string;
		expect(subscription).toStrictEqual({
			id: expect.stringMatching(/./) as string,
			type: 'roaming-on',
			sink: sink.url,
			status: 'ACTIVE',
			startsAt: time,
			expiresAt: time,
			device: told,
		});
		const expiresAt = Date.parse(String(subscription?.expiresAt));
		expect(expiresAt).toBeGreaterThanOrEqual(before + 24 * HOUR);
		expect(expiresAt).toBeLessThanOrEqual(Date.now() + 24 * HOUR);
		const [request] = await requests('POST');
		expect(JSON.parse(request!.body)).toMatchObject({
			config: { subscriptionDetail: told ? { device: told } : {}, subscriptionMaxEvents: 5 },
		});

		const subscriptionId = String(subscription?.id);
		const got = await run('get', { ...owner, subscriptionId }, { access });
		expect(got.answers).toStrictEqual([subscription]);
		const listed = await run('getAll', owner, { access });
		expect(listed.answers).toStrictEqual([subscription]);

		const deleted = await run('delete', { ...owner, subscriptionId }, { access });
		expect(deleted.answers).toStrictEqual([{ deleted: true }]);
		expect((await run('getAll', owner, { access })).answers).toEqual([]);
		expect(await sandbox.subscriptions()).toMatchObject([
			{ id: subscriptionId, status: 'DELETED' },
		]);
	});

	test('the events go to the sink, with its token', async () => {
		const options = { sinkToken: 'made-up-sink-token', initialEvent: true };
		await created({ options }, { access });
		await delivered(sandbox);

		expect(sink.types()).toContain('roaming-status');
		for (const { headers } of sink.received) {
			expect(headers.authorization).toBe('Bearer made-up-sink-token');
		}
	});

	test('a list is read page by page, up to its end or to the limit', async () => {
		await sandbox.setSubscriptions({ list: 'v0.9', perPage: 2 });
		await run('create', {}, { access, items: [{}, {}, {}, {}, {}] });
		const ids = (await sandbox.subscriptions()).map(({ id }) => id);
		expect(ids).toHaveLength(5);

		await sandbox.forget();
		const all = await run('getAll', { ...owner, returnAll: true }, { access });
		expect(all.answers.map(({ id }) => id)).toEqual(ids);
		expect(await requests('GET')).toHaveLength(3);

		await sandbox.forget();
		const some = await run('getAll', { ...owner, limit: 3 }, { access });
		expect(some.answers.map(({ id }) => id)).toEqual(ids.slice(0, 3));
		expect(await requests('GET')).toHaveLength(2);
	});

	test('a wrong id is told from a wrong device', async () => {
		for (const operation of ['get', 'delete']) {
			const error = await errorOf(operation, { ...owner, subscriptionId: 'none' }, { access });
			expect(error).toMatchObject({
				code: 'NOT_FOUND',
				status: 404,
				nextMove: 'you',
				message: textOf(noSuchSubscription, ''),
			});
		}
	});
});

describe('Get Many', () => {
	test('gives several items for each that came in, paired with it', async () => {
		const [one, other] = [await created(), await created()];
		const { outputs } = await run('getAll', {}, { items: [{}, {}] });

		expect(outputs[0]?.map(({ json, pairedItem }) => [json.id, pairedItem])).toEqual([
			[one, { item: 0 }],
			[other, { item: 0 }],
			[one, { item: 1 }],
			[other, { item: 1 }],
		]);
	});

	test('gives an item that fails its error, and the others their subscriptions', async () => {
		const ids = [await created(), await created()];
		const items = [
			{ customer: 'Ana', limit: 0 },
			{ customer: 'Bea', limit: 1 },
			{ customer: 'Carla', limit: 2 },
		];
		const parameters = { limit: '={{ $json.limit }}' };
		const { outputs } = await run('getAll', parameters, {
			items,
			onError: 'continueRegularOutput',
		});

		const error = expect.objectContaining({ code: 'INVALID_OPTION' }) as object;
		expect(outputs[0]).toMatchObject([
			{ json: { ...items[0], error }, pairedItem: { item: 0 } },
			{ json: { id: ids[0] }, pairedItem: { item: 1 } },
			{ json: { id: ids[0] }, pairedItem: { item: 2 } },
			{ json: { id: ids[1] }, pairedItem: { item: 2 } },
		]);
		expect(outputs[0]).toHaveLength(4);
	});

	test('shows with the access of a device its subscriptions alone', async () => {
		const ofOther = { ...byPhone, phoneNumber: '+34600000002' };
		await created(ofOther);
		const id = await created();

		const listed = async (owner: INodeParameters) =>
			(await run('getAll', owner, { access: ciba })).answers.map((one) => one.id);
		expect(await listed(byPhone)).toEqual([id]);
		expect(await listed(ofOther)).not.toContain(id);
	});
});

describe('Nothing is asked', () => {
	afterEach(async () => expect(await requests()).toEqual([]));

	const id = { subscriptionId: 'made-up' };
	test.each<[what: string, operation: string, parameters: INodeParameters, code: string]>([
		['a sink without TLS', 'create', { sink: 'http://example.com/hook' }, 'INVALID_OPTION'],
		['no sink', 'create', { sink: '={{ undefined }}' }, 'INVALID_OPTION'],
		['an unknown event', 'create', { type: '=roaming' }, 'INVALID_OPTION'],
		['no lifetime', 'create', { options: { expiresAfter: 0 } }, 'INVALID_OPTION'],
		['a lifetime of years', 'create', { options: { expiresAfter: 9000 } }, 'INVALID_OPTION'],
		['no events', 'create', { options: { maxEvents: 0 } }, 'INVALID_OPTION'],
		['half an event', 'create', { options: { maxEvents: 1.5 } }, 'INVALID_OPTION'],
		['a wrong number', 'create', { phoneNumber: '+34' }, 'INVALID_DEVICE'],
		['no id', 'get', { subscriptionId: ' ' }, 'INVALID_OPTION'],
		['the path above as id', 'delete', { subscriptionId: '..' }, 'INVALID_OPTION'],
		// All subscriptions of the application would pass for those of the device.
		['a device beside its access', 'getAll', byPhone, 'UNSUPPORTED_DEVICE'],
		['a device beside its access', 'get', { ...byPhone, ...id }, 'UNSUPPORTED_DEVICE'],
		['a device beside its access', 'delete', { ...byPhone, ...id }, 'UNSUPPORTED_DEVICE'],
	])('with %s: %s', async (_what, operation, parameters, code) => {
		expect(await errorOf(operation, parameters)).toMatchObject({ code, nextMove: 'you' });
	});

	test.each(['getAll', 'get', 'delete'])(
		'without a device whose access is needed: %s',
		async (operation) => {
			const error = await errorOf(operation, id, { access: ciba });
			expect(error).toMatchObject({ code: 'UNSUPPORTED_DEVICE' });
		},
	);

	test('with the access of a phone that signed in', async () => {
		const changes = { oauthTokenData: { access_token: 'kept', token_type: 'Bearer' } };
		const error = await errorOf('getAll', {}, { changes });
		expect(error).toMatchObject({
			code: 'INVALID_CREDENTIAL',
			message: expect.stringContaining("Select Application in 'Authentication'") as string,
		});
	});

	test('of an operator without subscriptions', async () => {
		const access = combination('telefonica', '', 'accessToken');
		const error = await errorOf('getAll', {}, { access });
		expect(error).toMatchObject({ code: 'UNSUPPORTED_API', status: null });
	});

	test('by an application that may not subscribe', async () => {
		for (const operation of ['create', 'getAll']) {
			const error = await errorOf(operation, {}, { changes: applications.otherApi });
			expect(error).toMatchObject({ code: 'invalid_scope', nextMove: 'registration' });
		}
	});
});

describe('An operator', () => {
	let operator: ScriptedOperator;
	let answers: ScriptedAnswer[];

	beforeEach(async () => {
		answers = [];
		operator = await startScriptedOperator(({ path }) =>
			path.endsWith('/token')
				? { body: { access_token: 'made-up-token', token_type: 'Bearer' } }
				: (answers.shift() ?? { body: [] }),
		);
	});
	afterEach(async () => await operator.close());

	const scripted = () => ({
		changes: {
			baseUrl: operator.baseUrl,
			discoveryUrl: '',
			backchannelAuthorizationUrl: `${operator.baseUrl}/bc-authorize`,
			tokenUrl: `${operator.baseUrl}/token`,
		},
	});
	const received = () => operator.received.filter(({ path }) => PATH.test(path));

	test.each(Object.entries<ErrorText>(errors).filter(([code]) => !code.startsWith('HTTP_')))(
		'refuses a subscription with %s, whose text names the form’s fields',
		async (code, text) => {
			answers = [{ status: 400, body: { status: 400, code, message: 'Made up' } }];
			expect(await errorOf('create', {}, scripted())).toMatchObject({
				code,
				nextMove: text.nextMove,
				message: textOf(text, maskedDevice(phone)),
			});
		},
	);

	test('that refuses the access token is not taken to refuse the token of the sink', async () => {
		answers = [{ status: 401, body: { status: 401, code: 'INVALID_TOKEN', message: 'Made up' } }];
		const { message } = await errorOf('create', {}, scripted());
		expect(message).toBe(textOf(camara.errors.HTTP_401!, maskedDevice(phone)));
	});

	test('that accepts a subscription first gives its id alone', async () => {
		answers = [{ status: 202, body: { id: 'made-up-id' } }];
		const { answers: outputs } = await run('create', {}, scripted());
		expect(outputs[0]).toMatchObject({ id: 'made-up-id', status: null, expiresAt: null });
	});

	test('that accepts a deletion first is believed', async () => {
		answers = [{ status: 202, body: { id: 'made-up-id' } }];
		const deleted = await run('delete', { subscriptionId: 'made-up-id' }, scripted());
		expect(deleted.answers).toEqual([{ deleted: true }]);
		expect(received().map(({ method, path }) => [method, path.split('/').at(-1)])).toEqual([
			['DELETE', 'made-up-id'],
		]);
	});

	test('is not sent a subscription again that it may have begun', async () => {
		answers = [{ status: 500, body: { code: 'INTERNAL' } }];
		await errorOf('create', { options: { retries: 2 } }, scripted());
		expect(received()).toHaveLength(1);
	});

	test('is sent other requests again', async () => {
		answers = [{ status: 500, body: { code: 'INTERNAL' } }];
		const { error } = await run('getAll', { options: { retries: 1 } }, scripted());
		expect(error).toBeUndefined();
		expect(received()).toHaveLength(2);
	});

	test('is sent an id as one segment of the path', async () => {
		answers = [{ body: { id: 'a/b?c#d' } }];
		await run('get', { subscriptionId: 'a/b?c#d' }, scripted());
		expect(received().map(({ path }) => path.split('/').at(-1))).toEqual(['a%2Fb%3Fc%23d']);
	});

	test('that repeats a page for ever is asked no more, and gives each subscription once', async () => {
		const pagination = { page: 1, perPage: 2 };
		const body = { subscriptions: [{ id: 'a' }, { id: 'b' }], pagination };
		answers = [{ body }, { body }, { body }];
		const listed = await run('getAll', { returnAll: true }, scripted());
		expect(listed.answers.map(({ id }) => id)).toEqual(['a', 'b']);
		expect(received()).toHaveLength(2);
	});
});

test.each([
	['create', createSchema],
	['get', getSchema],
	['getAll', getAllSchema],
	['delete', deleteSchema],
])('the schema of %s has the fields of the output', async (operation, schema) => {
	const subscriptionId = await created();
	const { answers } = await run(operation, { subscriptionId });
	expect(Object.keys(answers[0] ?? {})).toEqual(Object.keys(schema.properties));
});
