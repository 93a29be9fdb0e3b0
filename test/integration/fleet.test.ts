import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { lineOf } from '../../sandbox/lines';
import { openGatewayApi } from '../support/credential';
import { runNode } from '../support/engine';
import { startSandbox } from '../support/sandbox';
import {
	startScriptedOperator,
	type ReceivedRequest,
	type ScriptedAnswer,
	type ScriptedOperator,
} from '../support/scriptedOperator';
import { sandboxForSuite } from '../support/suite';

/** Many devices in a run, and many runs: in n8n's engine, against the sandbox and operators of the worse kind. */
const sandbox = sandboxForSuite();
beforeEach(async () => await sandbox.forgetStatistics());

const credential = (changes: IDataObject = {}) =>
	openGatewayApi({ baseUrl: sandbox.baseUrl, ...changes });
const parameters = { phoneNumber: '={{ $json.phoneNumber }}' };
const onError = 'continueRegularOutput';

const paths = async () => (await sandbox.exchanges()).map(({ path }) => path.split('/').at(-1));
const times = async (path: string) => (await paths()).filter((asked) => asked === path).length;

/** Devices of their own for each test, which all get an answer: they end in 1, 2, 3 and 6. */
let block = 10;
function devices(count: number): { phoneNumber: string }[] {
	block++;
	return Array.from({ length: count }, (_, index) => ({
		phoneNumber: `+3460${block}${String(index).padStart(4, '0')}${[1, 2, 3, 6][index % 4]}`,
	}));
}

describe('a run of many devices', () => {
	test('gives each its own answer, in the order of the items, whichever came first', async () => {
		const items = devices(200);
		const { outputs } = await runNode(items, { credential: credential(), parameters });

		expect(
			outputs[0]?.map(({ json, pairedItem }) => [json.device, json.roaming, pairedItem]),
		).toEqual(
			items.map(({ phoneNumber }, item) => [
				{ phoneNumber },
				lineOf(phoneNumber).status?.roaming,
				{ item },
			]),
		);
	});

	test.each([1, 7, 100])(
		'has at most %i requests in flight at the operator',
		async (maxConcurrency) => {
			await sandbox.setLatency(20);
			await runNode(devices(Math.min(30 * maxConcurrency, 300)), {
				credential: credential(),
				parameters: { ...parameters, options: { maxConcurrency } },
			});
			await sandbox.setLatency(0);

			const { inFlight } = await sandbox.statistics();
			console.log(`${maxConcurrency} allowed, ${inFlight.peak} in flight at most.`);
			expect(inFlight.peak).toBeLessThanOrEqual(maxConcurrency);
			expect(inFlight.peak).toBeGreaterThan(maxConcurrency / 4);
		},
	);

	test('asks about the same device once, and gives each of its items the answer', async () => {
		const [one, other] = devices(2);
		const items = [one!, other!, one!, { phoneNumber: one!.phoneNumber.replace('+34', '0034 ') }];
		const { outputs } = await runNode(items, { credential: credential(), parameters });

		expect(outputs[0]?.map(({ json }) => json.device)).toEqual([one, other, one, one]);
		expect(outputs[0]?.map(({ json }) => json.roaming)).toEqual([true, false, true, true]);
		expect(await paths()).toHaveLength(6);
	});

	test('gives each item of the same device the error, too', async () => {
		const items = Array.from({ length: 3 }, () => ({ phoneNumber: '+34600000007' }));
		const { outputs } = await runNode(items, { credential: credential(), parameters, onError });

		expect(outputs[0]?.map(({ json }) => (json.error as IDataObject).code)).toEqual([
			'access_denied',
			'access_denied',
			'access_denied',
		]);
		expect(await times('bc-authorize')).toBe(1);
	});

	test('is summed up in one hint where something failed', async () => {
		const items = [...devices(3), { phoneNumber: '+34600000007' }, { phoneNumber: '' }];
		const { hints } = await runNode(items, { credential: credential(), parameters, onError });

		expect(hints).toEqual([
			{
				message: '2 of 5 items got no answer: 1 × INVALID_DEVICE, 1 × access_denied.',
				type: 'warning',
				location: 'outputPane',
			},
		]);
	});

	test('has no hint where all went well', async () => {
		const { hints } = await runNode(devices(3), { credential: credential(), parameters });
		expect(hints).toEqual([]);
	});

	test('is answered as a whole by an operator that takes only so many requests a second', async () => {
		await sandbox.setRate(100);
		const items = devices(100);
		const { outputs, hints } = await runNode(items, {
			credential: credential(),
			parameters,
			onError,
		});
		await sandbox.setRate();

		const { answers } = await sandbox.statistics();
		console.log(`Of ${items.length} devices: answers by HTTP status ${JSON.stringify(answers)}.`);
		expect(outputs[0]?.filter(({ json }) => 'error' in json)).toEqual([]);
		if (answers['429']) expect(hints[0]?.message).toContain(`${answers['429']} × HTTP 429`);
	});

	test('reads what an operator publishes about itself once', async () => {
		const discoveryUrl = `${sandbox.camaraUrl}/.well-known/openid-configuration`;
		await runNode(devices(10), {
			credential: credential({ operator: 'camara', baseUrl: sandbox.camaraUrl, discoveryUrl }),
			parameters,
		});
		expect(await times('openid-configuration')).toBe(1);
	});
});

describe('an access token', () => {
	const item = () => devices(1);

	test('is kept for the next run', async () => {
		const items = item();
		const setting = { credential: credential(), credentialId: randomUUID(), parameters };
		await runNode(items, setting);
		const { outputs } = await runNode(items, setting);

		expect(outputs[0]?.[0]?.json.roaming).toBe(true);
		expect(await paths()).toEqual(['bc-authorize', 'token', 'roaming', 'roaming']);
	});

	test.each([
		['another credential with the same content', {}, {}],
		[
			'the credential once its purpose is changed',
			{ purpose: 'ServicePersonalisation' },
			undefined,
		],
		['the credential once its secret is changed', { clientSecret: 'changed' }, undefined],
	])('is not found by %s', async (_name, changes, anotherId) => {
		const items = item();
		const credentialId = randomUUID();
		await runNode(items, { credential: credential(), credentialId, parameters });
		await sandbox.forget();
		await runNode(items, {
			credential: credential(changes),
			credentialId: anotherId ? randomUUID() : credentialId,
			parameters,
			onError,
		});

		expect((await paths())[0]).toBe('bc-authorize');
	});

	test('is used for no other device', async () => {
		const items = devices(20);
		const setting = { credential: credential(), credentialId: randomUUID(), parameters };
		await runNode(items, setting);
		await runNode(items.toReversed(), setting);

		const { foreignTokens, authorizations } = await sandbox.statistics();
		expect(foreignTokens).toBe(0);
		expect(authorizations).toEqual({ lines: 20, linesAgain: 0 });
	});

	test('is made anew once it has expired', async () => {
		const items = item();
		const setting = { credential: credential(), credentialId: randomUUID(), parameters };
		await sandbox.setAccessTokenLifetime(1);
		await runNode(items, setting);
		await sandbox.setAccessTokenLifetime();
		await new Promise((resolve) => setTimeout(resolve, 1000));
		const { outputs } = await runNode(items, setting);

		expect(outputs[0]?.[0]?.json.roaming).toBe(true);
		expect(await times('bc-authorize')).toBe(2);
	});

	test('that speaks for the application serves all devices', async () => {
		const { outputs } = await runNode(devices(10), {
			credential: credential({
				operator: 'camara',
				baseUrl: sandbox.camaraUrl,
				grantType: 'clientCredentials',
				clientAuthentication: 'clientSecretBasic',
				tokenUrl: `${sandbox.camaraUrl}/token`,
			}),
			parameters,
		});

		expect(outputs[0]).toHaveLength(10);
		expect(await times('token')).toBe(1);
		expect(await times('retrieve')).toBe(10);
	});

	test('is obtained once for executions that ask about a device at the same time', async () => {
		const items = item();
		const setting = { credential: credential(), credentialId: randomUUID(), parameters };
		await sandbox.setLatency(50);
		const runs = await Promise.all([1, 2, 3].map(() => runNode(items, setting)));
		await sandbox.setLatency(0);

		expect(runs.map(({ outputs }) => outputs[0]?.[0]?.json.roaming)).toEqual([true, true, true]);
		expect(await times('bc-authorize')).toBe(1);
	});

	test('is obtained for an execution that waited for it where the one that had begun is cancelled', async () => {
		const items = item();
		const setting = { credential: credential(), credentialId: randomUUID(), parameters };
		await sandbox.setPolling({ intervalS: 1, pending: 2 });
		const asked = async () => {
			while ((await times('token')) === 0) await new Promise((resolve) => setTimeout(resolve, 20));
		};
		const cancelled = runNode(items, { ...setting, cancelWhen: asked() });
		await asked();
		const { outputs } = await runNode(items, setting);
		await sandbox.setPolling({});

		expect((await cancelled).status).toBe('canceled');
		expect(outputs[0]?.[0]?.json.roaming).toBe(true);
	});
});

describe('an operator of the worse kind', () => {
	let operator: ScriptedOperator;
	/** What it answers to the nth request of this path; it grants all else. */
	let script: (
		path: string,
		nth: number,
		request: ReceivedRequest,
	) => ScriptedAnswer | 'silence' | undefined;
	let asked: string[];

	beforeAll(async () => {
		operator = await startScriptedOperator((request) => {
			const path = request.path.split('/').at(-1) ?? '';
			asked.push(path);
			const nth = asked.filter((other) => other === path).length;
			return script(path, nth, request) ?? granted(path, nth);
		});
	});
	beforeEach(() => {
		asked = [];
		script = () => undefined;
	});
	afterAll(async () => await operator.close());

	function granted(path: string, nth: number): ScriptedAnswer {
		if (path === 'bc-authorize') return { body: { auth_req_id: `made-up-id-${nth}`, interval: 1 } };
		if (path !== 'token') return { body: { roaming: true } };
		return {
			body: { access_token: `made-up-token-${nth}`, token_type: 'Bearer', expires_in: 3600 },
		};
	}

	const badly = (changes: IDataObject = {}) =>
		openGatewayApi({ baseUrl: operator.baseUrl, ...changes });
	const ask = async (
		options: IDataObject = {},
		changes: IDataObject = {},
		credentialId?: string,
	) => {
		const { outputs, hints } = await runNode([{ phoneNumber: '+34600000001' }], {
			credential: badly(changes),
			credentialId,
			parameters: { ...parameters, options: options as INodeParameters },
			onError,
		});
		return { json: outputs[0]?.[0]?.json ?? {}, hints };
	};

	test('that refuses a kept token gets a new one, once', async () => {
		const credentialId = randomUUID();
		await ask({}, {}, credentialId);
		script = (path, _nth, { headers }) =>
			path === 'roaming' && headers.authorization === 'Bearer made-up-token-1'
				? { status: 401, body: { code: 'UNAUTHORIZED', message: 'Revoked' } }
				: undefined;
		expect((await ask({}, {}, credentialId)).json.roaming).toBe(true);
		expect((await ask({}, {}, credentialId)).json.roaming).toBe(true);

		expect(asked).toEqual([
			...['bc-authorize', 'token', 'roaming'],
			...['roaming', 'bc-authorize', 'token', 'roaming'],
			'roaming',
		]);
	});

	test('that refuses every token is not asked again and again', async () => {
		script = (path) =>
			path === 'roaming' ? { status: 401, body: { code: 'UNAUTHORIZED' } } : undefined;
		const credentialId = randomUUID();
		for (let run = 0; run < 2; run++) {
			expect((await ask({}, {}, credentialId)).json.error).toMatchObject({ code: 'UNAUTHORIZED' });
		}
		expect(asked).toEqual(['bc-authorize', 'token', 'roaming', 'bc-authorize', 'token', 'roaming']);
	});

	test.each([429, 502, 503, 504])(
		'that answers HTTP %i for a while is asked again',
		async (status) => {
			script = (path, nth) =>
				path !== 'token' && nth < 3 ? { status, body: '<html>Busy</html>' } : undefined;
			const { json, hints } = await ask();

			expect(json.roaming).toBe(true);
			expect(hints[0]?.message).toMatch(
				new RegExp(`^4 requests had to be sent again: 4 × HTTP ${status}\\.`),
			);
		},
	);

	test('that resets connections is asked again', async () => {
		let resets = 2;
		const server = createServer((incoming, response) => {
			if (resets-- > 0) incoming.socket.resetAndDestroy();
			else response.end(JSON.stringify({ roaming: true }));
		}).listen(0, '127.0.0.1');
		await once(server, 'listening');
		const { port } = server.address() as AddressInfo;
		const { json } = await ask(
			{},
			{
				baseUrl: `http://127.0.0.1:${port}`,
				grantType: 'accessToken',
				accessToken: 'made-up-token',
			},
		);
		server.close();

		expect(json.roaming).toBe(true);
	});

	test('that says nothing is asked again, and in the end the item says so', async () => {
		script = () => 'silence';
		const { json } = await ask({ timeout: 0.2, retries: 2 });

		expect(json.error).toMatchObject({ code: 'TIMEOUT' });
		expect(asked).toEqual(['bc-authorize', 'bc-authorize', 'bc-authorize']);
	});

	test('that never comes to the end of its answer is not waited for', async () => {
		const server = createServer((_incoming, response) => {
			const drip = setInterval(() => response.write(' '), 50);
			response.on('close', () => clearInterval(drip));
		}).listen(0, '127.0.0.1');
		await once(server, 'listening');
		const { port } = server.address() as AddressInfo;
		const { json } = await ask(
			{ timeout: 0.2, retries: 0 },
			{ baseUrl: `http://127.0.0.1:${port}` },
		);
		server.close();
		server.closeAllConnections();

		expect(json.error).toMatchObject({ code: 'TIMEOUT' });
	});

	test.each([429, 503])(
		'that is too busy for a poll (HTTP %i) is polled again, without a new authorization',
		async (status) => {
			script = (path, nth) => (path === 'token' && nth < 3 ? { status } : undefined);
			expect((await ask()).json.roaming).toBe(true);

			expect(asked).toEqual(['bc-authorize', 'token', 'token', 'token', 'roaming']);
			const ids = operator.received
				.filter(({ path }) => path.endsWith('token'))
				.slice(-3)
				.map(({ body }) => new URLSearchParams(body).get('auth_req_id'));
			expect(new Set(ids).size).toBe(1);
		},
	);

	test('that may have taken an auth_req_id without answering is asked for a new one', async () => {
		script = (path, nth) => (path === 'token' && nth === 1 ? { status: 504 } : undefined);
		expect((await ask()).json.roaming).toBe(true);

		expect(asked).toEqual(['bc-authorize', 'token', 'bc-authorize', 'token', 'roaming']);
		const [first, second] = operator.received
			.filter(({ path }) => path.endsWith('token'))
			.slice(-2)
			.map(({ body }) => new URLSearchParams(body).get('auth_req_id'));
		expect([first, second]).toEqual(['made-up-id-1', 'made-up-id-2']);
	});

	test('is not asked for new ones without end', async () => {
		script = (path) => (path === 'token' ? { status: 504 } : undefined);
		const { json } = await ask({ retries: 2 });

		expect(json.error).toMatchObject({ status: 504 });
		expect(asked.filter((path) => path === 'bc-authorize')).toHaveLength(3);
	});

	test('gets another client assertion with each try', async () => {
		const { privateKeys } = (await sandbox.applications()).privateKey;
		script = (path, nth) => (path === 'bc-authorize' && nth < 3 ? { status: 503 } : undefined);
		const from = operator.received.length;
		await ask(
			{},
			{
				clientAuthentication: 'privateKeyJwt',
				privateKey: privateKeys?.rsa,
				signingAlgorithm: 'RS256',
			},
		);

		const assertions = operator.received
			.slice(from)
			.flatMap(({ body }) => new URLSearchParams(body).get('client_assertion') ?? []);
		expect(assertions).toHaveLength(4);
		expect(new Set(assertions).size).toBe(4);
	});

	test('that wants to be left alone for a while keeps nobody who cancels', async () => {
		script = () => ({ status: 503, headers: { 'retry-after': '5' } });
		const cancelWhen = (async () => {
			while (asked.length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
			await new Promise((resolve) => setTimeout(resolve, 200));
		})();
		const { status } = await runNode([{ phoneNumber: '+34600000001' }], {
			credential: badly(),
			parameters,
			onError,
			cancelWhen,
		});

		expect(status).toBe('canceled');
	});

	test('that is gone keeps a large run waiting no longer than a small one', async () => {
		const items = devices(2000);
		const gone = await startScriptedOperator(() => 'silence');
		await gone.close();
		const { outputs } = await runNode(items, {
			credential: openGatewayApi({ baseUrl: gone.baseUrl }),
			parameters: { ...parameters, options: { retries: 1 } },
			onError,
		});

		expect(outputs[0]?.map(({ json }) => (json.error as IDataObject).code)).toEqual(
			items.map(() => 'UNREACHABLE'),
		);
	});

	test('that goes away in the middle leaves every item with an answer or an error', async () => {
		const operator = await startSandbox({ latencyMs: 10 });
		const items = Array.from({ length: 50 }, (_, number) => ({
			phoneNumber: `+34600${String(number).padStart(3, '0')}001`,
		}));
		const run = runNode(items, {
			credential: credential({ baseUrl: operator.baseUrl }),
			parameters,
			onError: 'continueRegularOutput',
		});
		while ((await operator.exchanges()).length < 60) await sleep(5);
		await operator.kill();

		const { outputs } = await run;
		const answers = outputs[0]?.filter(({ json }) => json.roaming === true) ?? [];
		const errors = outputs[0]?.filter(({ json }) => 'error' in json) ?? [];
		expect(outputs[0]?.map(({ pairedItem }) => pairedItem)).toEqual(
			items.map((_, item) => ({ item })),
		);
		expect(answers.length).toBeGreaterThan(0);
		expect(errors.length).toBeGreaterThan(0);
		expect(answers.length + errors.length).toBe(50);
		expect(errors.map(({ json }) => (json.error as { code: string }).code)).toEqual(
			errors.map(() => 'UNREACHABLE'),
		);
	});
});
