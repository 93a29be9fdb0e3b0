import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { openGatewayApi } from '../support/credential';
import { runNode } from '../support/engine';
import {
	startScriptedOperator,
	type Misbehaviour,
	type ReceivedRequest,
	type ScriptedAnswer,
	type ScriptedOperator,
} from '../support/scriptedOperator';
import { sandboxForSuite } from '../support/suite';

/** Retries, in n8n's engine, at an operator that misbehaves. */
const sandbox = sandboxForSuite();

const ON_ERROR = 'continueRegularOutput';

let operator: ScriptedOperator;
/** The response to the nth request of this path; every other request is granted. */
let script: (
	path: string,
	nth: number,
	request: ReceivedRequest,
) => ScriptedAnswer | Misbehaviour | undefined;
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
const ask = async (options: IDataObject = {}, changes: IDataObject = {}) => {
	const { outputs, hints } = await runNode([{ phoneNumber: '+34600000001' }], {
		credential: badly(changes),
		parameters: { options: options as INodeParameters },
		onError: ON_ERROR,
	});
	return { json: outputs[0]?.[0]?.json ?? {}, hints };
};

test.each([429, 502, 503, 504])(
	'HTTP %i is retried, and the hint counts the retries',
	async (status) => {
		script = (path, nth) =>
			path !== 'token' && nth < 3 ? { status, body: '<html>Busy</html>' } : undefined;
		const { json, hints } = await ask();

		expect(json.roaming).toBe(true);
		expect(hints[0]?.message).toMatch(new RegExp(`\\b4 requests.*\\b4 × HTTP ${status}\\b`));
	},
);

test('a request whose connection was reset is retried', async () => {
	script = (path, nth) => (path !== 'token' && nth < 3 ? 'reset' : undefined);
	expect((await ask()).json.roaming).toBe(true);

	const thrice = (path: string) => [path, path, path];
	expect(asked).toEqual([...thrice('bc-authorize'), 'token', ...thrice('roaming')]);
});

test('a request without a response is retried, up to the option Retries', async () => {
	script = () => 'silence';
	const { json } = await ask({ timeout: 0.2, retries: 2 });

	expect(json.error).toMatchObject({ code: 'TIMEOUT' });
	expect(asked).toEqual(['bc-authorize', 'bc-authorize', 'bc-authorize']);
});

test('a response that never ends is not waited for', async () => {
	script = () => 'drip';
	const { json } = await ask({ timeout: 0.2, retries: 0 });

	expect(json.error).toMatchObject({ code: 'TIMEOUT' });
});

test.each([429, 503])(
	'a poll that was rejected unprocessed (HTTP %i) is repeated, without a new authorization',
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

test('an auth_req_id that may be used up, since no response came, is replaced by a new one', async () => {
	script = (path, nth) => (path === 'token' && nth === 1 ? { status: 504 } : undefined);
	expect((await ask()).json.roaming).toBe(true);

	expect(asked).toEqual(['bc-authorize', 'token', 'bc-authorize', 'token', 'roaming']);
	const [first, second] = operator.received
		.filter(({ path }) => path.endsWith('token'))
		.slice(-2)
		.map(({ body }) => new URLSearchParams(body).get('auth_req_id'));
	expect([first, second]).toEqual(['made-up-id-1', 'made-up-id-2']);
});

test('each attempt has a client assertion of its own', async () => {
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
